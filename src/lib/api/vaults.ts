/** Vaults: sealed records, commits and chains, as they travel. Norm: docs/protocol.md, 7 and 10. */
import {
	CHAIN_LENGTH,
	COMMIT_RECORDS,
	ITEMS_PER_VAULT,
	SECRET_MAX_BYTES,
	SECRET_MIN_BYTES,
	SECRETS_PER_REQUEST,
	SHEET_MAX_BYTES,
	SHEET_MIN_BYTES,
	VAULT_MANIFEST_MAX_BYTES,
	VAULT_MANIFEST_MIN_BYTES
} from '#lib/api/limits.ts';
import { bytesBetween, Generation, Hash, Id, Seq } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';

export const VaultManifestBlob = bytesBetween(VAULT_MANIFEST_MIN_BYTES, VAULT_MANIFEST_MAX_BYTES);
const SheetBlob = bytesBetween(SHEET_MIN_BYTES, SHEET_MAX_BYTES);
const SecretBlob = bytesBetween(SECRET_MIN_BYTES, SECRET_MAX_BYTES);

/** Where a chain stood when a write was prepared: its seq and head hash. */
export const Expected = z.strictObject({ seq: Seq, head: Hash });
export type Expected = z.infer<typeof Expected>;

/** Hashes of the manifests strictly between the seq that was asked for and the head, ascending. */
export const Chain = z.array(Hash).check(z.maxLength(CHAIN_LENGTH));

export const SealedSheet = z.strictObject({ id: Id, revision: Seq, blob: SheetBlob });
export type SealedSheet = z.infer<typeof SealedSheet>;

export const SealedSecret = z.strictObject({ item: Id, revision: Seq, blob: SecretBlob });
export type SealedSecret = z.infer<typeof SealedSecret>;

/** `sheets` are those whose revision is above the seq that was asked for; all of one snapshot. */
export const VaultHead = z.strictObject({
	manifest: z.strictObject({ seq: Seq, generation: Generation, blob: VaultManifestBlob }),
	chain: Chain,
	sheets: z.array(SealedSheet).check(z.maxLength(ITEMS_PER_VAULT))
});
export type VaultHead = z.infer<typeof VaultHead>;

/** One change of a vault, all or nothing. The new manifest's seq is `expected.seq` + 1. */
export const CommitRequest = z
	.strictObject({
		expected: Expected,
		sheets: z.array(z.strictObject({ id: Id, blob: SheetBlob })).check(z.maxLength(COMMIT_RECORDS)),
		droppedSheets: z.array(Id).check(z.maxLength(COMMIT_RECORDS)),
		secrets: z
			.array(z.strictObject({ item: Id, blob: SecretBlob }))
			.check(z.maxLength(COMMIT_RECORDS)),
		droppedSecrets: z.array(Id).check(z.maxLength(COMMIT_RECORDS)),
		manifest: VaultManifestBlob
	})
	.check(
		z.refine((commit) => recordCount(commit) <= COMMIT_RECORDS),
		z.refine(({ sheets, droppedSheets }) =>
			distinct([...sheets.map((sheet) => sheet.id), ...droppedSheets])
		),
		z.refine(({ secrets, droppedSecrets }) =>
			distinct([...secrets.map((secret) => secret.item), ...droppedSecrets])
		)
	);
export type CommitRequest = z.infer<typeof CommitRequest>;

/** `conflict`: another device wrote first; verify the head, apply the intent again. */
export const CommitReply = z.discriminatedUnion('outcome', [
	z.strictObject({ outcome: z.literal('stored'), seq: Seq }),
	z.strictObject({ outcome: z.literal('conflict'), head: VaultHead })
]);
export type CommitReply = z.infer<typeof CommitReply>;

/**
 * Why secrets are fetched; each request leaves a row in the audit log. `export` needs a proof of
 * purpose 5, and more than one secret is an export.
 */
export const ReadPurpose = z.enum(['copy', 'reveal', 'edit', 'export']);
export type ReadPurpose = z.infer<typeof ReadPurpose>;

export const SecretsRequest = z
	.strictObject({
		items: z.array(Id).check(z.minLength(1), z.maxLength(SECRETS_PER_REQUEST)),
		purpose: ReadPurpose
	})
	.check(
		z.refine((request) => distinct(request.items)),
		z.refine(({ items, purpose }) => items.length === 1 || purpose === 'export')
	);
export type SecretsRequest = z.infer<typeof SecretsRequest>;

/** In the order asked for, none more, none fewer. */
export const SecretsReply = z.strictObject({
	secrets: z.array(SealedSecret).check(z.maxLength(SECRETS_PER_REQUEST))
});
export type SecretsReply = z.infer<typeof SecretsReply>;

function recordCount(
	commit: Readonly<
		Record<'sheets' | 'droppedSheets' | 'secrets' | 'droppedSecrets', readonly unknown[]>
	>
): number {
	const { sheets, droppedSheets, secrets, droppedSecrets } = commit;
	return sheets.length + droppedSheets.length + secrets.length + droppedSecrets.length;
}

function distinct(ids: readonly string[]): boolean {
	return new Set(ids).size === ids.length;
}
