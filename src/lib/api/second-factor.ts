/** The second factor: TOTP (RFC 6238: SHA-1, 30 s, 6 digits) and ten backup codes. */
import { SecondFactorCode } from '#lib/api/auth.ts';
import { bytesOf } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';

export const BACKUP_CODES = 10;

export const SecondFactorState = z.strictObject({
	on: z.boolean(),
	/** Backup codes that were not used yet; 0 if it is off. */
	backupCodes: z.int().check(z.minimum(0), z.maximum(BACKUP_CODES))
});
export type SecondFactorState = z.infer<typeof SecondFactorState>;

/** A seed that does nothing until a code made from it is sent; asked for with a proof of purpose 2. */
export const SecondFactorSeed = z.strictObject({ seed: bytesOf(20) });
export type SecondFactorSeed = z.infer<typeof SecondFactorSeed>;

/** Turns it on with a code from the new seed, or off with a current one; each with a proof of purpose 2. */
export const SecondFactorChange = z.strictObject({ code: SecondFactorCode });
export type SecondFactorChange = z.infer<typeof SecondFactorChange>;

/** `wrong-code` is an answer: the person may look again. */
export const SecondFactorOn = z.discriminatedUnion('outcome', [
	z.strictObject({
		outcome: z.literal('on'),
		backupCodes: z
			.array(z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{10}$/)))
			.check(z.length(BACKUP_CODES))
	}),
	z.strictObject({ outcome: z.literal('wrong-code') })
]);
export type SecondFactorOn = z.infer<typeof SecondFactorOn>;

export const SecondFactorOff = z.strictObject({ outcome: z.literal(['off', 'wrong-code']) });
export type SecondFactorOff = z.infer<typeof SecondFactorOff>;
