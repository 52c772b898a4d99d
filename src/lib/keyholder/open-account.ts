/** An unlocked account: all that is known and verified of it. Replaced whole, never changed in place. */
import type { Id } from '#lib/api/wire.ts';
import type { Settings } from '#lib/items/key.ts';
import { readSettings } from '#lib/items/settings.ts';
import type { AccountState } from '#lib/keyholder/account-state.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { AccountKeys } from '#lib/protocol/account-keys.ts';
import type { VaultKeys } from '#lib/protocol/vault-keys.ts';
import type { AccountPin, ChainPin } from '#lib/keyholder/pins.ts';
import type { TypedEmail } from '#lib/keyholder/typed.ts';
import type { OpenEntry, VaultPlace, VaultState } from '#lib/keyholder/vault-state.ts';
import type { AccountView, KeyRow, VaultView } from '#lib/keyholder/views.ts';

/** Of an account's first vault, until its owner names it. */
export const FIRST_VAULT_NAME = 'Personal';

export interface OpenAccount {
	readonly typed: TypedEmail;
	readonly state: AccountState;
	readonly vaults: ReadonlyMap<Id, VaultState>;
	readonly verifiedAtMs: number;
	/** Whether there was a pin to compare with. */
	readonly known: boolean;
}

/** @throws {KeyholderError} `gone` if the account has no such vault. */
export function vaultOf({ vaults }: OpenAccount, id: Id): VaultState {
	const vault = vaults.get(id);
	if (vault === undefined) throw new KeyholderError('gone', 'no such vault');
	return vault;
}

/** Where all chains of the account stand. */
export function pinOf({ state, vaults }: Pick<OpenAccount, 'state' | 'vaults'>): AccountPin {
	const pins: Record<Id, ChainPin> = {};
	for (const [id, { manifest, head }] of vaults) {
		pins[id] = { generation: manifest.generation, seq: manifest.seq, head };
	}
	const { generation, seq } = state.manifest;
	return { generation, seq, head: state.head, vaults: pins };
}

export function viewOf({ typed, state, vaults, verifiedAtMs, known }: OpenAccount): AccountView {
	const settings = readSettings(state.settings ?? { v: 1 });
	return {
		account: state.account,
		email: typed.email,
		known,
		verifiedAtMs,
		vaults: [...vaults.values()].map((vault) => vaultView(vault, settings)),
		settings
	};
}

export function rowOf(vault: Id, { entry, overview, unreadable }: OpenEntry): KeyRow {
	const row = { vault, item: entry.id, revision: entry.revision, overview };
	return unreadable === undefined ? row : { ...row, unreadable };
}

/** Overwrites the keys that are plain bytes. The others never leave WebCrypto. */
export function wipe({ state }: OpenAccount): void {
	wipeAccountKeys(state.keys);
	for (const { keys } of state.vaults) wipeVaultKeys(keys);
}

export function wipeAccountKeys({ manifest, vaultWrap, settings }: AccountKeys): void {
	for (const key of [manifest, vaultWrap, settings]) key.fill(0);
}

export function wipeVaultKeys({ manifest, fingerprint }: VaultKeys): void {
	for (const key of [manifest, fingerprint]) key.fill(0);
}

/** Wipes keys of vaults that were unwrapped for a state that is not to be, and are not in `kept`. */
export function wipeFresh(places: readonly VaultPlace[], kept: readonly VaultPlace[] = []): void {
	for (const { keys } of places) {
		if (!kept.some((place) => place.keys === keys)) wipeVaultKeys(keys);
	}
}

function vaultView({ place: { id }, manifest, items }: VaultState, settings: Settings): VaultView {
	return {
		id,
		name: settings.vaults[id]?.name ?? FIRST_VAULT_NAME,
		seq: manifest.seq,
		keys: [...items.values()].map((open) => rowOf(id, open)),
		changedAtMs: manifest.unixMs
	};
}
