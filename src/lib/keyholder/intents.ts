/**
 * What a person wants, applied to a vault as it stands: again after every lost race. Norm:
 * docs/protocol.md, 10.
 */
import type { Id } from '#lib/api/wire.ts';
import { idText } from '#lib/encoding/id.ts';
import type { Random } from '#lib/crypto/random.ts';
import type { Overview, Secret } from '#lib/items/key.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { OpenEntry, VaultState } from '#lib/keyholder/vault-state.ts';
import type { KeyEdit, KeyRow } from '#lib/keyholder/views.ts';
import type { SheetEntry } from '#lib/protocol/sheets.ts';

/** An edit with the id that it may need, drawn once: a write that is sent again is the same key. */
export interface Intent {
	readonly edit: KeyEdit;
	readonly newId: Id;
}

/** An entry to write. Without a `secret` the one that `entry` names stays as it is. */
export interface Put {
	readonly item: Id;
	readonly overview: Overview;
	readonly secret?: Secret;
	/** The entry that it replaces or is a copy of, with members to be kept. */
	readonly entry?: SheetEntry;
}

export interface Resolved {
	readonly puts: readonly Put[];
	readonly drops: readonly Id[];
	/** Items written under a new id because another device had changed theirs. */
	readonly beside: readonly Id[];
}

export function intentsOf(edits: readonly KeyEdit[], random: Random): Intent[] {
	const bases = edits.flatMap((edit) => (edit.kind === 'add' ? [] : [edit.base.item]));
	if (new Set(bases).size !== bases.length) {
		throw new KeyholderError('invalid', 'two edits of one key at once');
	}
	return edits.map((edit) => ({ edit, newId: idText(random(16)) }));
}

/**
 * Applies `intents` to `vault`.
 *
 * @param readSecret opens the secret that an entry names now.
 * @throws {KeyholderError} `gone` if only the overview of a key was edited that another device has
 * deleted: there is no secret left to write with it; `unreadable` for a row that could not be read.
 */
export async function resolve(
	vault: Pick<VaultState, 'items'>,
	intents: readonly Intent[],
	readSecret: (entry: OpenEntry) => Promise<Secret>
): Promise<Resolved> {
	const puts: Put[] = [];
	const drops: Id[] = [];
	const beside: Id[] = [];
	for (const { edit, newId } of intents) {
		checkReadable(edit);
		if (edit.kind === 'add') {
			const { overview, secret, like } = edit;
			puts.push({ item: newId, overview, secret, ...(like === undefined ? {} : { entry: like }) });
			continue;
		}
		const current = vault.items.get(edit.base.item);
		if (edit.kind === 'drop') {
			// An edit beats a delete: what has changed since is not what was to be deleted.
			if (current !== undefined && isUnchanged(current, edit.base)) drops.push(edit.base.item);
		} else if (current !== undefined && isUnchanged(current, edit.base)) {
			puts.push(changed(edit, current));
		} else if (edit.yields === true) continue;
		else if (current === undefined) {
			puts.push(changed(edit, current));
		} else {
			puts.push(await besides(edit, newId, current, readSecret));
			beside.push(newId);
		}
	}
	return { puts, drops, beside };
}

/** An edit is made of what was read: nothing was. */
function checkReadable(edit: KeyEdit): void {
	if (edit.kind !== 'add' && edit.base.unreadable === true) {
		throw new KeyholderError('unreadable', 'a key that this version cannot read');
	}
}

/** Whether the entry is still the one that the edit started from. A revision names one secret. */
function isUnchanged({ entry, overview }: OpenEntry, base: KeyRow): boolean {
	return entry.revision === base.revision && sameJson(overview, base.overview);
}

type Change = Extract<KeyEdit, { kind: 'change' }>;

/** In place; or back to life, because an edit beats a delete. */
function changed({ base, overview, secret }: Change, current: OpenEntry | undefined): Put {
	if (current === undefined && secret === undefined) {
		throw new KeyholderError('gone', 'the key was deleted by another device');
	}
	return {
		item: base.item,
		overview,
		...(secret === undefined ? {} : { secret }),
		...(current === undefined ? {} : { entry: current.entry })
	};
}

/**
 * Under a new id, beside what another device wrote. Without a secret of its own it takes a copy of
 * the one there is now, and then describes that one's fields.
 */
async function besides(
	{ base, overview, secret }: Change,
	newId: Id,
	current: OpenEntry,
	readSecret: (entry: OpenEntry) => Promise<Secret>
): Promise<Put> {
	if (secret !== undefined) return { item: newId, overview, secret };
	const copy = await readSecret(current);
	if (current.unreadable === true || current.entry.revision === base.revision)
		return { item: newId, overview, secret: copy };
	return { item: newId, overview: describing(overview, current.overview), secret: copy };
}

/** `overview`, but the values it speaks of are those that `other` describes. */
function describing(overview: Overview, { fields, previousCount }: Overview): Overview {
	const described = { ...overview, fields };
	delete described.previousCount;
	return previousCount === undefined ? described : { ...described, previousCount };
}

/** Whether two values are the same JSON, whatever the order of their members. */
export function sameJson(a: unknown, b: unknown): boolean {
	return a === b || JSON.stringify(a, sorted) === JSON.stringify(b, sorted);
}

function sorted(_name: string, value: unknown): unknown {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
	return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
