/** What stands in the address of a request. */
import { isId, type Id } from '#lib/encoding/id.ts';
import { ServerError } from '#lib/server/errors.ts';

/** @throws {ServerError} `not-found` for anything that is no id, exactly as for an unknown one. */
export function idIn(text: string | undefined): Id {
	if (text === undefined || !isId(text)) throw new ServerError('not-found', 'not an id');
	return text;
}

/**
 * The seq in `?after=SEQ`, from 0; `undefined` if it is not there.
 *
 * @throws {ServerError} `malformed` for anything else in the query.
 */
export function afterIn(url: URL): number | undefined {
	const query = [...url.searchParams];
	const [first] = query;
	if (first === undefined) return undefined;
	const [name, value] = first;
	if (query.length > 1 || name !== 'after' || !/^\d{1,16}$/.test(value)) throw malformed();
	const seq = Number(value);
	if (!Number.isSafeInteger(seq)) throw malformed();
	return seq;
}

function malformed(): ServerError {
	return new ServerError('malformed', 'the query is not after=SEQ');
}
