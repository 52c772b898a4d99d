/**
 * Saving keys: one commit of one vault, against whatever other devices write meanwhile. Norm:
 * docs/protocol.md, 10.
 */
import { routes } from '#lib/api/routes.ts';
import type { Id } from '#lib/api/wire.ts';
import type { VaultHead } from '#lib/api/vaults.ts';
import { buildCommit, type OnSealed } from '#lib/keyholder/commit-records.ts';
import { compareAndSwap, type Attempt, type Sent } from '#lib/keyholder/compare-and-swap.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Held } from '#lib/keyholder/holder.ts';
import { inVault, type Holding } from '#lib/keyholder/holding.ts';
import {
	intentsOf,
	resolve,
	sameJson,
	type Intent,
	type Resolved
} from '#lib/keyholder/intents.ts';
import { vaultOf } from '#lib/keyholder/open-account.ts';
import { readSecret } from '#lib/keyholder/reading.ts';
import type { VaultState } from '#lib/keyholder/vault-state.ts';
import type { KeyEdit, SaveResult, SaveTries, SaveTry } from '#lib/keyholder/views.ts';

type Saved = SaveTry['result'];

/** A save whose answer never came: it may have arrived, and may still. */
interface Unanswered {
	readonly edits: readonly KeyEdit[];
	readonly sent: readonly Sent<Saved>[];
}

export class Commits {
	readonly #holding: Holding;
	readonly #unanswered = new Map<Id, Unanswered>();

	constructor(holding: Holding) {
		this.#holding = holding;
	}

	/**
	 * Writes `edits` of one vault in one commit, whole or not at all. Two vaults are two saves: after
	 * a conflict in the second nobody could say in one word what was written.
	 *
	 * @param onSealed called after each key that is sealed, with how many are; what it throws ends the
	 * save before anything is sent.
	 * @param tries what was sent of the same before and may have arrived, or may still
	 * @throws {KeyholderError} `gone`, `invalid`, `full`, `too-large`: nothing was written.
	 */
	async save(
		edits: readonly KeyEdit[],
		onSealed: OnSealed = () => undefined,
		tries?: SaveTries
	): Promise<SaveResult> {
		const [vault, ...others] = new Set(
			edits.map((edit) => (edit.kind === 'add' ? edit.vault : edit.base.vault))
		);
		if (others.length > 0) throw new KeyholderError('invalid', 'edits of several vaults');
		if (vault === undefined) return { outcome: 'saved', keys: [], beside: [] };
		const saved = await this.#saveIn(vault, edits, onSealed, tries);
		if (saved === undefined) return { outcome: 'conflict' };
		const { keys, beside, edits: written } = saved;
		const isEarlier = tries !== undefined && written !== edits;
		return { outcome: 'saved', keys, beside, ...(isEarlier ? { earlier: written } : {}) };
	}

	async #saveIn(
		id: Id,
		edits: readonly KeyEdit[],
		onSealed: OnSealed,
		tries: SaveTries | undefined
	): Promise<Saved | undefined> {
		const holding = this.#holding;
		vaultOf(holding.open, id);
		const earlier = this.#unanswered.get(id);
		const same = earlier !== undefined && sameWish(earlier.edits, edits);
		const sent: Sent<Saved>[] = tries ?? (same ? [...earlier.sent] : []);
		if (earlier !== undefined || sent.length > 0) {
			await holding.catchUpVault(id, await holding.pin());
			this.#unanswered.delete(id);
		}
		const intents = intentsOf(edits, holding.link.ports.random);
		try {
			const saved = await compareAndSwap(
				() => this.#attempt(id, edits, intents, onSealed),
				(hash) => holding.hasPassed(hash),
				sent
			);
			return saved?.result;
		} catch (error) {
			if (sent.length > 0) this.#unanswered.set(id, { edits, sent });
			throw error;
		}
	}

	async #attempt(
		id: Id,
		edits: readonly KeyEdit[],
		intents: readonly Intent[],
		onSealed: OnSealed
	): Promise<Attempt<Saved, VaultHead> | { readonly done: Saved }> {
		const holding = this.#holding;
		const { link } = holding;
		const { vault, resolved } = await this.#resolve(id, intents);
		const { puts, drops, beside } = resolved;
		if (puts.length + drops.length === 0) return { done: { edits, keys: [], beside: [] } };
		const built = await buildCommit(link.ports, vault, resolved, onSealed);
		const { request, hash, next, rows } = built;
		const pin = await holding.pin();
		return {
			hash,
			result: { edits, keys: rows, beside },
			seq: next.manifest.seq,
			send: () =>
				inVault(() => link.call(routes.vaultCommit, { params: { vault: id }, body: request })),
			adopt: () => holding.wroteVault(next, hash),
			catchUp: (served) => holding.catchUpVault(id, pin, served)
		};
	}

	/** Reading a secret for an edit that lost may catch up with the vault: then all is seen anew. */
	async #resolve(
		id: Id,
		intents: readonly Intent[]
	): Promise<{ vault: VaultState; resolved: Resolved }> {
		const vault = vaultOf(this.#holding.open, id);
		const resolved = await resolve(vault, intents, async ({ entry }) => {
			const { secret } = await readSecret(this.#holding, { vault: id, item: entry.id }, 'edit');
			return secret;
		});
		if (vaultOf(this.#holding.open, id) === vault) return { vault, resolved };
		return await this.#resolve(id, intents);
	}
}

/** The saves of who holds the account: what one of them leaves unanswered, the next one looks for. */
export function commitsOf(held: Held): Commits {
	return (held.commits ??= new Commits(held.holding));
}

/**
 * Whether two saves want the same. When a person tries again, only the moment is another; how long a
 * previous value is kept from then on is what they said.
 */
function sameWish(a: readonly KeyEdit[], b: readonly KeyEdit[]): boolean {
	return sameJson(timeless(a), timeless(b));
}

function timeless(edits: readonly KeyEdit[]): unknown {
	const moments = new Set([
		'createdAt',
		'changedAt',
		'replacedAt',
		'trashedAt',
		'archivedAt',
		'keepUntil',
		'previousUntil',
		'at'
	]);
	const text = JSON.stringify(edits, (name, value: unknown) =>
		moments.has(name) ? null : withSpan(value)
	);
	return JSON.parse(text);
}

function withSpan(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if (!('keepUntil' in value && 'replacedAt' in value)) return value;
	return { ...value, keptFor: Number(value.keepUntil) - Number(value.replacedAt) };
}
