/**
 * What a person pasted, as drafts: a bare value, `NAME=value` in any number of lines, an AWS
 * credentials file, JSON, a service account, a PEM, a token, keys among words. Nothing is refused;
 * what is not understood is a value.
 */
import { dayOf } from '#lib/items/expiry.ts';
import { jwtExpiry } from '#lib/items/jwt.ts';
import type { Draft, DraftField } from '#lib/items/key.ts';
import { readJson } from '#lib/items/paste-json.ts';
import { readLines, unquote, type Assignment, type Takes } from '#lib/items/paste-lines.ts';
import { readProse } from '#lib/items/paste-prose.ts';
import { PROVIDERS } from '#lib/items/provider-table.ts';
import { detect, type Detection } from '#lib/items/providers.ts';

/** The name of a key's only value. */
export const ONLY_FIELD = 'key';
/** Keys of one paste: more is the export of a program, which is imported as a file. */
export const PASTED_KEYS = 1_000;

export interface Pasted {
	readonly drafts: readonly Draft[];
	/** What of it says nothing that can be kept: lines, or values of JSON. */
	readonly skipped: number;
	/** Which these are, by their names or the numbers of their lines; those of JSON have neither. */
	readonly which: readonly (string | number)[];
	/** What stands behind {@link PASTED_KEYS} of them and was not read: lines, or values of JSON. */
	readonly left: number;
}

const PEM = /^-----BEGIN ([A-Z0-9 ]{1,60})-----/;
/** Words of a PEM's label that stay as they are. */
const SHORT = /^(?:RSA|EC|DSA|PGP|OPENSSH)$/;
/** What stands beside the keys in an AWS profile: shown, not hidden. */
const REGION = 'AWS_REGION';

/** Of a paste that was taken whole. */
export const NOTHING_LEFT_OUT: Omit<Pasted, 'drafts'> = { skipped: 0, which: [], left: 0 };

/** One draft for each key in `pasted`; none if there is nothing in it. */
export function readPaste(pasted: string): readonly Draft[] {
	return readPasted(pasted).drafts;
}

/** {@link readPaste}, with what it left out. */
export function readPasted(pasted: string): Pasted {
	const text = pasted.replace(/^\uFEFF/, '').trim();
	if (text === '') return { drafts: [], ...NOTHING_LEFT_OUT };
	const json = readJson(text, room());
	if (json?.kind === 'service-account') return one(serviceAccount(text, json.name));
	if (json?.kind === 'values') return draftsOf(json.assignments, { ...json, which: [] });
	const isLines = json === undefined && !PEM.test(text);
	const lines = isLines ? (readLines(text, room()) ?? readProse(text, room())) : undefined;
	if (lines === undefined) return one(bareDraft(unquote(text)));
	// What stands above what is trimmed counts too.
	const above = pasted.slice(0, pasted.search(/\S/)).split('\n').length - 1;
	const which = lines.skipped.map((line) => line + above);
	return draftsOf(lines.assignments, { skipped: which.length, which, left: lines.left });
}

function one(draft: Draft): Pasted {
	return { drafts: [draft], ...NOTHING_LEFT_OUT };
}

function draftsOf(
	all: readonly Assignment[],
	{ skipped, which, left }: Omit<Pasted, 'drafts'>
): Pasted {
	const groups = grouped(all.filter(({ value }) => value !== ''));
	const drafts = draftsIn(groups);
	const taken = new Set(groups.flat());
	const empty = all.filter((assignment) => !taken.has(assignment));
	return {
		drafts: drafts.length > 1 ? drafts.map(named) : drafts,
		skipped: skipped + empty.length,
		which: [...empty.map(({ variable }) => variable), ...which],
		left
	};
}

/** Takes assignments until they begin more than {@link PASTED_KEYS} keys. */
function room(): Takes {
	const begun = new Map<string, Set<string>>();
	let keys = 0;
	return (assignment) => {
		if (assignment.value === '') return true;
		const group = groupOf(assignment);
		const variables = group === undefined ? undefined : begun.get(group);
		if (variables === undefined || variables.has(assignment.variable)) keys++;
		if (group !== undefined) begun.set(group, (variables ?? new Set()).add(assignment.variable));
		return keys <= PASTED_KEYS;
	};
}

/** Of several keys each needs a name at once: a list in JSON gives its values none. */
function named(draft: Draft, index: number): Draft {
	return draft.name === '' ? { ...draft, name: `${ONLY_FIELD} ${index + 1}` } : draft;
}

/**
 * Those that are one key together, the others each alone, in the order in which they begin. Each
 * group is for {@link draftsIn}.
 */
export function grouped<Given extends Assignment>(
	assignments: readonly Given[]
): readonly (readonly Given[])[] {
	const groups = new Map<string, Given[]>();
	assignments.forEach((assignment, index) => {
		const { variable } = assignment;
		const key = groupOf(assignment) ?? `alone ${index}`;
		const group = groups.get(key);
		const twice = group?.some((other) => other.variable === variable) === true;
		if (group === undefined || twice) groups.set(twice ? `alone ${index}` : key, [assignment]);
		else group.push(assignment);
	});
	return [...groups.values()].filter((group) => !/^region$|^output$/i.test(onlyName(group)));
}

