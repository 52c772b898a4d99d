/** Finding a value that is here already. */
import { holderOf, holdersIn, inTrash, tellingValues } from '#lib/browser/import-holders.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import type { Draft, DraftField } from '#lib/items/key.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';

/** A key that holds a value already. */
export interface Duplicate {
	readonly row: KeyRow;
	/** Name of the field that holds it; undefined if the key has it no more. */
	readonly field: string | undefined;
}

/** A key that has the values of another. */
export interface Holder {
	readonly name: string;
	/** Undefined where it is no key yet: it stands further up in the same paste. */
	readonly item?: string;
	/** Whether it lies in the trash: then the value is not at hand. */
	readonly trashed: boolean;
}

/** One of several keys that were pasted at once. */
export interface PastedRow {
	readonly draft: Draft;
	readonly duplicate: Holder | undefined;
	/** Whether it is to be kept. */
	taken: boolean;
}

/** Keys that were pasted, each beside the one that has its values already. */
export async function comparePasted(
	session: Session,
	drafts: readonly Draft[]
): Promise<PastedRow[]> {
	const fields = drafts.map((draft) => draft.fields);
	// Locked meanwhile: nobody waits for the answer.
	const holders = await findHolders(session, fields).catch(() => []);
	const above = new Map<string, Holder>();
	return drafts.map((draft, index) => {
		const values = tellingValues(draft.fields).join('\0');
		const holder = holders[index];
		const duplicate = holder?.trashed === false ? holder : (above.get(values) ?? holder);
		if (!above.has(values)) above.set(values, { name: draft.name, trashed: false });
		return { draft, duplicate, taken: duplicate?.trashed !== false };
	});
}

/**
 * For each of `drafts` a key that holds all of its values already, rather one that is at hand than one
 * in the trash. One pass over the keys, however many drafts there are.
 *
 * @param except the key that the drafts are of
 * @throws {FaultError} `locked`
 */
export async function findHolders(
	session: Session,
	drafts: readonly (readonly DraftField[])[],
	except?: string
): Promise<(Holder | undefined)[]> {
	const vaults = (session.view?.vaults ?? []).map((vault) => ({
		...vault,
		keys: vault.keys.filter(({ item }) => item !== except)
	}));
	// What is at hand comes first: the first that has the values is taken.
	const places = [...holdersIn(vaults), ...holdersIn(vaults, inTrash)];
	const print = (vault: string, value: string) =>
		session.call((host) => host.fingerprint(vault, value));
	const found: (Holder | undefined)[] = [];
	for (const fields of drafts) {
		const held = await holderOf(tellingValues(fields), places, print);
		found.push(held?.still === true ? holderFrom(held.row) : undefined);
	}
	return found;
}

/**
 * The keys that hold `value`, or held it before, by its keyed hash in their overviews: no secret is opened for it.
 *
 * @throws {FaultError} `locked`
 */
export async function findDuplicates(session: Session, value: string): Promise<Duplicate[]> {
	if (value === '') return [];
	const found: Duplicate[] = [];
	for (const { id, keys } of session.view?.vaults ?? []) {
		const print = await session.call((host) => host.fingerprint(id, value));
		for (const row of keys) {
			const { fields, previousFingerprints = [] } = row.overview;
			const field = fields.find(({ fingerprint }) => fingerprint === print)?.name;
			const held = field !== undefined || previousFingerprints.includes(print);
			if (held) found.push({ row, field });
		}
	}
	return found;
}

function holderFrom({ item, overview }: KeyRow): Holder {
	return { item, name: overview.name, trashed: overview.trashedAt !== undefined };
}
