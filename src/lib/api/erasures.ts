/** Starting over without password and kit: the account is erased after seven days of notices. */
import { MailToken, Email } from '#lib/api/mail.ts';
import { UnixMs } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';

/** Asks for the link that begins it. The answer is the same for every address. */
export const ErasureRequest = z.strictObject({ email: Email });
export type ErasureRequest = z.infer<typeof ErasureRequest>;

/** Follows a link: the one that begins it, or one of those that stop it. */
export const ErasureLink = z.strictObject({ token: MailToken });
export type ErasureLink = z.infer<typeof ErasureLink>;

export const ErasureBegun = z.strictObject({ eraseAtMs: UnixMs });
export type ErasureBegun = z.infer<typeof ErasureBegun>;

/** Whether one is under way, for whoever is signed in. */
export const ErasureState = z.strictObject({ eraseAtMs: z.optional(UnixMs) });
export type ErasureState = z.infer<typeof ErasureState>;
