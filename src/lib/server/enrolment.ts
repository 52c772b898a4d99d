/** Enrolling slots: which revision one must have, and the statements that write it. */
import { and, eq } from 'drizzle-orm';
import type {
	KeptPasskeySlot,
	NewPasskeySlot,
	NewPasswordSlot,
	NewRecoverySlot
} from '#lib/api/slots.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { slots } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import type { Server } from '#lib/server/server.ts';
import { newSlotRow, openColumn, PASSWORD, placeOf, type SlotRow } from '#lib/server/slots.ts';

type NewSlot = NewPasswordSlot | NewRecoverySlot | NewPasskeySlot;
type EnrolledSlot = NewSlot | KeptPasskeySlot;

/**
 * Whether `slot` goes on from those that are there: its own with the next revision, or another one
 * with the first. A new key is made with the first one alone, and a passkey is never made twice.
 */
export function goesOn(there: readonly SlotRow[], slot: EnrolledSlot): boolean {
	const before = there.find(({ id }) => id === slot.id);
	if ('attestation' in slot || before === undefined) {
		return before === undefined && isFirst(slot);
	}
	return before.kind === slot.kind && slot.revision === before.revision + 1;
}

/**
 * Refuses a password that would cost less to guess than the one before: whoever got at a session and
 * a proof could make it cheap for whoever has a copy of the wrap, and the owner would not see it.
 *
 * @throws {ServerError} `malformed`
 */
export function checkProfiles(
	server: Server,
	there: readonly SlotRow[],
	written: readonly EnrolledSlot[]
): void {
	const before = profileThere(server, there);
	const lower = written.some((slot) => slot.kind === PASSWORD && slot.profile < before);
	if (lower) throw new ServerError('malformed', 'a password of a lower profile than before');
}

/** Whether `slot` is a password that costs more to guess than the one before. */
export function raisesProfile(
	server: Server,
	there: readonly SlotRow[],
	slot: EnrolledSlot
): boolean {
	return slot.kind === PASSWORD && slot.profile > profileThere(server, there);
}

/** 0 without a password, which is below every profile. */
function profileThere(server: Server, there: readonly SlotRow[]): number {
	const before = there.find(({ kind }) => kind === PASSWORD);
	if (before === undefined) return 0;
	const [profile = 0] = openColumn(server, before, 'profile', before.profile);
	return profile;
}

/** A passkey that is kept must be there; one that is made brings its attestation. */
function isFirst(slot: EnrolledSlot): boolean {
	return slot.revision === 1 && (slot.kind !== 3 || 'attestation' in slot);
}

/**
 * The statements that write `slot`, over the one of its id if there is one: when that was made, and
 * a kept passkey's credential, stay.
 *
 * @throws {ServerError} `malformed` for a key or a passkey that cannot be used.
 */
export async function slotStatements(
	server: Server,
	account: Id,
	slot: EnrolledSlot
): Promise<Statement[]> {
	const { orm } = server.database;
	if (isKept(slot)) {
		const wrap = server.wrapper.wrap(placeOf([account, slot.id], 'wrap'), slot.wrap);
		const own = and(eq(slots.account, account), eq(slots.id, slot.id));
		return [orm.update(slots).set({ revision: slot.revision, wrap }).where(own)];
	}
	const row = await newSlotRow(server, account, slot);
	const { revision, profile, salt, locator, locatorIndex, authPublicKey, wrap } = row;
	const set = { revision, profile, salt, locator, locatorIndex, authPublicKey, wrap };
	const target = [slots.account, slots.id];
	return [orm.insert(slots).values(row).onConflictDoUpdate({ target, set })];
}

function isKept(slot: EnrolledSlot): slot is KeptPasskeySlot {
	return slot.kind === 3 && !('attestation' in slot);
}
