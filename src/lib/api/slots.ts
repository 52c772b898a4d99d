/** Slots: the ways into an account, as they travel. Norm: docs/protocol.md, 3. */
import { WRAPPED_KEY_BYTES } from '#lib/api/limits.ts';
import { bytesOf, Id, Seq } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';

export const KeyWrap = bytesOf(WRAPPED_KEY_BYTES);
/** Argon2id profiles by number: 1 = 64 MiB x 3, 2 = 256 MiB x 3. The table itself is compiled in. */
export const Profile = z.union([z.literal(1), z.literal(2)]);

const passwordSlot = {
	id: Id,
	kind: z.literal(1),
	profile: Profile,
	salt: bytesOf(16),
	authPublicKey: bytesOf(32),
	revision: Seq
};
const recoverySlot = {
	id: Id,
	kind: z.literal(2),
	locator: bytesOf(16),
	authPublicKey: bytesOf(32),
	revision: Seq
};

export const NewPasswordSlot = z.strictObject({ ...passwordSlot, wrap: KeyWrap });
export type NewPasswordSlot = z.infer<typeof NewPasswordSlot>;
export const NewRecoverySlot = z.strictObject({ ...recoverySlot, wrap: KeyWrap });
export type NewRecoverySlot = z.infer<typeof NewRecoverySlot>;

/** A slot of a kind that this release speaks. */
const SpokenSlot = z.discriminatedUnion('kind', [
	z.strictObject(passwordSlot),
	z.strictObject(recoverySlot)
]);
export type SpokenSlot = z.infer<typeof SpokenSlot>;

/**
 * One of a later release: whatever else it has, its kind is what a client needs to say that it is
 * too old, rather than that the answer is malformed.
 */
const LaterSlot = z.object({ id: Id, kind: z.int().check(z.minimum(3), z.maximum(255)) });

/** A slot as its owner may see it: no wrap, because a wrap is only given for a proof. */
export const ListedSlot = z.union([SpokenSlot, LaterSlot]);
export type ListedSlot = z.infer<typeof ListedSlot>;
