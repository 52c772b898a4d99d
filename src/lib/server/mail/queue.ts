/**
 * The queue of mails: rows that are written in the batch of what they tell of, so that there is no
 * mail of something that did not happen, and none is lost when the server stops. sender.ts sends
 * them.
 */
import { randomBytes } from 'node:crypto';
import { fromUtf8, utf8 } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import { z } from '#lib/api/zod.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { mails } from '#lib/server/db/schema-waiting.ts';
import { isMailable } from '#lib/server/mail/address.ts';
import type { Mail } from '#lib/server/mail/compose.ts';
import type { Server } from '#lib/server/server.ts';
import type { Place, Wrapped } from '#lib/server/wrap/wrapper.ts';

const ID_BYTES = 16;
/** The address of a mail that is sent to nobody. */
export const NOBODY_MAIL = '';
/** The longest address that is taken. */
const ADDRESS_LENGTH = 254;
/** Past this a mail helps nobody. */
export const MAIL_EXPIRES_MS = 3 * 86_400_000;

const Queued = z.strictObject({
	to: z.string(),
	subject: z.string(),
	text: z.string(),
	html: z.string(),
	pad: z.optional(z.string())
});

/** The statements that queue a mail. */
export function queued(server: Server, mail: Mail): readonly Statement[] {
	return newMail(server, mail).statements;
}

/**
 * A mail that waits as soon as its statements are written, by its name in the queue. One to an
 * address that mail cannot go to is queued like any other and sent to nobody: a request writes as
 * much for an address that has no account.
 */
export function newMail(
	{ database, wrapper, now }: Server,
	mail: Mail
): { id: string; statements: readonly Statement[] } {
	const id = idText(randomBytes(ID_BYTES));
	const to = isMailable(mail.to) ? mail.to : NOBODY_MAIL;
	// So that a row is as long for nobody as for anyone.
	const pad = ' '.repeat(Math.max(0, ADDRESS_LENGTH - to.length));
	const message = wrapper.wrap(mailPlace(id), utf8(JSON.stringify({ ...mail, to, pad })));
	const dueAt = now();
	const row = { id, message, tries: 0, dueAt, expiresAt: dueAt + MAIL_EXPIRES_MS };
	return { id, statements: [database.orm.insert(mails).values(row)] };
}

/** @throws {WrapError} if the row was changed. */
export function openMail({ wrapper }: Server, id: string, message: Wrapped): Mail {
	const text = fromUtf8(wrapper.unwrap(mailPlace(id), message));
	const { to, subject, text: plain, html } = z.parse(Queued, JSON.parse(text));
	return { to, subject, text: plain, html };
}

function mailPlace(id: string): Place {
	return { table: 'mails', row: [id], column: 'message' };
}
