/**
 * What one tab of a browser lends the next one, in its exact form: whoever is handed it looks first,
 * because a port does not say who speaks.
 */
import { Generation, Id } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';
import { EMAIL_MAX_CHARACTERS } from '#lib/keyholder/typed.ts';

/** For WebCrypto to derive from. One that a program could read is not lent, and not taken. */
const EnclosedKey = z.custom<CryptoKey>(
	(key) =>
		key instanceof CryptoKey &&
		!key.extractable &&
		key.algorithm.name === 'HKDF' &&
		key.usages.join() === 'deriveBits'
);

const Email = z.string().check(z.maxLength(EMAIL_MAX_CHARACTERS));

export const Lent = z.strictObject({
	account: Id,
	/** Of the account key. */
	generation: Generation,
	/** The slot that was unlocked with. */
	slot: z.strictObject({ id: Id, kind: z.literal([1, 2, 3]) }),
	typed: z.optional(z.strictObject({ emailAsTyped: Email, email: Email })),
	keys: z.strictObject({
		manifest: EnclosedKey,
		vaultWrap: EnclosedKey,
		settings: EnclosedKey
	}),
	/** When it is to be forgotten. */
	autoLock: z.strictObject({
		idleMinutes: z.exactOptional(z.int().check(z.minimum(1), z.maximum(1_440))),
		afterSleep: z.exactOptional(z.boolean())
	})
});
export type Lent = z.infer<typeof Lent>;
