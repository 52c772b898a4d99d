/**
 * Mails that anyone can ask for by typing an address. Whether it has an account shows in nothing: not
 * in the answer, not in what is read and written for it, not in what is counted.
 */
import { eq } from 'drizzle-orm';
import type { Language } from '#lib/api/mail.ts';
import { equal, utf8 } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { accounts } from '#lib/server/db/schema.ts';
import { nearestAccount, readEmail } from '#lib/server/email.ts';
import { ServerError } from '#lib/server/errors.ts';
import type { Counted } from '#lib/server/limits.ts';
import { languageOf } from '#lib/server/mail/language.ts';
import { NOBODY_MAIL } from '#lib/server/mail/queue.ts';
import { siteOf } from '#lib/server/network.ts';
import type { Server } from '#lib/server/server.ts';

/** What a mail is asked for. */
export type MailKind = 'register' | 'confirm' | 'recover' | 'erase' | 'email';

/** Whom a mail goes to. */
interface Owner {
	readonly account: Id | null;
	readonly language: Language;
	/** Of the account, or nobody's. */
	readonly to: string;
}

/**
 * Counts the try.
 *
 * @returns the address in its one form.
 * @throws {ServerError} `not-found` where no mail is sent; `malformed`; `limited`.
 */
export async function admitMail(
	server: Server,
	network: string,
	kind: MailKind,
	typed: string
): Promise<string> {
	requireMail(server);
	const email = readEmail(typed);
	await server.limits.reserve(mailLimits(network, kind, email));
	return email;
}

/** @throws {ServerError} `not-found` where no mail is sent. */
export function requireMail({ env }: Server): void {
	if (env.smtp === undefined) throw new ServerError('not-found', 'this server sends no mail');
}

/**
 * What a mail counts against. Each kind has its own count: nobody can use up the recovery links of
 * another but by having them mailed to the owner, who can use them.
 */
export function mailLimits(network: string, kind: MailKind, email: string): Counted[] {
	return [
		{ limit: 'mailsAddress', whom: [kind, email] },
		{ limit: 'mailsNetwork', whom: [siteOf(network)] }
	];
}

export async function ownerOf({ database, keys }: Server, email: string): Promise<Owner> {
	const index = keys.index('email', utf8(email));
	const [nearest] = await database.orm
		.select({ id: accounts.id, language: accounts.language, emailIndex: accounts.emailIndex })
		.from(accounts)
		.where(eq(accounts.id, nearestAccount(index)));
	const row = nearest !== undefined && equal(nearest.emailIndex, index) ? nearest : undefined;
	const language = languageOf(row?.language);
	return { account: row?.id ?? null, language, to: row === undefined ? NOBODY_MAIL : email };
}
