/** Slots as a client enrols them again. */
import type { NewPasswordSlot, NewRecoverySlot } from '#lib/api/slots.ts';
import { newKey, random } from './material.ts';
import type { Person } from './person.ts';

/** The password's slot with another password. */
export function passwordSlotOf(
	person: Person,
	{ revision = 2, key = newKey(), id = person.passwordSlot } = {}
): NewPasswordSlot {
	return {
		id,
		kind: 1,
		profile: 1,
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
