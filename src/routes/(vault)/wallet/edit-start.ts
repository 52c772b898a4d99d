/**
 * Where an edit starts: the key as it was opened, and what was typed into its form before. What is
 * kept of a form names the key that it started from, so that it undoes nothing that came since.
 */
import type { ReadResult } from '#lib/browser/previous-values.ts';
import { draftOf } from '#lib/items/draft.ts';
import {
	fieldsOf,
	sameFields,
	sameValues,
	TEXTS,
	typedValue,
	type FormFields
} from './form-fields.ts';

export interface Edit {
	/** The key that the edit is of, and that a save is judged by. */
	readonly start: ReadResult;
	/** What the form says, valid or not. */
	readonly fields: FormFields;
}

/** The edit of `opened`, with what was typed in an earlier one. */
export function resumed(opened: ReadResult, kept: Edit | undefined): Edit {
	const fresh = untouched(opened);
	if (kept === undefined) return { start: opened, fields: fresh };
	const typed = rebased(kept.fields, untouched(kept.start), fresh);
	// Both changed the same: the edit stays one of the older key, and is saved beside the newer.
	return typed === undefined ? kept : { start: opened, fields: typed };
}

/** Whether a key is as it was: then an edit that started from `one` is saved in its place. */
export function sameRow(one: ReadResult['row'], other: ReadResult['row']): boolean {
	return (
		one.revision === other.revision &&
		JSON.stringify(one.overview) === JSON.stringify(other.overview)
	);
}

/** Whether anything was typed. */
export function isTyped({ start, fields }: Edit): boolean {
	return !sameFields(fields, untouched(start));
}

/** Whether a value of the key is another one now, or is none of it any more. */
export function replacesValue({ start, fields }: Edit): boolean {
	const now = new Set(fields.values.map(({ value }) => typedValue(value)));
	return start.secret.fields.some(({ value }) => !now.has(value));
}

/** The edit without the values that were typed in it; the rest stays. */
export function withoutTypedValues({ start, fields }: Edit): Edit {
	return { start, fields: { ...fields, values: untouched(start).values } };
}

/** What the form of a key says before anything is typed. */
function untouched({ row, secret }: ReadResult): FormFields {
	return fieldsOf(draftOf({ overview: row.overview, secret }));
}

/** `to` with what `typed` changed of `from`; undefined where `to` changed that to something else. */
function rebased(typed: FormFields, from: FormFields, to: FormFields): FormFields | undefined {
	const fields = { ...to };
	for (const name of TEXTS) {
		if (typed[name] === from[name]) continue;
		if (![from[name], typed[name]].includes(to[name])) return undefined;
		fields[name] = typed[name];
	}
	if (sameValues(typed, from)) return fields;
	const meet = sameValues(to, from) || sameValues(to, typed);
	return meet ? { ...fields, values: typed.values } : undefined;
}
