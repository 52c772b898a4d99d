/** What is known of a value that was pasted: loaded when one is, with whose keys look how. */
import { findDuplicates, type Duplicate } from '#lib/browser/duplicates.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { readPaste } from '#lib/items/paste.ts';
import { looksLikeValue } from '#lib/items/value-shape.ts';

/**
 * `uncompared`: values that another client wrote without their hash.
 */
export type ValueAnswer =
	| { readonly kind: 'yes'; readonly keys: readonly Duplicate[] }
	| { readonly kind: 'no'; readonly uncompared: number }
	| { readonly kind: 'failed' };

/** @returns undefined if no key has it and it does not look like a value either */
export async function answerTo(session: Session, text: string): Promise<ValueAnswer | undefined> {
	const values = valuesIn(text);
	const isValue = values.some(looksLikeValue);
	try {
		const found: Duplicate[] = [];
		for (const value of values) found.push(...(await findDuplicates(session, value)));
		const keys = found.filter(
			({ row }, index) => found.findIndex((one) => one.row.item === row.item) === index
		);
		if (keys.length > 0) return { kind: 'yes', keys };
		return isValue ? { kind: 'no', uncompared: uncompared(session) } : undefined;
	} catch {
		return isValue ? { kind: 'failed' } : undefined;
	}
}

/** As it was pasted, without space around it, and the one value that it assigns to a name. */
function valuesIn(text: string): readonly string[] {
	const drafts = readPaste(text);
	const assigned = drafts.length === 1 ? (drafts[0]?.fields ?? []) : [];
	return [...new Set([text, text.trim(), ...assigned.map(({ value }) => value)])];
}

function uncompared(session: Session): number {
	const fields = session.rows.flatMap(({ overview }) => overview.fields);
	return fields.filter(({ fingerprint }) => fingerprint === undefined).length;
}
