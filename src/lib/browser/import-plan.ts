/**
 * What importing a file would write: beside each key of the file what of it is here already, and
 * what to do about it. Values are compared by keyed hashes; no key that is here is opened for it.
 */
import {
	atHand,
	holderOf,
	holdersIn,
	tellingValues,
	type Held,
	type Print
} from '#lib/browser/import-holders.ts';
import { rowsOf } from '#lib/browser/import-rows.ts';
import type { FoundRow, HereKey, ImportChoice, Place } from '#lib/browser/import-rows.ts';
import { looksLikeSetting } from '#lib/import/setting.ts';
import type { Candidate } from '#lib/import/content.ts';
import { draftOf, editKey, newKey, type NewKey } from '#lib/items/draft.ts';
import { hintOf } from '#lib/items/hint.ts';
import { present } from '#lib/items/json.ts';
import { archive } from '#lib/items/lifecycle.ts';
import { ItemError, type Draft, type DraftField } from '#lib/items/key.ts';
import type { KeyEdit, KeyRow, ReadResult, VaultView } from '#lib/keyholder/views.ts';

export interface ImportPlan {
	readonly rows: readonly FoundRow[];
	/** Keys of the target that rows may meet by name or variable. */
	readonly here: readonly HereKey[];
	/** Keys of the target, by their items. */
	readonly keys: ReadonlyMap<string, KeyRow>;
}

/** What the person chose for each row, and what is said of keys that say nothing of it. */
export interface ImportWish extends Place {
	readonly choices: readonly ImportChoice[];
}

/** @param fingerprint of a value, under the key of a vault */
export async function planImport(
	candidates: readonly Candidate[],
	vaults: readonly VaultView[],
	target: VaultView,
	fingerprint: Print
): Promise<ImportPlan> {
	const holders = holdersIn(vaults);
	const seen = new Map<string, string>();
	const rows: FoundRow[] = [];
	for (const candidate of candidates) {
		const { draft } = candidate;
		const values = tellingValues(draft.fields);
		const joined = values.join('\0');
		const held = await holderOf(values, holders, fingerprint);
		rows.push(rowOf(candidate, knownBy(held, target) ?? knownAgain(seen.get(joined))));
		if (!seen.has(joined)) seen.set(joined, draft.name);
	}
	const keys = new Map(atHand(target).map((row) => [row.item, row]));
	return { rows, here: hereFor(rows, [...keys.values()]), keys };
}

function hereFor(rows: readonly FoundRow[], keys: readonly KeyRow[]): HereKey[] {
	const names = new Set(rows.map(({ name }) => name));
	const variables = new Set(rows.flatMap(({ envVars }) => envVars));
	return keys.flatMap(({ item, overview }): HereKey[] => {
		const { name, envVars, project = '', environment = '', status } = overview;
		const shared = envVars.filter((variable) => variables.has(variable));
		if (!names.has(name) && shared.length === 0) return [];
		return [{ item, name, envVars: shared, project, environment, active: status === 'active' }];
	});
}

/** What is written, and the rows that no key can hold as they would be then. */
export interface ImportEdits {
	readonly edits: readonly KeyEdit[];
	readonly unfit: readonly number[];
}

/** The keys that are replaced by what was chosen. */
export function replacedBy({ rows, here, keys }: ImportPlan, wish: ImportWish): KeyRow[] {
	return rowsOf(
		rows,
		here
	)(wish).flatMap(({ item }, index) => {
		const base = wish.choices[index] === 'replace' && item !== undefined && keys.get(item);
		return base ? [base] : [];
	});
}

/**
 * The edits that do what was chosen, in the order of the rows.
 *
 * @param opened the keys that are replaced, by their items
 */
