/** Slots as they are stored: what is wrapped, and what may be shown of them. */
import type {
	ListedSlot,
	NewPasskeySlot,
	NewPasswordSlot,
	NewRecoverySlot
} from '#lib/api/slots.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { acceptablePublicKey } from '#lib/server/auth/ed25519.ts';
import type { slots } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import { attested, type Credential } from '#lib/server/passkeys.ts';
import type { Server } from '#lib/server/server.ts';
import type { Place, Wrapped } from '#lib/server/wrap/wrapper.ts';

export const PASSWORD = 1;
export const RECOVERY = 2;
export const PASSKEY = 3;

/** What a challenge says where a slot has no salt. */
export const NO_SALT: Bytes = new Uint8Array(16);

export type SlotRow = typeof slots.$inferSelect;
type NewSlotRow = typeof slots.$inferInsert;
type Column =
	'profile' | 'salt' | 'locator' | 'auth_public_key' | 'credential' | 'credential_key' | 'wrap';

/** What a manifest and a row say where a passkey has no key of ours. */
const NO_KEY: Bytes = new Uint8Array(32);

/**
 * The row of a slot that is enrolled, or enrolled again.
 *
 * @throws {ServerError} `malformed` for a public key that cannot be used, or a passkey that was not
 * made here with its user verified.
 */
export async function newSlotRow(
	server: Server,
	account: Id,
	slot: NewPasswordSlot | NewRecoverySlot | NewPasskeySlot
): Promise<NewSlotRow> {
	if (slot.kind !== PASSKEY) {
		if (acceptablePublicKey(slot.authPublicKey)) return slotRow(server, account, slot);
		throw new ServerError('malformed', 'a public key that cannot be used');
	}
	const credential = await attested(server.env.origin, slot.attestation);
	if (credential === undefined) throw new ServerError('malformed', 'a passkey that is not good');
	return passkeyRow(server, account, slot, credential);
}

/** The row of a new slot whose public key was looked at. */
export function slotRow(
	server: Server,
	account: Id,
	slot: NewPasswordSlot | NewRecoverySlot
): NewSlotRow {
	const wrap = wrapFor(server, account, slot.id);
	const shared = sharedColumns(server, account, slot, slot.authPublicKey);
	if (slot.kind === PASSWORD) {
		const profile = wrap('profile', Uint8Array.of(slot.profile));
		return { ...shared, profile, salt: wrap('salt', slot.salt) };
	}
	const locatorIndex = server.keys.index('locator', slot.locator);
	return { ...shared, locatorIndex, locator: wrap('locator', slot.locator) };
}

function passkeyRow(
	server: Server,
	account: Id,
	slot: NewPasskeySlot,
	{ id, key, signCount }: Credential
): NewSlotRow {
	const wrap = wrapFor(server, account, slot.id);
	return {
		...sharedColumns(server, account, slot, NO_KEY),
		credentialIndex: server.keys.index('credential', id),
		credential: wrap('credential', id),
		credentialKey: wrap('credential_key', key),
		signCount
	};
}

function sharedColumns(
	server: Server,
	account: Id,
	{ id, kind, revision, wrap: blob }: NewPasswordSlot | NewRecoverySlot | NewPasskeySlot,
	publicKey: Bytes
) {
	const wrap = wrapFor(server, account, id);
	return {
		account,
		id,
		kind,
		revision,
		authPublicKey: wrap('auth_public_key', publicKey),
		wrap: wrap('wrap', blob),
		createdAt: server.now()
	};
}

function wrapFor({ wrapper }: Server, account: Id, id: Id) {
	return (column: Column, bytes: Uint8Array) => wrapper.wrap(placeOf([account, id], column), bytes);
}

/** The credential by which a passkey proves. */
export function credentialOf(
	server: Server,
	row: Pick<SlotRow, 'account' | 'id' | 'credential' | 'credentialKey' | 'signCount'>
): Credential {
	return {
		id: openColumn(server, row, 'credential', row.credential),
		key: openColumn(server, row, 'credential_key', row.credentialKey),
		signCount: row.signCount
	};
}

/** A slot without its wrap, for its owner. */
export function listedSlot(server: Server, row: SlotRow): ListedSlot {
	const { id, revision } = row;
	if (row.kind === PASSKEY) {
		const { createdAt: createdAtMs, usedAt } = row;
		const credential = openColumn(server, row, 'credential', row.credential);
		const passkey = { id, kind: PASSKEY, credential, createdAtMs, revision } as const;
		return usedAt === null ? passkey : { ...passkey, usedAtMs: usedAt };
	}
	const authPublicKey = openColumn(server, row, 'auth_public_key', row.authPublicKey);
	if (row.kind === PASSWORD) {
		const profile = profileOf(openColumn(server, row, 'profile', row.profile));
		const salt = openColumn(server, row, 'salt', row.salt);
		return { id, kind: PASSWORD, profile, salt, authPublicKey, revision };
	}
	const locator = openColumn(server, row, 'locator', row.locator);
	return { id, kind: RECOVERY, locator, authPublicKey, revision };
}

/** The bytes of one wrapped column. */
export function openColumn(
	{ wrapper }: Server,
	row: Pick<SlotRow, 'account' | 'id'>,
	column: Column,
	value: Wrapped | null
): Bytes {
	if (value === null) throw new ServerError('failed', `a slot has no ${column}`);
	return wrapper.unwrap(placeOf([row.account, row.id], column), value);
}

export function placeOf(row: readonly string[], column: Column): Place {
	return { table: 'slots', row, column };
}

function profileOf(bytes: Bytes): 1 | 2 {
	const [profile] = bytes;
	if (profile !== 1 && profile !== 2) throw new ServerError('failed', 'a slot of no profile');
	return profile;
}