/** What the values of one key have in common; undefined for one that is a key alone. */
function groupOf({ variable, section = '' }: Assignment): string | undefined {
	const fields = FIELDS.get(variable.toUpperCase());
	const isRegion = section !== '' && /^region$/i.test(variable);
	const id = fields ?? (isRegion ? FIELDS.get('AWS_ACCESS_KEY_ID') : undefined);
	return id === undefined ? undefined : `${id} in ${section}`;
}

/** A region or an output format without keys beside it is none. */
function onlyName(group: readonly Assignment[]): string {
	return group.length === 1 && group[0]?.section !== undefined ? group[0].variable : '';
}

/** The provider of whose key a variable is one of several values, by the variable's name. */
const FIELDS: ReadonlyMap<string, string> = new Map(
	PROVIDERS.flatMap(({ id, fields }) => fields.map((variable) => [variable, id] as const))
);

/**
 * The keys that the {@link grouped} are. What would share a provider's name with another variable is
 * called after its own: nobody could tell the two apart in a list. A key of several has no such name.
 */
export function draftsIn(groups: readonly (readonly Assignment[])[]): readonly Draft[] {
	const drafts = groups.map((group) => ({
		draft: draftOf(group),
		own: group.length > 1 ? '' : ownName(group[0])
	}));
	const owners = new Map<string, string>();
	const shared = new Set<string>();
	for (const { draft, own } of drafts) {
		const owner = owners.get(draft.name);
		if (owner === undefined) owners.set(draft.name, own);
		else if (owner !== own) shared.add(draft.name);
	}
	return drafts.map(({ draft, own }) =>
		own !== '' && shared.has(draft.name) ? { ...draft, name: own } : draft
	);
}

function ownName({ section, variable }: Partial<Assignment> = {}): string {
	return [section, variable].filter(Boolean).join(' ');
}

/** The key that one of the {@link grouped} is. */
export function draftOf(group: readonly Assignment[]): Draft {
	const [first] = group;
	if (first === undefined || group.length > 1) return groupDraft(group);
	return first.variable === '' ? bareDraft(first.value) : namedDraft(first);
}

function bareDraft(value: string): Draft {
	const found = detect(value);
	const variable = found?.provider.envVars[0];
	return {
		...described(found, [{ name: ONLY_FIELD, value, hidden: true }]),
		name: found === undefined ? pemName(value) : nameOf(found),
		envVars: variable === undefined ? [] : [variable]
	};
}

function namedDraft(assignment: Assignment): Draft {
	const { variable, value, section } = assignment;
	const known = knownName(variable);
	const found = detect(value, known);
	const name = found === undefined ? ownName(assignment) : nameOf(found);
	return {
		...described(found, [{ name: ONLY_FIELD, value, hidden: true }]),
		name: found === undefined || section === undefined ? name : `${name} ${section}`,
		envVars: isVariable(known) ? [known] : []
	};
}

function groupDraft(group: readonly Assignment[]): Draft {
	const found = group
		.map(({ variable, value }) => detect(value, knownName(variable)))
		.find((detection) => detection !== undefined);
	const fields = group.map(({ variable, value }) => {
		const name = /^region$/i.test(variable) ? REGION : knownName(variable);
		return { name, value, hidden: name !== REGION };
	});
	const section = group[0]?.section;
	const name = found === undefined ? (group[0]?.variable ?? '') : nameOf(found);
	return {
		...described(found, fields),
		name: section === undefined ? name : `${name} ${section}`,
		envVars: fields.map((field) => field.name)
	};
}

/** Programs' own files write in small letters what is a variable in capitals. */
function knownName(variable: string): string {
	return FIELDS.has(variable.toUpperCase()) ? variable.toUpperCase() : variable;
}

function isVariable(name: string): boolean {
	return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

/** The file is the value: programs are pointed to it whole. */
function serviceAccount(text: string, email: string): Draft {
	return {
		name: email === '' ? 'Google Cloud' : `Google Cloud ${email.split('@')[0] ?? ''}`,
		provider: 'google-cloud',
		url: 'https://console.cloud.google.com/iam-admin/serviceaccounts',
		envVars: ['GOOGLE_APPLICATION_CREDENTIALS_JSON'],
		...(email === '' ? {} : { note: email }),
		fields: [{ name: ONLY_FIELD, value: text, hidden: true }]
	};
}

/** What a PEM says it is: "RSA private key". Empty for everything else. */
function pemName(value: string): string {
	const label = PEM.exec(value)?.[1] ?? '';
	const words = label.split(' ').map((word) => (SHORT.test(word) ? word : word.toLowerCase()));
	const name = words.join(' ');
	return name.charAt(0).toUpperCase() + name.slice(1);
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
