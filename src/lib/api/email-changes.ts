/** Another email: confirmed at both addresses, then written by an account commit. */
import { Email, MailToken } from '#lib/api/mail.ts';
import { z } from '#lib/api/zod.ts';

/** Asks for the change, with a proof of purpose 2. Without mail there is nothing to confirm. */
export const EmailChangeRequest = z.strictObject({ email: Email });
export type EmailChangeRequest = z.infer<typeof EmailChangeRequest>;

/** `none`, or a change that waits for its two links; a day later it is forgotten. */
export const EmailChangeState = z.discriminatedUnion('state', [
	z.strictObject({ state: z.literal('none') }),
	z.strictObject({
		state: z.literal('waiting'),
		email: Email,
		oldConfirmed: z.boolean(),
		newConfirmed: z.boolean()
	})
]);
export type EmailChangeState = z.infer<typeof EmailChangeState>;

export const EmailChangeLink = z.strictObject({ token: MailToken });
export type EmailChangeLink = z.infer<typeof EmailChangeLink>;
