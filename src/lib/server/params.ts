/** What stands in the address of a request. */
import { ActivityQuery } from '#lib/api/activity.ts';
import { z } from '#lib/api/zod.ts';
import { isId, type Id } from '#lib/encoding/id.ts';
import { ServerError } from '#lib/server/errors.ts';

/** @throws {ServerError} `not-found` for anything that is no id, exactly as for an unknown one. */
export function idIn(text: string | undefined): Id {
	if (text === undefined || !isId(text)) throw new ServerError('not-found', 'not an id');
	return text;
}

/**
 * The seqs in a query such as `?after=SEQ&chain=SEQ`, from 0; those that are not there are left out.
 *
 * @param names what may stand there, each once.
 * @throws {ServerError} `malformed` for anything else in the query.
 */
export function seqsIn<Name extends string>(
	url: URL,
	names: readonly Name[]
): { readonly [Each in Name]?: number } {
	const seqs: { [Each in Name]?: number } = {};
	for (const [key, value] of url.searchParams) {
		const name = names.find((known) => known === key);
		if (name === undefined || name in seqs || !/^\d{1,16}$/.test(value)) throw malformed();
		const seq = Number(value);
		if (!Number.isSafeInteger(seq)) throw malformed();
		seqs[name] = seq;
	}
	return seqs;
}

/** @throws {ServerError} `malformed` for anything that is no part of such a query, or stands twice. */
export function activityQueryIn(url: URL): ActivityQuery {
	const given = [...url.searchParams];
	const parsed = z.safeParse(ActivityQuery, Object.fromEntries(given));
	if (!parsed.success || new Set(given.map(([name]) => name)).size !== given.length) {
		throw new ServerError('malformed', 'the query does not fit its schema');
	}
	return parsed.data;
}

function malformed(): ServerError {
	return new ServerError('malformed', 'the query holds something else than seqs');
}
