/**
 * The unlocked account while it is held: the one place where its state is replaced, after the
 * pins were raised to it. Norm: docs/protocol.md, 9.
 */
import type { AccountHead } from '#lib/api/account.ts';
import { openingRoutes } from '#lib/api/opening-routes.ts';
import type { VaultHead } from '#lib/api/vaults.ts';
import type { Id } from '#lib/api/wire.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { verifyAccount, type AccountState } from '#lib/keyholder/account-state.ts';
import { isProblem, KeyholderError } from '#lib/keyholder/errors.ts';
import type { Link } from '#lib/keyholder/link.ts';
import { pinOf, vaultOf, wipeFresh, type OpenAccount } from '#lib/keyholder/open-account.ts';
import type { AccountPin, ChainPin, PinChange } from '#lib/keyholder/pins.ts';
import { verifyVault, type VaultPlace, type VaultState } from '#lib/keyholder/vault-state.ts';

export class Holding {
	#open: OpenAccount;
	readonly #passed = new Set<string>();

	constructor(
		readonly link: Link,
		open: OpenAccount
	) {
		this.#open = open;
	}

	get open(): OpenAccount {
		return this.#open;
	}

	/**
	 * To be read before a request is sent: another tab may raise it while the answer is on its way.
	 *
	 * @throws {KeyholderError} `pins-lost` if it is gone or below the state that is held.
	 */
	async pin(): Promise<AccountPin> {
		const pin = await this.link.ports.pins.account(this.#open.state.account);
		if (pin === undefined || !reaches(pin, this.#open)) {
			throw new KeyholderError('pins-lost', 'the pins were erased or set back');
		}
		return pin;
	}

	/**
	 * Stores the pins of a verified or acknowledged state, then makes it the state.
	 *
	 * @throws {KeyholderError} `pins-lost`, `fork`; nothing is stored then.
	 */
	async adopt(
		change: Partial<Pick<OpenAccount, 'typed' | 'state' | 'vaults' | 'mustRotate'>>
	): Promise<void> {
		const { vaults = this.#open.vaults } = change;
		const verifiedSince = this.#verifiedSince(vaults);
		const next = { ...this.#open, ...change, verifiedSince };
		await this.pin();
		this.link.life.check();
		await this.link.ports.pins.save({ account: pinChange(this.link, next) });
		this.link.life.check();
		this.#open = next;
	}

	/**
	 * Adopts a commit of a vault that the server says it has stored.
	 *
	 * @param hash SHA-256 of its manifest.
	 */
	async wroteVault(vault: VaultState, hash: Bytes): Promise<void> {
		this.link.trail.add([vault.head]);
		await this.#adoptVault(vault);
		this.#passed.add(encode(hash));
		const { id } = vault.place;
		const pin = await this.pin();
		if (!isAt(pin.vaults[id], vault)) await this.catchUpVault(id, pin);
	}

	/** The same of the account, with its vaults under their new floors, one that is new among them. */
	async wroteAccount(
		state: AccountState,
		vaults: OpenAccount['vaults'],
		hash: Bytes
	): Promise<void> {
		const before = this.#open.state.vaults;
		this.link.trail.add([state.head, ...[...vaults.values()].map(({ head }) => head)]);
		await this.adopt({ state, vaults });
		wipeFresh(before, state.vaults);
		this.#passed.add(encode(hash));
		const pin = await this.pin();
		if (!isAt(pin, state)) await this.catchUpAccount(pin);
	}

	/**
	 * Adopts a rotation that was switched: other keys, so nothing of the state before goes on with it.
	 *
	 * @param hash SHA-256 of its account manifest.
	 */
	async switched(next: Pick<OpenAccount, 'state' | 'vaults'>, hash: Bytes): Promise<void> {
		const { state, vaults } = next;
		this.link.trail.add([state.head, ...[...vaults.values()].map(({ head }) => head)]);
		await this.adopt({ state, vaults, mustRotate: false });
		this.#passed.add(encode(hash));
		const pin = await this.pin();
		if (!isAt(pin, state)) await this.catchUpAccount(pin);
	}

	/**
	 * Whether the manifest with this hash was met on the way of a chain since unlocking: a write
	 * whose answer was lost has arrived if its manifest was.
	 */
	hasPassed(hash: Bytes): boolean {
		return this.#passed.has(encode(hash));
	}

	/** Fetches and verifies all that changed. */
	async refresh(): Promise<void> {
		await this.#catchUp(await this.pin(), undefined, () => true);
		const verifiedAtMs = this.link.ports.now();
		this.#open = { ...this.#open, verifiedAtMs, verifiedSince: new Map() };
	}

	/**
	 * Verifies what the server says of the account, and adopts it.
	 *
	 * @param pin as it was before the answer was asked for.
	 * @param served what a conflict carried; without it, it is fetched.
	 */
	async catchUpAccount(pin: AccountPin, served?: AccountHead): Promise<void> {
		await this.#catchUp(pin, served, (vault, { floorSeq }) => vault.manifest.seq < floorSeq);
	}

	/** As {@link catchUpAccount}, for one vault. */
	async catchUpVault(id: Id, pin: AccountPin, served?: VaultHead): Promise<void> {
		const vault = vaultOf(this.#open, id);
		const answer = served ?? (await this.#fetchVault(id, vault.manifest.seq, pin));
		checkGeneration(answer.manifest.generation, vault.manifest.generation);
		await this.#adoptVault(await this.#verifyNext(vault.place, vault, pin, answer));
		await this.#pass(answer);
	}

	async #adoptVault(vault: VaultState): Promise<void> {
		await this.adopt({ vaults: new Map(this.#open.vaults).set(vault.place.id, vault) });
	}

	/** Vaults with another manifest than before were fetched or written just now. */
	#verifiedSince(vaults: OpenAccount['vaults']): OpenAccount['verifiedSince'] {
		const { vaults: before, verifiedSince } = this.#open;
		const now = this.link.ports.now();
		const news = [...vaults].filter(([id, { manifest }]) => before.get(id)?.manifest !== manifest);
		return new Map([...verifiedSince, ...news.map(([id]) => [id, now] as const)]);
	}

	async #catchUp(
		pin: AccountPin,
		served: AccountHead | undefined,
		wanted: (vault: VaultState, place: VaultPlace) => boolean
	): Promise<void> {
		const { state: before } = this.#open;
		const { trail } = this.link;
		const from = { seq: before.manifest.seq, head: before.head };
		const query = { after: String(from.seq) };
		const answer = served ?? (await this.link.call(openingRoutes.account, { query }));
		checkGeneration(answer.generation, before.manifest.generation);
		const state = await verifyAccount(before, answer, { from, pin, trail }, before.vaults);
		try {
			await this.adopt({ state, vaults: await this.#vaultsOf(state, pin, wanted) });
		} catch (error) {
			wipeFresh(state.vaults, before.vaults);
			throw error;
		}
		// Of a vault that another device has dropped.
		wipeFresh(before.vaults, state.vaults);
		await this.#pass(answer);
	}

	/** The vaults that the account lists: fetched where they are new or `wanted`, else as they were. */
	async #vaultsOf(
		state: AccountState,
		pin: AccountPin,
		wanted: (vault: VaultState, place: VaultPlace) => boolean
	): Promise<Map<Id, VaultState>> {
		const vaults = new Map<Id, VaultState>();
		for (const place of state.vaults) {
			const had = this.#open.vaults.get(place.id);
			const own = had?.place.keys === place.keys ? had : undefined;
			if (own !== undefined && !wanted(own, place)) {
				vaults.set(place.id, { ...own, place });
			} else {
				const served = await this.#fetchVault(place.id, own?.manifest.seq, pin);
				vaults.set(place.id, await this.#verifyNext(place, own, pin, served));
				await this.#pass(served);
			}
		}
		return vaults;
	}

	async #pass({ chain, manifest }: VaultHead | AccountHead): Promise<void> {
		for (const hash of chain) this.#passed.add(encode(hash));
		this.#passed.add(encode(await sha256(manifest.blob)));
	}

	async #verifyNext(
		place: VaultPlace,
		own: VaultState | undefined,
		pin: AccountPin,
		served: VaultHead
	): Promise<VaultState> {
		const pinned = pin.vaults[place.id];
		const from = own === undefined ? pinned : { seq: own.manifest.seq, head: own.head };
		const known = { from, pin: pinned, trail: this.link.trail };
		return await verifyVault(place, served, known, own?.sheets ?? new Map());
	}

	/** @param after seq of the state that is held, undefined for a vault that is new here. */
	async #fetchVault(id: Id, after: number | undefined, pin: AccountPin): Promise<VaultHead> {
		const news = { params: { vault: id }, query: { after: String(after) } };
		const call = after === undefined ? wholeVault(id, pin.vaults[id]) : news;
		return await inVault(() => this.link.call(openingRoutes.vault, call));
	}
}

/**
 * One request about a vault.
 *
 * @throws {KeyholderError} `gone` if the server has none: another device may have dropped it, and
 * the account will say so once it is looked at.
 */
export async function inVault<T>(ask: () => Promise<T>): Promise<T> {
	try {
		return await ask();
	} catch (error) {
		if (!isProblem(error, 'not-found')) throw error;
		throw new KeyholderError('gone', 'the server has no such vault');
	}
}

/** Asks for all sheets of a vault, and for the chain from the pin on, if there is one. */
export function wholeVault(vault: Id, pin: ChainPin | undefined) {
	const params = { vault };
	return pin === undefined ? { params } : { params, query: { after: '0', chain: String(pin.seq) } };
}

/** The pins of `open`, as they are stored. */
export function pinChange(
	{ trail }: Link,
	open: Pick<OpenAccount, 'state' | 'vaults'>
): NonNullable<PinChange['account']> {
	return { id: open.state.account, pin: pinOf(open), descendsFrom: (head) => trail.has(head) };
}

/**
 * A rotation by another tab or device puts what is served out of reach of the keys that are held. It
 * is the server that says so, and not verified; all that follows from it is to unlock anew.
 *
 * @throws {KeyholderError} `auth`
 */
function checkGeneration(served: number, held: number): void {
	if (served > held) throw new KeyholderError('auth', 'keys of a later generation');
}

/** Whether the pins are where `held` is, or further. */
function reaches(pin: AccountPin, { state, vaults }: OpenAccount): boolean {
	if (pin.seq < state.manifest.seq) return false;
	// Another tab may have seen a vault go, with a later manifest of the account.
	const sameVaults = pin.seq === state.manifest.seq;
	return [...vaults].every(([id, { manifest }]) => {
		const seq = pin.vaults[id]?.seq;
		return seq === undefined ? !sameVaults : seq >= manifest.seq;
	});
}

/**
 * Whether the pin is the state that was just written. If not, another tab was further already: an
 * honest server's chain leads from the one to the other, and one that acknowledged a write in a
 * history that it showed nobody else has none.
 */
function isAt(
	pin: ChainPin | undefined,
	{ manifest, head }: Pick<VaultState | AccountState, 'manifest' | 'head'>
): boolean {
	return pin?.seq === manifest.seq && equal(pin.head, head);
}
