/**
 * The vaults of an account, as their owner makes, names and drops them, and moves keys between them.
 *
 * A key moves by being written to the target first and dropped from its source afterwards: whatever
 * breaks off between the two leaves it in both, and never in none. Norm: docs/protocol.md, 10.
 */
import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import { ITEMS_PER_VAULT, VAULTS_PER_ACCOUNT } from '#lib/api/limits.ts';
import type { Id } from '#lib/api/wire.ts';
import { without } from '#lib/items/json.ts';
import type { Settings } from '#lib/items/key.ts';
import { readSettings, withoutVault, withVaultName } from '#lib/items/settings.ts';
import { commitAccount, saveSettings, type AccountChange } from '#lib/keyholder/account-commits.ts';
import { neededProof, proving } from '#lib/keyholder/action-proof.ts';
import { commitsOf } from '#lib/keyholder/commits.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Held, Holder } from '#lib/keyholder/holder.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import { sameJson } from '#lib/keyholder/intents.ts';
import { newVault } from '#lib/keyholder/new-vault.ts';
import { vaultOf, wipeFresh } from '#lib/keyholder/open-account.ts';
import { readSecret } from '#lib/keyholder/reading.ts';
import type {
	DropVaultOutcome,
	KeyEdit,
	KeyRow,
	MakeVaultOutcome,
	MoveResult,
	SaveResult
} from '#lib/keyholder/views.ts';
import { orRefused, plain } from '#lib/keyholder/written-items.ts';

/** A key that stands in its target, and still in its source. */
interface Copied {
	readonly from: KeyRow;
	readonly to: KeyRow;
}

export class Vaults {
	readonly #holder: Holder;
	/** By the id of the item in its source: a move that was interrupted goes on from there. */
	readonly #copied = new Map<Id, Copied>();

	constructor(holder: Holder) {
		this.#holder = holder;
		holder.onLock(() => {
			this.#copied.clear();
		});
	}

	/** @throws {KeyholderError} `invalid` for the name, `full` if the account has as many as it may. */
	async make(name: string): Promise<MakeVaultOutcome> {
		return await this.#holder.write(async ({ holding }) => {
			const { link, open } = holding;
			const { manifest, keys } = open.state;
			checkRoom(open.state);
			const { account, generation } = manifest;
			const { vaultWrap } = keys;
			const vault = await newVault(link.ports, { account, generation, vaultWrap });
			const { id } = vault.state.place;
			const settings = named(holding, (current, there) =>
				withVaultName(current, id, name.trim(), [...there, id])
			);
			try {
				const made = await commitAccount(holding, {
					addedVault: vault,
					settings,
					check: checkRoom
				});
				return made ? { outcome: 'made', vault: id } : { outcome: 'conflict' };
			} finally {
				// Where its answer was lost it was read like any other, and has keys of its own.
				wipeFresh([vault.state.place], holding.open.state.vaults);
			}
		});
	}

	/** @throws {KeyholderError} `invalid` for the name, `gone` if there is no such vault. */
	async rename(vault: Id, name: string): Promise<SaveResult> {
		return await this.#holder.write(async ({ holding }) => {
			vaultOf(holding.open, vault);
			const { settings, vaults } = holding.open.state;
			const base = readSettings(settings ?? { v: 1 });
			const there = vaults.map(({ id }) => id);
			const renamed = orRefused(() => withVaultName(base, vault, name.trim(), there));
			return await saveSettings(holding, renamed, base);
		});
	}

	/**
	 * Drops a vault with all its keys. There is no way back.
	 *
	 * @param seq of the vault as the person saw it: what came in since was not meant.
	 * @throws {KeyholderError} `proof` without one; `invalid` for the last vault.
	 */
	async drop(vault: Id, seq: number): Promise<DropVaultOutcome> {
		return await this.#holder.write(async (held) => {
			const { holding } = held;
			const proof = neededProof(holding, held.proof);
			await holding.refresh();
			const there = holding.open.vaults.get(vault);
			if (there === undefined) return { outcome: 'dropped' };
			if (there.manifest.seq !== seq) return { outcome: 'changed' };
			const change: AccountChange = {
				droppedVault: vault,
				settings: named(holding, (current, ids) => withoutVault(current, vault, ids)),
				check: ({ vaults }) => {
					if (vaults.length > 1 && vaults.some(({ id }) => id === vault)) return;
					throw new KeyholderError('invalid', 'the last vault, or none of the account');
				}
			};
			const dropped = await commitAccount(
				holding,
				change,
				proving(holding, proof, PROOF_PURPOSE.delete)
			);
			return { outcome: dropped ? 'dropped' : 'conflict' };
		});
	}

	/**
	 * Moves keys of one vault into another one. Whoever moves many asks again and again, so that other
	 * work comes in between.
	 *
	 * @throws {KeyholderError} `invalid` for rows of several vaults; `gone`, `full`, `unreadable`.
	 */
	async move(rows: readonly KeyRow[], target: Id): Promise<MoveResult> {
		const [source, ...others] = new Set(rows.map(({ vault }) => vault));
		if (others.length > 0) throw new KeyholderError('invalid', 'keys of several vaults');
		if (source === undefined || source === target) {
			return { outcome: 'moved', keys: rows, left: 0 };
		}
		return await this.#holder.write(async (held) => {
			checkSpace(held.holding, rows, target);
			if (!(await this.#copyAll(held, rows, target))) return { outcome: 'conflict' };
			const copied = rows.flatMap(({ item }) => this.#copied.get(item) ?? []);
			const dropped = await commitsOf(held).save(
				copied.map(({ from }) => ({ kind: 'drop', base: from }))
			);
			if (dropped.outcome === 'conflict') return dropped;
			for (const { from } of copied) this.#copied.delete(from.item);
			// An edit beats a delete: a key that was changed meanwhile stays where it is, too.
			const { items } = vaultOf(held.holding.open, source);
			const left = copied.filter(({ from }) => items.has(from.item)).length;
			return { outcome: 'moved', keys: copied.map(({ to }) => to), left };
		});
	}

	/** Writes what does not stand in `target` yet, in one commit. False after five lost races. */
	async #copyAll(held: Held, rows: readonly KeyRow[], target: Id): Promise<boolean> {
		const { holding } = held;
		const wanted = rows.filter((row) => !this.#stands(holding, row, target));
		const copies: { from: KeyRow; edit: KeyEdit }[] = [];
		for (const row of wanted) copies.push(await copyOf(holding, row, target));
		const saved = await commitsOf(held).save(copies.map(({ edit }) => edit));
		if (saved.outcome === 'conflict') return false;
		for (const [index, { from }] of copies.entries()) {
			const to = saved.keys[index];
			if (to !== undefined) this.#copied.set(from.item, { from, to });
		}
		return true;
	}

	/** Whether this very key was copied into `target` before, and is there still. */
	#stands({ open }: Holding, { item, revision, overview }: KeyRow, target: Id): boolean {
		const copied = this.#copied.get(item);
		if (copied?.to.vault !== target) return false;
		const same = copied.from.revision === revision && sameJson(copied.from.overview, overview);
		return same && vaultOf(open, target).items.has(copied.to.item);
	}
}

