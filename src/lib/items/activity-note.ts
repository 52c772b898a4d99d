/**
 * What a client writes beside a row of the activity log: as what a value was copied, which parts of a
 * key were changed, into which kind of file keys went. Read leniently: it only informs.
 */
import type { Overview } from '#lib/items/key.ts';

/** Members that a note names, and texts in it, at most. */
const MEMBERS = 20;
const TEXT = 60;

export type CopyForm = 'value' | 'text';
type ExportForm = 'age' | 'env' | 'json';
type ChangeKind = 'created' | 'edited' | 'trashed' | 'restored' | 'deleted';

export type ActivityNote =
	| {
			readonly act: 'copied';
			readonly item: string;
			readonly form: CopyForm;
			/** Name of the field that was copied. */
			readonly field?: string;
	  }
	| {
			readonly act: 'changed';
			readonly item?: string;
			readonly did: ChangeKind;
			readonly count: number;
			/** What of the key is another now: names of members of its overview, or `values`. */
			readonly members?: readonly string[];
	  }
	| {
			readonly act: 'exported';
			readonly item?: never;
			readonly form: ExportForm;
			readonly count: number;
	  };

/** An edit, as far as a note tells of it. */
interface NotedEdit {
	readonly item: string;
	/** Missing if the key is new. */
	readonly before?: Overview;
	/** Missing if it is gone. */
	readonly after?: Overview;
	readonly values: boolean;
}

/** The note to a commit of these edits; nothing to none. */
export function noteOfEdits(edits: readonly NotedEdit[]): ActivityNote | undefined {
	const [edit] = edits;
	if (edit === undefined) return undefined;
	const did = kindOf(edit);
	const count = edits.length;
	if (count > 1) {
		const same = edits.every((each) => kindOf(each) === did);
		return { act: 'changed', did: same ? did : 'edited', count };
	}
	const members = did === 'edited' ? membersOf(edit) : [];
	const note = { act: 'changed', item: edit.item, did, count } as const;
	return members.length === 0 ? note : { ...note, members };
}

/** As it is sealed. */
export function noteJson(note: ActivityNote): object {
	const { field } = { field: undefined, ...note };
	return { v: 1, ...note, ...(field === undefined ? {} : { field: field.slice(0, TEXT) }) };
}

/** Undefined for what this version cannot read. */
export function readNote(json: Readonly<Record<string, unknown>>): ActivityNote | undefined {
	const { act, item, form, field, did, count, members } = json;
	if (item !== undefined && typeof item !== 'string') return undefined;
	if (act === 'copied') {
		if (item === undefined || !isOneOf(COPY_FORMS, form)) return undefined;
		return {
			act,
			item,
			form,
			...(typeof field === 'string' ? { field: field.slice(0, TEXT) } : {})
		};
	}
	if (!isCount(count)) return undefined;
	if (act === 'exported') return isOneOf(EXPORT_FORMS, form) ? { act, form, count } : undefined;
	if (act !== 'changed' || !isOneOf(CHANGE_KINDS, did)) return undefined;
	const named = Array.isArray(members) ? members.filter((name) => typeof name === 'string') : [];
	return {
		act,
		did,
		count,
		...(item === undefined ? {} : { item }),
		...(named.length === 0 ? {} : { members: named.slice(0, MEMBERS) })
	};
}

const COPY_FORMS = ['value', 'text'] as const;
const EXPORT_FORMS = ['age', 'env', 'json'] as const;
const CHANGE_KINDS = ['created', 'edited', 'trashed', 'restored', 'deleted'] as const;

function kindOf({ before, after }: NotedEdit): ChangeKind {
	if (before === undefined) return 'created';
	if (after === undefined) return 'deleted';
	if ((before.trashedAt === undefined) === (after.trashedAt === undefined)) return 'edited';
	return after.trashedAt === undefined ? 'restored' : 'trashed';
}

function membersOf({ before, after, values }: NotedEdit): string[] {
	const [old, now] = [before ?? {}, after ?? {}] as const;
	const names = new Set([...Object.keys(old), ...Object.keys(now)]);
	for (const name of ['changedAt', 'fields', 'previousFingerprints', 'v']) names.delete(name);
	// New values leave the old ones: that goes without saying.
	if (values) for (const name of ['previousCount', 'previousUntil']) names.delete(name);
	const changed = [...names].filter(
		(name) => JSON.stringify(Reflect.get(old, name)) !== JSON.stringify(Reflect.get(now, name))
	);
	return [...changed, ...(values ? ['values'] : [])].slice(0, MEMBERS);
}

function isOneOf<T extends string>(words: readonly T[], given: unknown): given is T {
	return words.some((word) => word === given);
}

function isCount(given: unknown): given is number {
	return Number.isSafeInteger(given) && Number(given) >= 0;
}
