/** An unlocked account: all that is known and verified of it. Replaced whole, never changed in place. */
import type { Id } from '#lib/api/wire.ts';
import type { Settings } from '#lib/items/key.ts';
import { readSettings } from '#lib/items/settings.ts';
import type { AccountState } from '#lib/keyholder/account-state.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { AccountKeys } from '#lib/protocol/account-keys.ts';
import type { ManifestSlot } from '#lib/protocol/account-manifest.ts';
import { SLOT_KIND } from '#lib/protocol/slots.ts';
import type { VaultKeys } from '#lib/protocol/vault-keys.ts';
import type { AccountPin, ChainPin } from '#lib/keyholder/pins.ts';
import type { TypedEmail } from '#lib/keyholder/typed.ts';
import type { OpenEntry, VaultPlace, VaultState } from '#lib/keyholder/vault-state.ts';
import type { AccountView, KeyRow, SlotView, VaultView } from '#lib/keyholder/views.ts';

/** Of an account's first vault, until its owner names it. */
export const FIRST_VAULT_NAME = 'Personal';

const KIND_NAMES = { 1: 'password', 2: 'recovery', 3: 'passkey' } as const;

export interface OpenAccount {
	/** Undefined after a sign-in by passkey, until the person has typed it. */
	readonly typed: TypedEmail | undefined;
	readonly state: AccountState;
	readonly vaults: ReadonlyMap<Id, VaultState>;
	/** When all of it was fetched and verified. */
	readonly verifiedAtMs: number;
	/** The same of single vaults that were fetched, or written on top of the newest, since. */
	readonly verifiedSince: ReadonlyMap<Id, number>;
	/** Whether there was a pin to compare with. */
	readonly known: boolean;
	/**
	 * Whether nothing but a rotation may be written: a kit was used, which somebody may have seen, or
	 * an accepted restore brought keys back that were given up.
	 */
	readonly mustRotate: boolean;
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

export function viewOf(open: OpenAccount): AccountView {
	const { typed, state, vaults, verifiedAtMs, known } = open;
	const settings = readSettings(state.settings ?? { v: 1 });
	return {
		account: state.account,
		email: typed?.email ?? '',
		slots: state.manifest.slots.map((slot) => slotView(slot, state, settings)),
		unlockedBy: KIND_NAMES[state.slot.kind],
		known,
		verifiedAtMs,
		vaults: inOrder([...vaults.values()], settings).map((vault) =>
			vaultView(vault, settings, open)
		),
		settings
	};
}

export function rowOf(vault: Id, { entry, overview, unreadable }: OpenEntry): KeyRow {
	const row = { vault, item: entry.id, revision: entry.revision, overview };
	return unreadable === undefined ? row : { ...row, unreadable };
}

/** Overwrites the keys that are plain bytes. The others never leave WebCrypto. */
export function wipe({ state }: Pick<OpenAccount, 'state'>): void {
	wipeAccountKeys(state.keys);
	for (const { keys } of state.vaults) wipeVaultKeys(keys);
}

export function wipeAccountKeys({ manifest, vaultWrap, settings }: AccountKeys): void {
	for (const key of [manifest, vaultWrap, settings]) {
		if (!(key instanceof CryptoKey)) key.fill(0);
	}
}

export function wipeVaultKeys({ manifest, fingerprint }: VaultKeys): void {
	for (const key of [manifest, fingerprint]) key.fill(0);
}

/** Wipes keys of vaults of a state that is not to be, or is no more, and that are not in `kept`. */
export function wipeFresh(places: readonly VaultPlace[], kept: readonly VaultPlace[] = []): void {
	for (const { keys } of places) {
		if (!kept.some((place) => place.keys === keys)) wipeVaultKeys(keys);
	}
}

/** All of it is the manifest's and the settings', but for when a passkey was used: the server's word. */
function slotView(
	{ id, kind, profile, createdMs: createdAtMs }: ManifestSlot,
	{ slots }: AccountState,
	settings: Settings
): SlotView {
	const served = slots.find((slot) => slot.id === id);
	const name = settings.passkeys?.[id]?.name;
	if (kind === SLOT_KIND.password) return { id, kind: 'password', profile, createdAtMs };
	if (kind === SLOT_KIND.recovery) return { id, kind: 'recovery', createdAtMs };
	const usedAtMs = served?.kind === SLOT_KIND.passkey ? served.usedAtMs : undefined;
	return {
		id,
		kind: 'passkey',
		createdAtMs,
		...(name === undefined ? {} : { name }),
		...(usedAtMs === undefined ? {} : { usedAtMs })
	};
}

/** As they were made: the manifest orders them by their random ids, the settings keep the order. */
function inOrder(vaults: readonly VaultState[], settings: Settings): readonly VaultState[] {
	const made = Object.keys(settings.vaults);
	const at = ({ place: { id } }: VaultState) =>
		made.includes(id) ? made.indexOf(id) : made.length;
	return [...vaults].sort((a, b) => at(a) - at(b));
}

function vaultView(
	{ place: { id }, manifest, items }: VaultState,
	settings: Settings,
	{ verifiedAtMs, verifiedSince }: OpenAccount
): VaultView {
	return {
		id,
		name: settings.vaults[id]?.name ?? FIRST_VAULT_NAME,
		seq: manifest.seq,
		keys: [...items.values()].map((open) => rowOf(id, open)),
		changedAtMs: manifest.unixMs,
		verifiedAtMs: verifiedSince.get(id) ?? verifiedAtMs
	};
}