/** A change of what the settings say of vaults, for whatever they are by the time it is written. */
function named(
	holding: Holding,
	change: (current: Settings, there: readonly Id[]) => Settings
): NonNullable<AccountChange['settings']> {
	return (json) => {
		const there = holding.open.state.vaults.map(({ id }) => id);
		const { vaults } = orRefused(() => change(readSettings(json), there));
		return { ...json, vaults: plain(vaults) };
	};
}

/** @throws {KeyholderError} `full` if there is no room for another one. */
export function checkRoom({ vaults }: { readonly vaults: readonly unknown[] }): void {
	if (vaults.length < VAULTS_PER_ACCOUNT) return;
	const detail = { size: vaults.length + 1, limit: VAULTS_PER_ACCOUNT };
	throw new KeyholderError('full', 'more vaults than an account may have', detail);
}

/** What cannot be moved whole is not begun. */
function checkSpace({ open }: Holding, rows: readonly KeyRow[], target: Id): void {
	if (rows.some(({ unreadable }) => unreadable === true)) {
		throw new KeyholderError('unreadable', 'a key that this version cannot read');
	}
	const size = vaultOf(open, target).items.size + rows.length;
	if (size <= ITEMS_PER_VAULT) return;
	const detail = { size, limit: ITEMS_PER_VAULT };
	throw new KeyholderError('full', 'more items than a vault holds', detail);
}

/**
 * The key as it is now, under a new id. Fingerprints are keyed by the vault's key, so those of the
 * source mean nothing in the target.
 */
async function copyOf(
	holding: Holding,
	{ vault, item }: KeyRow,
	target: Id
): Promise<{ from: KeyRow; edit: KeyEdit }> {
	const { row: from, secret } = await readSecret(holding, { vault, item }, 'edit');
	const like = vaultOf(holding.open, vault).items.get(item)?.entry;
	const fields = from.overview.fields.map((field) => without(field, ['fingerprint']));
	const overview = { ...from.overview, fields };
	const edit = { kind: 'add', vault: target, overview, secret } as const;
	return { from, edit: like === undefined ? edit : { ...edit, like } };
}
