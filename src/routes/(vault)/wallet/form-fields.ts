/** The form of a key as text fields, and what is wrong with them. */
import { dayOf, isDay } from '#lib/items/expiry.ts';
import { jwtExpiry } from '#lib/items/jwt.ts';
import type { Draft, DraftField } from '#lib/items/key.ts';
import { linkOf } from '#lib/items/link.ts';
import { PROVIDERS } from '#lib/items/provider-table.ts';
import { providerById } from '#lib/items/providers.ts';
import { ONLY_FIELD } from '#lib/items/paste.ts';
import * as m from '#lib/i18n/generated/messages.js';

/** Everything as typed, so that nothing is lost by being not valid yet. */
export interface FormFields {
	name: string;
	provider: string;
	envVars: string;
	project: string;
	environment: string;
	tags: string;
	url: string;
	note: string;
	expiresOn: string;
	rotateEveryDays: string;
	values: { id: number; name: string; value: string; hidden: boolean }[];
}

export type FormFaults = Partial<
	Record<'name' | 'value' | 'url' | 'expiresOn' | 'rotateEveryDays', string>
>;

/** What is one text in the form. */
export const TEXTS = [
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

const ROTATE_DAYS_MAX = 36_500;

export function emptyFields(): FormFields {
	return fieldsOf({ name: '', fields: [] });
}

export function fieldsOf(draft: Draft): FormFields {
	const given = draft.fields.length === 0 ? [BLANK_VALUE] : draft.fields;
	return {
		name: draft.name,
		provider: providerById(draft.provider ?? '')?.name ?? draft.provider ?? '',
		envVars: (draft.envVars ?? []).join(', '),
		project: draft.project ?? '',
		environment: draft.environment ?? '',
		tags: (draft.tags ?? []).join(', '),
		url: draft.url ?? '',
		note: draft.note ?? '',
		expiresOn: draft.expiresOn ?? '',
		rotateEveryDays: draft.rotateEveryDays === undefined ? '' : String(draft.rotateEveryDays),
		values: given.map((field, id) => ({ id, ...field }))
	};
}

/**
 * What was read of a paste, and beside it what the person typed, which gives way to nothing.
 *
 * @param filled what an earlier reading said: where a field still says that, nobody typed it
 */
export function filledFrom(fields: FormFields, filled: FormFields, draft: Draft): FormFields {
	const next = fieldsOf(draft);
	for (const name of TEXTS) {
		if (fields[name] !== '' && fields[name] !== filled[name]) next[name] = fields[name];
	}
	return next;
}

/** The day on which a token among the values says that it ends; empty where none does. */
export function tokenDay(values: readonly { readonly value: string }[]): string {
	const expiry = values.map(({ value }) => jwtExpiry(value)).find((ms) => ms !== undefined);
	return expiry === undefined ? '' : dayOf(expiry);
}

/**
 * The day in a form when its token `says` another than it `said`: the person's own one stays, and one
 * that was taken away comes back with another token only.
 */
export function dayAfter(shown: string, said: string, says: string): string {
	if (says === said) return shown;
	return shown === '' || shown === said ? says : shown;
}

const BLANK_VALUE: DraftField = { name: ONLY_FIELD, value: '', hidden: true };

/** A further value, to be named by the person. */
export function addValue(fields: FormFields): void {
	const id = Math.max(...fields.values.map((value) => value.id), 0) + 1;
	fields.values.push({ id, name: '', value: '', hidden: true });
}

/** A value that is left alone is hidden: whether it is can be chosen only where there are several. */
export function removeValue(fields: FormFields, index: number): void {
	fields.values.splice(index, 1);
	const [only] = fields.values;
	if (only !== undefined && fields.values.length === 1) only.hidden = true;
}

/** Whether both say the same, value for value. */
export function sameFields(one: FormFields, other: FormFields): boolean {
	return sameValues(one, other) && same({ ...one, values: [] }, { ...other, values: [] });
}

/** Has `fields` say what `next` says. The boxes of values stay where they say it: one may have focus. */
export function takeInto(fields: FormFields, next: FormFields): void {
	Object.assign(fields, next, sameValues(fields, next) ? { values: fields.values } : {});
}

export function sameValues(one: FormFields, other: FormFields): boolean {
	const said = ({ values }: FormFields) =>
		values.map(({ name, value, hidden }) => ({ name, value, hidden }));
	return same(said(one), said(other));
}

function same(one: unknown, other: unknown): boolean {
	return JSON.stringify(one) === JSON.stringify(other);
}

/** The draft that the fields say; only of fields without {@link faultsOf}. */
export function draftOfFields(fields: FormFields): Draft {
	const days = fields.rotateEveryDays.trim();
	const day = fields.expiresOn.trim();
	return {
		name: fields.name,
		provider: providerId(fields.provider),
		envVars: wordsOf(fields.envVars),
		project: fields.project,
		environment: fields.environment,
		tags: wordsOf(fields.tags),
		url: fields.url,
		note: fields.note,
		...(day === '' ? {} : { expiresOn: day }),
		...(days === '' ? {} : { rotateEveryDays: Number(days) }),
		fields: fields.values.map(({ name, value, hidden }, index) => ({
			name: name.trim() === '' ? nameOfValue(index) : name.trim(),
			value: typedValue(value),
			hidden
		}))
	};
}

/** A sentence for each field that cannot be saved as it is. */
export function faultsOf(fields: FormFields): FormFaults {
	const faults: FormFaults = {};
	if (fields.name.trim() === '') faults.name = m.form_name_missing();
	if (fields.values.every(({ value }) => value === '')) faults.value = m.form_value_missing();
	const url = fields.url.trim();
	if (url !== '' && linkOf(url) === undefined) faults.url = m.form_url_wrong();
	const day = fields.expiresOn.trim();
	if (day !== '' && !isDay(day)) faults.expiresOn = m.form_expires_wrong();
	const days = fields.rotateEveryDays.trim();
	if (days !== '' && !isDayCount(days)) faults.rotateEveryDays = m.form_rotate_wrong();
	return faults;
}

/**
 * What was typed or pasted as the value of a key. A line break behind a single line is that of the
 * keyboard or of the clipboard, and no part of the value.
 */
export function typedValue(text: string): string {
	return text.replace(/^([^\r\n]*)[\r\n]+$/, '$1');
}

/** The id of the provider whose name was typed, or what was typed. */
function providerId(typed: string): string {
	const name = typed.trim().toLowerCase();
	const known = PROVIDERS.find((each) => each.name.toLowerCase() === name || each.id === name);
	return known?.id ?? typed.trim();
}

function isDayCount(text: string): boolean {
	return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= ROTATE_DAYS_MAX;
}

function wordsOf(typed: string): string[] {
	return typed.split(/[,，、\n]/).map((word) => word.trim());
}

function nameOfValue(index: number): string {
	return index === 0 ? ONLY_FIELD : `${ONLY_FIELD} ${index + 1}`;
}
