/** The signed-in account: its slots, its manifest, its vault keys, its settings. */
import { AccountManifestBlob } from '#lib/api/accounts.ts';
import {
	ITEMS_PER_VAULT,
	SETTINGS_MAX_BYTES,
	SETTINGS_MIN_BYTES,
	SLOTS_PER_ACCOUNT,
	VAULTS_PER_ACCOUNT
} from '#lib/api/limits.ts';
import { Email, Language } from '#lib/api/mail.ts';
import {
	KeptPasskeySlot,
	KeyWrap,
	ListedSlot,
	NewPasskeySlot,
	NewPasswordSlot,
	NewRecoverySlot
} from '#lib/api/slots.ts';
import { Chain, Expected, VaultManifestBlob } from '#lib/api/vaults.ts';
import { bytesBetween, Generation, Id, Seq } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';

export const SettingsBlob = bytesBetween(SETTINGS_MIN_BYTES, SETTINGS_MAX_BYTES);

export const AccountHead = z.strictObject({
	account: Id,
	email: Email,
	generation: Generation,
	slots: z.array(ListedSlot).check(z.minLength(2), z.maxLength(SLOTS_PER_ACCOUNT)),
	manifest: z.strictObject({ seq: Seq, blob: AccountManifestBlob }),
	chain: Chain,
	vaults: z
		.array(z.strictObject({ id: Id, generation: Generation, keyWrap: KeyWrap }))
		.check(z.maxLength(VAULTS_PER_ACCOUNT)),
	settings: z.optional(SettingsBlob)
});
export type AccountHead = z.infer<typeof AccountHead>;

/**
 * One change of the account, all or nothing: a new password (its slot again, with the next
 * revision) or a new passkey in `slots`, new vaults, dropped vaults, settings, the email. Slots are
 * dropped by a rotation alone, because whoever held one may hold the account key.
 *
 * `language` says in the open what the settings say sealed: the server writes mails in it.
 *
 * A proof is needed of purpose 3 for `slots`, 2 for `email` (with its slot), 6 for `droppedVaults`.
 */
export const AccountCommitRequest = z.strictObject({
	expected: Expected,
	slots: z.array(z.union([NewPasswordSlot, NewPasskeySlot])).check(z.maxLength(1)),
	vaults: z
		.array(z.strictObject({ id: Id, keyWrap: KeyWrap, manifest: VaultManifestBlob }))
		.check(z.maxLength(1)),
	droppedVaults: z.array(Id).check(z.maxLength(1)),
	settings: z.optional(SettingsBlob),
	email: z.optional(Email),
	language: z.optional(Language),
	manifest: AccountManifestBlob
});
export type AccountCommitRequest = z.infer<typeof AccountCommitRequest>;

/** `conflict`: another device wrote first. */
export const AccountCommitReply = z.discriminatedUnion('outcome', [
	z.strictObject({ outcome: z.literal('stored'), seq: Seq }),
	z.strictObject({ outcome: z.literal('conflict'), head: AccountHead })
]);
export type AccountCommitReply = z.infer<typeof AccountCommitReply>;

/**
 * Accepts what the operator restored: the account's manifest and each refused vault's, on top of the
 * served heads, with the seq that the client chose. The only jump that the server allows; it needs a
 * proof of purpose 7. Settings are sealed for the seq of their manifest, so they come again with it.
 */
export const AcceptRestoreRequest = z.strictObject({
	expected: Expected,
	seq: Seq,
	settings: z.optional(SettingsBlob),
	manifest: AccountManifestBlob,
	vaults: z
		.array(z.strictObject({ id: Id, expected: Expected, seq: Seq, manifest: VaultManifestBlob }))
		.check(z.maxLength(VAULTS_PER_ACCOUNT))
});
export type AcceptRestoreRequest = z.infer<typeof AcceptRestoreRequest>;

/**
 * The switch of a rotation (docs/protocol.md, 10), with a proof of purpose 4: everything that was
 * staged under `rotation` takes the place of what is there, or nothing does. Slots that are not
 * among `slots` are dropped; vaults must be those that are there. `secretCount` is what the vault's
 * manifest counts: so many must wait, and a secret that does not is one that no sheet lists.
 */
export const RotationRequest = z.strictObject({
	rotation: Id,
	expected: Expected,
	slots: z
		.array(z.union([NewPasswordSlot, NewRecoverySlot, KeptPasskeySlot]))
		.check(z.minLength(2), z.maxLength(SLOTS_PER_ACCOUNT)),
	vaults: z
		.array(
			z.strictObject({
				id: Id,
				expected: Expected,
				secretCount: z.int().check(z.gte(0), z.lte(ITEMS_PER_VAULT)),
				keyWrap: KeyWrap,
				manifest: VaultManifestBlob
			})
		)
		.check(z.maxLength(VAULTS_PER_ACCOUNT)),
	settings: z.optional(SettingsBlob),
	manifest: AccountManifestBlob
});
export type RotationRequest = z.infer<typeof RotationRequest>;
