/** Slots as they are stored: what is wrapped, and what may be shown of them. */
import type { ListedSlot, NewPasswordSlot, NewRecoverySlot } from '#lib/api/slots.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { slots } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import type { Server } from '#lib/server/server.ts';
import type { Place, Wrapped } from '#lib/server/wrap/wrapper.ts';

export const PASSWORD = 1;
export const RECOVERY = 2;

/** What a challenge says where a slot has no salt. */
export const NO_SALT: Bytes = new Uint8Array(16);

export type SlotRow = typeof slots.$inferSelect;
type NewSlotRow = typeof slots.$inferInsert;
type Column = 'profile' | 'salt' | 'locator' | 'auth_public_key' | 'wrap';

/** The row of a new slot. */
export function slotRow(
	{ wrapper, keys, now }: Server,
	account: Id,
	slot: NewPasswordSlot | NewRecoverySlot
): NewSlotRow {
	const wrap = (column: Column, bytes: Uint8Array) =>
		wrapper.wrap(placeOf([account, slot.id], column), bytes);
	const shared = {
		account,
		id: slot.id,
		kind: slot.kind,
		revision: slot.revision,
		authPublicKey: wrap('auth_public_key', slot.authPublicKey),
		wrap: wrap('wrap', slot.wrap),
		createdAt: now()
	};
	if (slot.kind === PASSWORD) {
		const profile = wrap('profile', Uint8Array.of(slot.profile));
		return { ...shared, profile, salt: wrap('salt', slot.salt) };
	}
	const locatorIndex = keys.index('locator', slot.locator);
	return { ...shared, locatorIndex, locator: wrap('locator', slot.locator) };
}

/** A slot without its wrap, for its owner. */
export function listedSlot(server: Server, row: SlotRow): ListedSlot {
	const { id, revision } = row;
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
