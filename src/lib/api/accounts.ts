/** Registration: a whole account in one request. Norm: docs/protocol.md, 10. */
import { ACCOUNT_MANIFEST_MAX_BYTES, ACCOUNT_MANIFEST_MIN_BYTES } from '#lib/api/limits.ts';
import { Email, Language, MailToken } from '#lib/api/mail.ts';
import { KeyWrap, NewPasswordSlot, NewRecoverySlot } from '#lib/api/slots.ts';
import { VaultManifestBlob } from '#lib/api/vaults.ts';
import { bytesBetween, Id } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';

export const AccountManifestBlob = bytesBetween(
	ACCOUNT_MANIFEST_MIN_BYTES,
	ACCOUNT_MANIFEST_MAX_BYTES
);

/** What the host's log shows while a server that others can reach has no account. */
export const SetupCode = z.string().check(z.regex(/^[0-9A-HJKMNP-TV-Z]{12}$/));

/**
 * Every seq, generation and revision is 1; one slot of kind 1, then one of kind 2. `invitation`
 * where the server asks for one, `setupCode` for the first account of a server.
 */
export const RegisterRequest = z
	.strictObject({
		account: Id,
		email: Email,
		slots: z.tuple([NewPasswordSlot, NewRecoverySlot]),
		manifest: AccountManifestBlob,
		vault: z.strictObject({ id: Id, keyWrap: KeyWrap, manifest: VaultManifestBlob }),
		language: z.optional(Language),
		invitation: z.optional(MailToken),
		setupCode: z.optional(SetupCode)
	})
	.check(
		z.refine(({ slots }) => slots.every((slot) => slot.revision === 1)),
		z.refine(({ slots: [password, recovery] }) => password.id !== recovery.id)
	);
export type RegisterRequest = z.infer<typeof RegisterRequest>;

/**
 * `open`: the account is there. `confirm`: a mail is on its way, and the account will be there once
 * its link was followed; the same answer if the address has an account already.
 */
export const RegisterReply = z.strictObject({ account: Id, state: z.literal(['open', 'confirm']) });
export type RegisterReply = z.infer<typeof RegisterReply>;

/** Follows the link of a confirmation mail: the account that waits is made. */
export const ConfirmRequest = z.strictObject({ token: MailToken });
export type ConfirmRequest = z.infer<typeof ConfirmRequest>;

/** Asks for a mail. The answer is the same for every address. */
export const MailRequest = z.strictObject({ email: Email });
export type MailRequest = z.infer<typeof MailRequest>;

/** What a visitor must know of this server before there is an account. */
export const ServerInfo = z.strictObject({
	/** Whether mails are sent: confirmation, recovery by link, starting over and notices need it. */
	mail: z.boolean(),
	registration: z.literal(['open', 'invite', 'closed']),
	/** Whether the first account needs the code from the server's log. */
	setupCode: z.boolean()
});
export type ServerInfo = z.infer<typeof ServerInfo>;
