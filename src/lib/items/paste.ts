/**
 * What a person pasted, as drafts: a bare value, `NAME=value`, `export NAME=value`, several such
 * lines. Nothing is refused; what is not understood is a value.
 */
import { dayOf } from '#lib/items/expiry.ts';
import { jwtExpiry } from '#lib/items/jwt.ts';
import type { Draft, DraftField } from '#lib/items/key.ts';
import { detect, type Detection } from '#lib/items/providers.ts';

/** The name of a key's only value. */
export const ONLY_FIELD = 'key';

const ASSIGNMENT = /^(?:export\s+|set\s+|\$env:)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*)$/;
const DOUBLE_QUOTED = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/s;
const SINGLE_QUOTED = /^'([^']*)'\s*(?:#.*)?$/s;
/** Two variables that are one key: the first names it, both are its fields. */
const PAIRS: readonly (readonly [string, string])[] = [
	['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
	['LANGFUSE_PUBLIC_KEY', 'LANGFUSE_SECRET_KEY'],
	['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN']
];

export interface Assignment {
	readonly variable: string;
	readonly value: string;
}

/** One draft for each key in `pasted`; none if there is nothing in it. */
export function readPaste(pasted: string): Draft[] {
	const text = pasted.replace(/^\uFEFF/, '').trim();
	if (text === '') return [];
	const assignments = readAssignments(text);
	if (assignments === undefined) return [bareDraft(unquote(text))];
	return draftsOf(assignments.filter(({ value }) => value !== '')).map(({ draft }) => draft);
}

/** One draft for each key that `assignments` set; `from` is the one that named it. */
export function draftsOf<Given extends Assignment>(
	assignments: readonly Given[]
): { readonly from: Given; readonly draft: Draft }[] {
	const taken = new Set<Given>();
	const drafts: { from: Given; draft: Draft }[] = [];
	for (const from of assignments) {
		if (taken.has(from)) continue;
		const other = partnerOf(from, assignments);
		if (other !== undefined) taken.add(other);
		drafts.push({ from, draft: other === undefined ? namedDraft(from) : pairDraft(from, other) });
	}
	return drafts;
}

/** The assignments of every line, or undefined if any line is something else. */
function readAssignments(text: string): Assignment[] | undefined {
	const found: Assignment[] = [];
	for (const line of text.split(/\r?\n/)) {
		const trimmed = line.trim();
		if (trimmed === '' || trimmed.startsWith('#')) continue;
		const [, variable, value] = ASSIGNMENT.exec(trimmed) ?? [];
		if (variable === undefined || value === undefined) return undefined;
		found.push({ variable, value: unquote(value.trim(), true) });
	}
	// Padding at the end of a bare base64 value looks like an assignment of nothing, or of "=".
	const bare = found.length === 1 && /^=?$/.test(found[0]?.value ?? '');
	return found.length === 0 || bare ? undefined : found;
}

function unquote(text: string, commented = false): string {
	const double = DOUBLE_QUOTED.exec(text)?.[1];
	if (double !== undefined) {
		return double.replace(/\\(.)/gs, (_, escaped: string) =>
			escaped === 'n' ? '\n' : escaped === 'r' ? '\r' : escaped === 't' ? '\t' : escaped
		);
	}
	const single = SINGLE_QUOTED.exec(text)?.[1];
	return single ?? (commented ? text.replace(/\s+#.*$/, '') : text);
}

function partnerOf<Given extends Assignment>(
	assignment: Given,
	all: readonly Given[]
): Given | undefined {
	const pair = PAIRS.find((names) => names.includes(assignment.variable));
	if (pair === undefined) return undefined;
	const partner = pair.find((name) => name !== assignment.variable);
	return all.find(({ variable }) => variable === partner);
}

function bareDraft(value: string): Draft {
	const found = detect(value);
	const variable = found?.provider.envVars[0];
	return {
		...described(found, [{ name: ONLY_FIELD, value, hidden: true }]),
		name: found === undefined ? '' : nameOf(found),
		envVars: variable === undefined ? [] : [variable]
	};
}

function namedDraft({ variable, value }: Assignment): Draft {
	const found = detect(value, variable);
	return {
		...described(found, [{ name: ONLY_FIELD, value, hidden: true }]),
		name: found === undefined ? variable : nameOf(found),
		envVars: [variable]
	};
}

function pairDraft(one: Assignment, other: Assignment): Draft {
	const both = [one, other];
	const found = detect(one.value, one.variable) ?? detect(other.value, other.variable);
	const fields = both.map(({ variable, value }) => ({ name: variable, value, hidden: true }));
	return {
		...described(found, fields),
		name: found === undefined ? one.variable : nameOf(found),
		envVars: both.map(({ variable }) => variable)
	};
}

function described(
	found: Detection | undefined,
	fields: readonly DraftField[]
): Omit<Draft, 'name' | 'envVars'> {
	const expiry = fields.map(({ value }) => jwtExpiry(value)).find((ms) => ms !== undefined);
	return {
		...(found === undefined ? {} : { provider: found.provider.id }),
		...(found?.provider.keyPage === undefined ? {} : { url: found.provider.keyPage }),
		...(expiry === undefined ? {} : { expiresOn: dayOf(expiry) }),
		...(found?.mode === undefined ? {} : { environment: ENVIRONMENTS[found.mode] }),
		fields
	};
}

const ENVIRONMENTS = { test: 'test', live: 'production' } as const;

function nameOf({ provider, mode }: Detection): string {
	return mode === undefined ? provider.name : `${provider.name} ${mode}`;
}
