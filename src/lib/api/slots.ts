/** Slots: the ways into an account, as they travel. Norm: docs/protocol.md, 3. */
import { WRAPPED_KEY_BYTES } from '#lib/api/limits.ts';
import { bytesBetween, bytesOf, Id, Seq, UnixMs } from '#lib/api/wire.ts';
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

/** As the authenticator returned it. */
export const CredentialId = bytesBetween(1, 1_023);

const passkeySlot = { id: Id, kind: z.literal(3), revision: Seq };

export const NewPasswordSlot = z.strictObject({ ...passwordSlot, wrap: KeyWrap });
export type NewPasswordSlot = z.infer<typeof NewPasswordSlot>;
export const NewRecoverySlot = z.strictObject({ ...recoverySlot, wrap: KeyWrap });
export type NewRecoverySlot = z.infer<typeof NewRecoverySlot>;

/** What an authenticator returned when the credential was made (WebAuthn, 5.2.1). */
export const Attestation = z.strictObject({
	clientData: bytesBetween(1, 4_096),
	attestationObject: bytesBetween(1, 16_384)
});
export type Attestation = z.infer<typeof Attestation>;

/** A passkey that is enrolled now. */
export const NewPasskeySlot = z.strictObject({
	...passkeySlot,
	attestation: Attestation,
	wrap: KeyWrap
});
export type NewPasskeySlot = z.infer<typeof NewPasskeySlot>;
/** One that is there already and gets another wrap, in a rotation. */
export const KeptPasskeySlot = z.strictObject({ ...passkeySlot, wrap: KeyWrap });
export type KeptPasskeySlot = z.infer<typeof KeptPasskeySlot>;

/** A slot of a kind that this release speaks. `usedAtMs`: the last proof by this passkey. */
const SpokenSlot = z.discriminatedUnion('kind', [
	z.strictObject(passwordSlot),
	z.strictObject(recoverySlot),
	z.strictObject({
		...passkeySlot,
		credential: CredentialId,
		createdAtMs: UnixMs,
		usedAtMs: z.optional(UnixMs)
	})
]);
export type SpokenSlot = z.infer<typeof SpokenSlot>;

/**
 * One of a later release: whatever else it has, its kind is what a client needs to say that it is
 * too old, rather than that the answer is malformed.
 */
const LaterSlot = z.object({ id: Id, kind: z.int().check(z.minimum(4), z.maximum(255)) });

/** A slot as its owner may see it: no wrap, because a wrap is only given for a proof. */
export const ListedSlot = z.union([SpokenSlot, LaterSlot]);
export type ListedSlot = z.infer<typeof ListedSlot>;