export function editsOf(
	candidates: readonly Candidate[],
	plan: ImportPlan,
	wish: ImportWish,
	vault: string,
	opened: ReadonlyMap<string, ReadResult>,
	now: number
): ImportEdits {
	const edits: KeyEdit[] = [];
	const unfit: number[] = [];
	const { choices, project, environment } = wish;
	const rows = rowsOf(plan.rows, plan.here)(wish);
	for (const [index, { draft, archived }] of candidates.entries()) {
		const choice = choices[index] ?? 'skip';
		if (choice === 'skip') continue;
		const item = choice === 'replace' ? rows[index]?.item : undefined;
		const here = item === undefined ? undefined : opened.get(item);
		const said = {
			project: draft.project?.trim() || project,
			environment: draft.environment?.trim() || environment
		};
		try {
			if (here !== undefined) edits.push(replacement(here, draft, now));
			else edits.push(addition(vault, newKey({ ...draft, ...said }, now), archived, now));
		} catch (error) {
			if (!(error instanceof ItemError)) throw error;
			unfit.push(index);
		}
	}
	return { edits, unfit };
}

function addition(vault: string, key: NewKey, archived: boolean | undefined, now: number): KeyEdit {
	const overview = archived === true ? archive(key.overview, now) : key.overview;
	return { kind: 'add', vault, overview, secret: key.secret };
}

function replacement({ row, secret: old }: ReadResult, draft: Draft, now: number): KeyEdit {
	const key = { overview: row.overview, secret: old };
	const { overview, secret, secretChanged } = editKey(key, replacing(draftOf(key), draft), now);
	return { kind: 'change', base: row, overview, ...(secretChanged ? { secret } : {}) };
}

type Known = FoundRow['known'];

function knownBy(held: Held | undefined, target: VaultView): Known {
	if (held === undefined) return undefined;
	const { row, still } = held;
	const item = row.vault === target.id ? row.item : undefined;
	const kind = still ? 'same-value' : 'older';
	return { kind, meets: row.overview.name, ...present({ item }) };
}

function knownAgain(meets: string | undefined): Known {
	return meets === undefined ? undefined : { kind: 'again', meets };
}

function rowOf({ line, draft, archived }: Candidate, known: Known): FoundRow {
	const { name, provider, envVars = [], project, environment, fields } = draft;
	const shown = fields.find(({ hidden }) => hidden) ?? fields[0];
	return {
		line,
		name: name.trim(),
		envVars,
		...present({ provider, project: project?.trim() || undefined }),
		...present({ environment: environment?.trim() || undefined }),
		...present({ hint: shown === undefined ? undefined : hintOf(shown.value) }),
		more: fields.length - 1,
		...(looksLikeSetting(draft) ? { setting: true } : {}),
		...present({ archived, known })
	};
}

/** What is here, with what the file says; what the file does not say stays. */
function replacing(here: Draft, draft: Draft): Draft {
	const both = (one: readonly string[] = [], other: readonly string[] = []) => [
		...new Set([...one, ...other])
	];
	return {
		...here,
		...present({
			provider: here.provider ?? draft.provider,
			url: here.url ?? draft.url,
			note: here.note ?? draft.note,
			project: here.project ?? draft.project,
			environment: here.environment ?? draft.environment,
			expiresOn: draft.expiresOn ?? here.expiresOn
		}),
		envVars: both(here.envVars, draft.envVars),
		tags: both(here.tags, draft.tags),
		fields: fieldsOf(here.fields, draft.fields)
	};
}

/** Fields that have the name of one that is here take its place. One value for one keeps the name. */
function fieldsOf(
	here: readonly DraftField[],
	given: readonly DraftField[]
): readonly DraftField[] {
	const [old, ...oldOthers] = here;
	const [only, ...others] = given;
	if (old !== undefined && only !== undefined && oldOthers.length + others.length === 0) {
		return [{ ...old, value: only.value }];
	}
	const named = new Map(given.map((field) => [field.name, field]));
	if (!here.some(({ name }) => named.has(name))) return given;
	const kept = here.map((field) => ({
		...field,
		value: named.get(field.name)?.value ?? field.value
	}));
	return [...kept, ...given.filter(({ name }) => !here.some((field) => field.name === name))];
}
