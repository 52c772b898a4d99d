/**
 * Where an edit starts: the key as it was opened, and what was typed into its form before. What is
 * kept of a form names the key that it started from, so that it undoes nothing that came since.
 */
import type { ReadResult } from '#lib/browser/previous-values.ts';
import { draftOf } from '#lib/items/draft.ts';
import type { Draft } from '#lib/items/key.ts';
import { draftOfFields, fieldsOf, type FormFields } from './form-fields.ts';

export interface Edit {
	/** The key that the edit is of, and that a save is judged by. */
	readonly start: ReadResult;
	/** What the form says. */
	readonly draft: Draft;
}

const TEXTS = [
	'name',
	'provider',
	'envVars',
	'project',
	'environment',
	'tags',
	'url',
	'note',
	'expiresOn',
	'rotateEveryDays'
] as const;

/** The edit of `opened`, with what was typed in an earlier one. */
export function resumed(opened: ReadResult, kept: Edit | undefined): Edit {
	const fresh = untouched(opened);
	if (kept === undefined) return { start: opened, draft: fresh };
	const typed = rebased(fieldsOf(kept.draft), fieldsOf(untouched(kept.start)), fieldsOf(fresh));
	// Both changed the same: the edit stays one of the older key, and is saved beside the newer.
	return typed === undefined ? kept : { start: opened, draft: draftOfFields(typed) };
}

/** Whether anything was typed. */
export function isTyped({ start, draft }: Edit): boolean {
	return !same(draft, untouched(start));
}

/** The edit without the values that were typed in it; the rest stays. */
export function withoutTypedValues({ start, draft }: Edit): Edit {
	return { start, draft: { ...draft, fields: untouched(start).fields } };
}

/** What the form of a key says before anything is typed. */
function untouched({ row, secret }: ReadResult): Draft {
	return draftOfFields(fieldsOf(draftOf({ overview: row.overview, secret })));
}

/** `to` with what `typed` changed of `from`; undefined where `to` changed that to something else. */
function rebased(typed: FormFields, from: FormFields, to: FormFields): FormFields | undefined {
	const fields = { ...to };
	for (const name of TEXTS) {
		if (typed[name] === from[name]) continue;
		if (![from[name], typed[name]].includes(to[name])) return undefined;
		fields[name] = typed[name];
	}
	if (same(typed.values, from.values)) return fields;
	const meet = same(to.values, from.values) || same(to.values, typed.values);
	return meet ? { ...fields, values: typed.values } : undefined;
}

function same(a: unknown, b: unknown): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}
