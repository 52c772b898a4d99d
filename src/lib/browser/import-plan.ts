/**
 * What importing a file would write: beside each key of the file what of it is here already, and
 * what to do about it. Values are compared by keyed hashes; no key that is here is opened for it.
 */
import { atHand, holderOf, holdersIn, type Held, type Print } from '#lib/browser/import-holders.ts';
import { looksLikeSetting } from '#lib/import/setting.ts';
import type { Candidate } from '#lib/import/content.ts';
import { draftOf, editKey, newKey, type NewKey } from '#lib/items/draft.ts';
import { hintOf } from '#lib/items/hint.ts';
import { present } from '#lib/items/json.ts';
import { archive } from '#lib/items/lifecycle.ts';
import { ItemError, type Draft, type DraftField, type Hint } from '#lib/items/key.ts';
import type { KeyEdit, KeyRow, ReadResult, VaultView } from '#lib/keyholder/views.ts';

/**
 * `setting`: no key, by its looks.   `same-value`: a key here has this value.   `older`: a key here had
 * it before.   `same-name`: a key of the target has this name and another value.   `again`: the file
 * has this value further up.
 */
export type ImportKind = 'new' | 'setting' | 'same-value' | 'older' | 'same-name' | 'again';

/** `add`: beside whatever is here.   `replace`: in its place; the old value stays as a previous one. */
export type ImportChoice = 'skip' | 'add' | 'replace';

/** What the page shows of a key in the file: no value. */
export interface ImportRow {
	/** Where in the file it stands, from 1. */
	readonly line: number;
	readonly name: string;
	readonly provider?: string;
	readonly envVars: readonly string[];
	readonly project?: string;
	readonly environment?: string;
	readonly hint?: Hint;
	/** How many values it has besides the one of the hint. */
	readonly more: number;
	/** It comes in as an archived key. */
	readonly archived?: true;
	readonly kind: ImportKind;
	/** Name of the key that it meets. */
	readonly meets?: string;
	/** Whether it can take the place of that key. */
	readonly replaceable: boolean;
	/** What is proposed. */
	readonly choice: ImportChoice;
}

export interface ImportPlan {
	readonly rows: readonly ImportRow[];
	/** The key that each row may replace. */
	readonly bases: readonly (KeyRow | undefined)[];
}

/** What the person chose for each row, and what is said of keys that say nothing of it. */
export interface ImportWish {
	readonly choices: readonly ImportChoice[];
	readonly project: string;
	readonly environment: string;
}

interface Met {
	readonly kind: ImportKind;
	readonly name?: string;
	readonly base?: KeyRow;
}

/** @param fingerprint of a value, under the key of a vault */
export async function planImport(
	candidates: readonly Candidate[],
	vaults: readonly VaultView[],
	target: VaultView,
	fingerprint: Print
): Promise<ImportPlan> {
	const holders = holdersIn(vaults);
	const namesakes = new Map(atHand(target).map((row) => [row.overview.name, row]));
	const seen = new Map<string, string>();
	const mets: Met[] = [];
	for (const { draft } of candidates) {
		const values = hiddenValues(draft);
		const met =
			metBy(await holderOf(values, holders, fingerprint)) ?? meeting(draft, namesakes, seen);
		mets.push(met);
		if (!seen.has(values.join('\0'))) seen.set(values.join('\0'), draft.name);
	}
	const bases = basesOf(candidates, mets, target.id);
	const rows = candidates.map((candidate, index) =>
		rowOf(candidate, mets[index] ?? { kind: 'new' }, bases[index] !== undefined)
	);
	return { rows, bases };
}

