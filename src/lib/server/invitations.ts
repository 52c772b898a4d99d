/**
 * Invitations: made by the host's command, for one address, good for a week and for one account. The
 * account that it makes ends it, not the try: a registration that was never confirmed leaves it good.
 */
import { utf8, type Bytes, equal } from '#lib/encoding/bytes.ts';
import * as m from '#lib/i18n/any-language.ts';
import { readEmail } from '#lib/server/email.ts';
import { ServerError } from '#lib/server/errors.ts';
import { findLink, newLink } from '#lib/server/links.ts';
import { compose } from '#lib/server/mail/compose.ts';
import { languageOf } from '#lib/server/mail/language.ts';
import { queued } from '#lib/server/mail/queue.ts';
import type { Server } from '#lib/server/server.ts';

interface Invitation {
	readonly url: string;
	readonly expiresAtMs: number;
	/** Whether it is also on its way by mail. */
	readonly mailed: boolean;
}

/** Makes an invitation for an address. @throws {ServerError} `malformed` */
export async function invite(server: Server, typed: string): Promise<Invitation> {
	const email = readEmail(typed);
	const language = languageOf(undefined);
	const emailIndex = server.keys.index('email', utf8(email));
	const { url, expiresAtMs, statements } = newLink(server, 'invite', { emailIndex });
	const mailed = server.env.smtp !== undefined;
	const wording = {
		subject: m.mail_invite_subject({}, { locale: language }),
		lines: [m.mail_invite({}, { locale: language })],
		link: { label: m.mail_invite_link({}, { locale: language }), url }
	};
	const mail = mailed ? queued(server, compose(server, email, language, wording)) : [];
	const { outcome } = await server.database.write([...statements, ...mail]);
	if (outcome !== 'written') throw new ServerError('failed', 'an invitation was refused');
	return { url, expiresAtMs, mailed };
}

/** @throws {ServerError} `link` unless `token` is an invitation for `email` that is still good. */
export async function requireInvitation(
	server: Server,
	email: string,
	token: Bytes | undefined
): Promise<void> {
	if (token === undefined) throw new ServerError('link', 'no invitation');
	const { emailIndex } = await findLink(server, token, ['invite']);
	const own = server.keys.index('email', utf8(email));
	if (emailIndex === null || !equal(emailIndex, own)) {
		throw new ServerError('link', 'an invitation for another address');
	}
}
