/** Links of registrations that wait: mailed again, and followed. */
import { and, desc, eq, gt } from 'drizzle-orm';
import { RegisterRequest } from '#lib/api/accounts.ts';
import { z } from '#lib/api/zod.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { makeAccount } from '#lib/server/accounts.ts';
import { registrations } from '#lib/server/db/schema-waiting.ts';
import { readEmail } from '#lib/server/email.ts';
import { ServerError } from '#lib/server/errors.ts';
import { findLink } from '#lib/server/links.ts';
import { admitMail, ownerOf, requireMail } from '#lib/server/mail/asked.ts';
import { languageOf } from '#lib/server/mail/language.ts';
import { NOBODY_MAIL } from '#lib/server/mail/queue.ts';
import { mailStatements, requestIn } from '#lib/server/registrations.ts';
import type { Server } from '#lib/server/server.ts';

const Spoken = z.looseObject({ language: z.optional(z.string()) });

/**
 * Mails the link of the newest registration that waits for an address; tells an owner that there is
 * an account; for any other address as much is written, and nothing sent.
 *
 * @throws {ServerError} `not-found` where no mail is sent; `malformed`; `limited`.
 */
export async function mailConfirmation(
	server: Server,
	network: string,
	typed: string
): Promise<void> {
	const email = await admitMail(server, network, 'confirm', typed);
	const owner = await ownerOf(server, email);
	const [row] = await server.database.orm
		.select({ id: registrations.id, request: registrations.request })
		.from(registrations)
		.where(
			and(
				eq(registrations.emailIndex, server.keys.index('email', utf8(email))),
				gt(registrations.expiresAt, server.now())
			)
		)
		.orderBy(desc(registrations.createdAt))
		.limit(1);
	const { language: spoken } = z.parse(Spoken, requestIn(server, row ?? server.decoyRegistration));
	const taken = owner.account !== null;
	const to = taken || row !== undefined ? email : NOBODY_MAIL;
	const language = taken ? owner.language : languageOf(spoken);
	const registration = row?.id ?? null;
	await server.database.write(mailStatements(server, { to, language, taken, registration }));
}

/**
 * Follows the link of a confirmation: the account that waits is made.
 *
 * @throws {ServerError} `not-found` where no mail is sent; `link`, also if the address or an id was
 * taken meanwhile.
 */
export async function confirm(server: Server, token: Bytes): Promise<void> {
	requireMail(server);
	const link = await findLink(server, token, ['confirm']);
	const [row] = await server.database.orm
		.select()
		.from(registrations)
		.where(eq(registrations.id, link.registration ?? ''));
	if (row === undefined) throw new ServerError('link', 'what waited is gone');
	const request = z.decode(
		RegisterRequest,
		requestIn(server, row) as z.input<typeof RegisterRequest>
	);
	if (!(await makeAccount(server, readEmail(request.email), request))) {
		throw new ServerError('link', 'the email or an id is taken');
	}
}