/** A key is replaced by one row at most: the one for which that is proposed, or else the first. */
function basesOf(
	candidates: readonly Candidate[],
	mets: readonly Met[],
	target: string
): (KeyRow | undefined)[] {
	const heirs = new Map<string, { readonly index: number; readonly proposed: boolean }>();
	for (const [index, met] of mets.entries()) {
		const { base } = met;
		const { draft, archived } = candidates[index] ?? {};
		if (base?.vault !== target || draft === undefined) continue;
		const proposed = proposal(draft, met, archived === undefined) === 'replace';
		const heir = heirs.get(base.item);
		if (heir === undefined || (proposed && !heir.proposed)) {
			heirs.set(base.item, { index, proposed });
		}
	}
	return mets.map(({ base }, index) =>
		base !== undefined && heirs.get(base.item)?.index === index ? base : undefined
	);
}

/** What is written, and the rows that no key can hold as they would be then. */
export interface ImportEdits {
	readonly edits: readonly KeyEdit[];
	readonly unfit: readonly number[];
}

/**
 * The edits that do what was chosen, in the order of the rows.
 *
 * @param opened the keys that are replaced, by their items
 */
export function editsOf(
	candidates: readonly Candidate[],
	{ bases }: ImportPlan,
	{ choices, project, environment }: ImportWish,
	vault: string,
	opened: ReadonlyMap<string, ReadResult>,
	now: number
): ImportEdits {
	const edits: KeyEdit[] = [];
	const unfit: number[] = [];
	const replaced = new Set<string>();
	for (const [index, { draft, archived }] of candidates.entries()) {
		const choice = choices[index] ?? 'skip';
		if (choice === 'skip') continue;
		const item = choice === 'replace' ? bases[index]?.item : undefined;
		const here = item === undefined || replaced.has(item) ? undefined : opened.get(item);
		const said = {
			project: draft.project?.trim() || project,
			environment: draft.environment?.trim() || environment
		};
		try {
			if (here !== undefined) edits.push(replacement(here, draft, now));
			else edits.push(addition(vault, newKey({ ...draft, ...said }, now), archived, now));
			if (here !== undefined) replaced.add(here.row.item);
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

function metBy(held: Held | undefined): Met | undefined {
	if (held === undefined) return undefined;
	const { row: base, still } = held;
	return { kind: still ? 'same-value' : 'older', name: base.overview.name, base };
}

function meeting(
	draft: Draft,
	namesakes: ReadonlyMap<string, KeyRow>,
	seen: ReadonlyMap<string, string>
): Met {
	const earlier = seen.get(hiddenValues(draft).join('\0'));
	if (earlier !== undefined) return { kind: 'again', name: earlier };
	const base = namesakes.get(draft.name.trim());
	if (base !== undefined) return { kind: 'same-name', name: base.overview.name, base };
	return { kind: looksLikeSetting(draft) ? 'setting' : 'new' };
}

function rowOf({ line, draft, archived }: Candidate, met: Met, replaceable: boolean): ImportRow {
	const { name, provider, envVars = [], project, environment, fields } = draft;
	const shown = fields.find(({ hidden }) => hidden) ?? fields[0];
	return {
		line,
		name: name.trim(),
		envVars,
		...present({ provider, project: project?.trim() || undefined }),
		...present({ environment: environment?.trim() || undefined }),
		...present({ hint: shown === undefined ? undefined : hintOf(shown.value), meets: met.name }),
		more: fields.length - 1,
		...present({ archived }),
		kind: met.kind,
		replaceable,
		choice: proposal(draft, met, replaceable && archived === undefined)
	};
}

/** The same name may be chance: it is the same key only if it is used in the same place. */
function proposal(draft: Draft, { kind, base }: Met, replaceable: boolean): ImportChoice {
	if (kind === 'new') return 'add';
	if (kind !== 'same-name' || base === undefined) return 'skip';
	const { project, environment, envVars } = base.overview;
	const same = (said = '', here = '') => said.trim() === here;
	const sameVariable = (draft.envVars ?? []).some((variable) => envVars.includes(variable));
	const samePlace = same(draft.project, project) && same(draft.environment, environment);
	return replaceable && sameVariable && samePlace ? 'replace' : 'add';
}

function hiddenValues({ fields }: Draft): readonly string[] {
	const hidden = fields.filter((field) => field.hidden);
	return (hidden.length === 0 ? fields : hidden).map(({ value }) => value);
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
