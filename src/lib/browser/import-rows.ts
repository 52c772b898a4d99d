/**
 * What each key of a file meets in the vault, and what is proposed, for the project and environment
 * that the person says of keys that say none. It is asked anew at each change of those, on the page
 * for what is shown and in the worker for what is written, and both get the same answer.
 */
import { present } from '#lib/items/json.ts';
import type { Hint } from '#lib/items/key.ts';

/**
 * `setting`: no key, by its looks.   `same-value`: a key here has this value.   `older`: a key here had
 * it before.   `same-variable`: a key of the target is the same variable of the same project and
 * environment, and has another value.   `same-name`: one has this name, and another value.   `again`:
 * the file has this value further up.
 */
export type ImportKind =
	'new' | 'setting' | 'same-value' | 'older' | 'same-variable' | 'same-name' | 'again';

/** Kinds of rows that are chosen for all at once. */
export type BulkKind = Extract<
	ImportKind,
	'same-variable' | 'same-name' | 'same-value' | 'setting'
>;

/** `add`: beside whatever is here.   `replace`: in its place; the old value stays as a previous one. */
export type ImportChoice = 'skip' | 'add' | 'replace';

/** Said of keys that say nothing of it themselves. */
export interface Place {
	readonly project: string;
	readonly environment: string;
}

/** What the page gets of a key in the file: no value. */
export interface FoundRow {
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
	/** It looks like a setting. */
	readonly setting?: true;
	/** What has its value, by name; `item` where that is a key of the target. */
	readonly known?: {
		readonly kind: 'same-value' | 'older' | 'again';
		readonly meets: string;
		readonly item?: string;
	};
}

/** A key of the target that shares its name or a variable with a row. */
export interface HereKey {
	readonly item: string;
	readonly name: string;
	readonly envVars: readonly string[];
	readonly project: string;
	readonly environment: string;
	/** Whether it is in use: only such a key is proposed to be replaced. */
	readonly active: boolean;
}

export interface ImportRow extends FoundRow {
	readonly kind: ImportKind;
	/** Name of the key that it meets. */
	readonly meets?: string;
	/** The key that it can take the place of. */
	readonly item?: string;
	/** Name of a key that is the same variable in another project or environment. */
	readonly elsewhere?: string;
	/** What is proposed. */
	readonly choice: ImportChoice;
}

/**
 * The choices where the rows meet other keys than before: what the person has chosen stays, unless it
 * was to replace a key that the row meets no more.
 *
 * @param said rows of which the person has chosen, be it what was proposed. Those leave it whose
 * choice cannot be done any more: nobody has chosen what is proposed instead.
 */
export function choicesAfter(
	before: readonly ImportRow[],
	after: readonly ImportRow[],
	choices: readonly ImportChoice[],
	said: Set<number>
): ImportChoice[] {
	return after.map((row, index) => {
		const { item, choice } = before[index] ?? row;
		const chosen = choices[index] ?? choice;
		const isSaid = chosen !== choice || said.has(index);
		const isKept = isSaid && (chosen !== 'replace' || item === row.item);
		if (!isKept) said.delete(index);
		return isKept ? chosen : row.choice;
	});
}

interface Met {
	readonly kind: ImportKind;
	readonly meets?: string;
	readonly item?: string;
	readonly elsewhere?: string;
	/** Whether to replace it is proposed. */
	readonly proposed?: boolean;
}

/** The rows for whatever place is said: what does not hang on it is looked up once. */
export type RowsAt = (place: Place) => ImportRow[];

export function rowsOf(found: readonly FoundRow[], here: readonly HereKey[]): RowsAt {
	const meetings = found.map(meetingIn(here));
	return (place) => {
		const said = { project: place.project.trim(), environment: place.environment.trim() };
		const mets = meetings.map((met) => (typeof met === 'function' ? met(said) : met));
		const heirs = heirsOf(mets);
		return found.map((row, index) => {
			const { kind, meets, item, elsewhere, proposed = false } = mets[index] ?? NEW;
			const mine = item !== undefined && heirs.get(item) === index ? item : undefined;
			const choice = mine !== undefined && proposed ? 'replace' : PROPOSED[kind];
			return { ...row, kind, choice, ...present({ meets, item: mine, elsewhere }) };
		});
	};
}

const NEW: Met = { kind: 'new' };
const PROPOSED: Record<ImportKind, ImportChoice> = {
	new: 'add',
	setting: 'skip',
	'same-value': 'skip',
	older: 'skip',
	'same-variable': 'add',
	// The same name may be chance.
	'same-name': 'add',
	again: 'skip'
};

type Meeting = Met | ((place: Place) => Met);

function meetingIn(here: readonly HereKey[]): (row: FoundRow) => Meeting {
	const byVariable = new Map<string, Map<string, HereKey>>();
	const byName = new Map<string, HereKey>();
	// Where several would do, one in use comes first.
	for (const key of [...here].sort((a, b) => Number(b.active) - Number(a.active))) {
		for (const variable of key.envVars) {
			const twins = byVariable.get(variable) ?? new Map<string, HereKey>();
			byVariable.set(variable, twins);
			if (!twins.has(spotOf(key))) twins.set(spotOf(key), key);
		}
		if (!byName.has(key.name)) byName.set(key.name, key);
	}
	return (row) => {
		if (row.known !== undefined) return row.known;
		const twins = row.envVars.flatMap((variable) => byVariable.get(variable) ?? []);
		const namesake = namedAs(row, byName);
		const [first] = twins.flatMap((each) => [...each.values()]);
		if (first === undefined) return namesake;
		return (place) => {
			const { project = place.project, environment = place.environment } = row;
			const spot = spotOf({ project, environment });
			const twin = twins.map((each) => each.get(spot)).find((key) => key !== undefined);
			return twin === undefined ? { ...namesake, elsewhere: first.name } : metAs(row, twin);
		};
	};
}

function namedAs(row: FoundRow, byName: ReadonlyMap<string, HereKey>): Met {
	const namesake = byName.get(row.name);
	if (namesake === undefined) return row.setting === true ? { kind: 'setting' } : NEW;
	return { kind: 'same-name', meets: namesake.name, item: namesake.item };
}

function metAs(row: FoundRow, { name, item, active }: HereKey): Met {
	const kind = name === row.name ? 'same-name' : 'same-variable';
	return { kind, meets: name, item, proposed: active && row.archived !== true };
}

function spotOf({ project, environment }: Place): string {
	return `${project}\0${environment}`;
}

/** A key is replaced by one row at most: the one for which that is proposed, or else the first. */
function heirsOf(mets: readonly Met[]): ReadonlyMap<string, number> {
	const heirs = new Map<string, { readonly index: number; readonly proposed: boolean }>();
	for (const [index, { item, proposed = false }] of mets.entries()) {
		if (item === undefined) continue;
		const heir = heirs.get(item);
		if (heir === undefined || (proposed && !heir.proposed)) heirs.set(item, { index, proposed });
	}
	return new Map([...heirs].map(([item, { index }]) => [item, index]));
}
