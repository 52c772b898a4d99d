/** Parts of a rotation: sealed records that wait, seen by nobody, for the switch. Norm: docs/protocol.md, 10. */
import { COMMIT_RECORDS } from '#lib/api/limits.ts';
import { SecretBlob, SheetBlob } from '#lib/api/vaults.ts';
import { Id } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';

/** Records of one vault, sealed under its next key. A part that is sent again replaces its records. */
export const RotationPart = z
	.strictObject({
		vault: Id,
		sheets: z.array(z.strictObject({ id: Id, blob: SheetBlob })).check(z.maxLength(COMMIT_RECORDS)),
		secrets: z
			.array(z.strictObject({ item: Id, blob: SecretBlob }))
			.check(z.maxLength(COMMIT_RECORDS))
	})
	.check(z.refine(({ sheets, secrets }) => sheets.length + secrets.length <= COMMIT_RECORDS));
export type RotationPart = z.infer<typeof RotationPart>;
