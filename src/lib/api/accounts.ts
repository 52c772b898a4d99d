/** Registration: a whole account in one request. Norm: docs/protocol.md, 10. */
import { ACCOUNT_MANIFEST_MAX_BYTES, ACCOUNT_MANIFEST_MIN_BYTES } from '#lib/api/limits.ts';
import { KeyWrap, NewPasswordSlot, NewRecoverySlot } from '#lib/api/slots.ts';
import { VaultManifestBlob } from '#lib/api/vaults.ts';
import { bytesBetween, Id } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';

/** As typed; both sides apply the rule of docs/protocol.md, 2, before they use it. */
export const Email = z.string().check(z.minLength(3), z.maxLength(320));
export const AccountManifestBlob = bytesBetween(
	ACCOUNT_MANIFEST_MIN_BYTES,
	ACCOUNT_MANIFEST_MAX_BYTES
);

/** Every seq, generation and revision is 1; one slot of kind 1, then one of kind 2. */
export const RegisterRequest = z
	.strictObject({
		account: Id,
		email: Email,
		slots: z.tuple([NewPasswordSlot, NewRecoverySlot]),
		manifest: AccountManifestBlob,
		vault: z.strictObject({ id: Id, keyWrap: KeyWrap, manifest: VaultManifestBlob })
	})
	.check(
		z.refine(({ slots }) => slots.every((slot) => slot.revision === 1)),
		z.refine(({ slots: [password, recovery] }) => password.id !== recovery.id)
	);
export type RegisterRequest = z.infer<typeof RegisterRequest>;

export const RegisterReply = z.strictObject({ account: Id });
export type RegisterReply = z.infer<typeof RegisterReply>;
