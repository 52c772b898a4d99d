/**
 * Coming back with the recovery kit. Where mail is sent the kit alone does not sign in: it needs the
 * link that was mailed to the account's address, so that paper which was found is not enough.
 */
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import * as m from '#lib/i18n/any-language.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { ServerError } from '#lib/server/errors.ts';
import { findLink, newLink, useUp } from '#lib/server/links.ts';
import { admitMail, ownerOf } from '#lib/server/mail/asked.ts';
import { compose } from '#lib/server/mail/compose.ts';
import { queued } from '#lib/server/mail/queue.ts';
import type { Server } from '#lib/server/server.ts';

/**
 * Mails the link to whoever owns an account of that address. For one that has none as much is
 * written, and nothing sent.
 *
 * @throws {ServerError} `not-found` where no mail is sent; `malformed`; `limited`.
 */
export async function mailRecovery(server: Server, network: string, typed: string): Promise<void> {
	const email = await admitMail(server, network, 'recover', typed);
	const { account, language, to } = await ownerOf(server, email);
	const link = newLink(server, 'recover', { account });
	const wording = {
		subject: m.mail_recover_subject({}, { locale: language }),
		lines: [m.mail_recover({}, { locale: language }), m.mail_not_asked({}, { locale: language })],
		link: { label: m.mail_recover_link({}, { locale: language }), url: link.url }
	};
	const mail = compose(server, to, language, wording);
	await server.database.write([...link.statements, ...queued(server, mail)]);
}

/**
 * What a sign-in by recovery kit needs besides its signature, where mail is sent: a recovery link of
 * this very account. To be called after the signature was found good.
 *
 * @returns statements for the batch of the sign-in, which fails if the link was used before.
 * @throws {ServerError} `link` if it is missing or not good.
 */
export async function requireRecoveryLink(
	server: Server,
	account: Id,
	link: Bytes | undefined
): Promise<Statement[]> {
	if (server.env.smtp === undefined) return [];
	if (link === undefined) throw new ServerError('link', 'a recovery without its link');
	const row = await findLink(server, link, ['recover']);
	if (row.account !== account) throw new ServerError('link', "another account's link");
	return useUp(server, account, row);
}
