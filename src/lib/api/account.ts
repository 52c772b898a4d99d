/** The signed-in account: its slots, its manifest, its vault keys, its settings. */
import { AccountManifestBlob, Email } from '#lib/api/accounts.ts';
import {
	SETTINGS_MAX_BYTES,
	SETTINGS_MIN_BYTES,
	SLOTS_PER_ACCOUNT,
	VAULTS_PER_ACCOUNT
} from '#lib/api/limits.ts';
import { KeyWrap, ListedSlot } from '#lib/api/slots.ts';
import { Chain, Expected } from '#lib/api/vaults.ts';
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
 * One change of the account, all or nothing. The new manifest raises `floor_seq` or lists new
 * settings; changes of slots and vaults are not taken by this version.
 */
export const AccountCommitRequest = z.strictObject({
	expected: Expected,
	settings: z.optional(SettingsBlob),
	manifest: AccountManifestBlob
});
export type AccountCommitRequest = z.infer<typeof AccountCommitRequest>;

/** `conflict`: another device wrote first. */
export const AccountCommitReply = z.discriminatedUnion('outcome', [
	z.strictObject({ outcome: z.literal('stored'), seq: Seq }),
	z.strictObject({ outcome: z.literal('conflict'), head: AccountHead })
]);
export type AccountCommitReply = z.infer<typeof AccountCommitReply>;
