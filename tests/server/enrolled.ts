/** Slots as a client enrols them again. */
import type { NewPasswordSlot, NewRecoverySlot } from '#lib/api/slots.ts';
import type { Id } from '#lib/encoding/id.ts';
import { newKey, random, type Key } from './material.ts';
import type { Person } from './person.ts';

/** The password's slot with another password. */
export function passwordSlotOf(
	person: Person,
	{
		revision = 2,
		key = newKey(),
		id = person.passwordSlot,
		profile = 1
	}: { revision?: number; key?: Key; id?: Id; profile?: 1 | 2 } = {}
): NewPasswordSlot {
	return {
		id,
		kind: 1,
		profile,
		salt: random(16),
		authPublicKey: key.publicKey,
		revision,
		wrap: random(117)
	};
}

/** The recovery slot with another kit. */
export function recoverySlotOf(
	person: Person,
	{ revision = 2, key = newKey(), id = person.recoverySlot } = {}
): NewRecoverySlot {
	return {
		id,
		kind: 2,
		locator: random(16),
		authPublicKey: key.publicKey,
		revision,
		wrap: random(117)
	};
}
