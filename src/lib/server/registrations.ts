/**
 * Registering. Two who register one email at the same moment are told apart by the unique index
 * alone. Where mail is sent nothing of an account is made before its link was followed: challenge and
 * verify know nothing of those who wait.
 *
 * Whether an address has an account then shows in nothing that a stranger sees. For one that has, a
 * row waits as well, under a link that is mailed to nobody, and its owner is told.
 */
import { randomBytes } from 'node:crypto';
import { RegisterRequest, type RegisterReply } from '#lib/api/accounts.ts';
import type { Language } from '#lib/api/mail.ts';
import { z } from '#lib/api/zod.ts';
import { fromUtf8, utf8 } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import * as m from '#lib/i18n/any-language.ts';
import { makeAccount } from '#lib/server/accounts.ts';
import { acceptablePublicKey } from '#lib/server/auth/ed25519.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { registrations } from '#lib/server/db/schema-waiting.ts';
import { readEmail } from '#lib/server/email.ts';
import { ServerError } from '#lib/server/errors.ts';
import { requireInvitation } from '#lib/server/invitations.ts';
import { registrationLimits } from '#lib/server/limits.ts';
import { newLink } from '#lib/server/links.ts';
import { isMailable } from '#lib/server/mail/address.ts';
import { mailLimits, ownerOf } from '#lib/server/mail/asked.ts';
import { compose, type Wording } from '#lib/server/mail/compose.ts';
import { languageOf } from '#lib/server/mail/language.ts';
import { queued } from '#lib/server/mail/queue.ts';
import type { Server } from '#lib/server/server.ts';
import { isSetupCode, needsSetupCode } from '#lib/server/setup-code.ts';
import type { Place, Wrapped, Wrapper } from '#lib/server/wrap/wrapper.ts';

const ID_BYTES = 16;
const WAITS_MS = 86_400_000;
/** About as many as a registration has. */
const DECOY_BYTES = 3_000;

/** A registration that waits, as far as it is read; its decoy stands in where none does. */
export interface Waiting {
	readonly id: string;
	readonly request: Wrapped;
}

/**
 * @throws {ServerError} `closed`, `setup-code`, `link` for an invitation that is not good,
 * `malformed` for an email or a key that cannot be one, `taken` where no mail is sent, `limited`.
 */
export async function register(
	server: Server,
	network: string,
	request: RegisterRequest
): Promise<RegisterReply> {
	if (server.env.registration === 'closed') {
		throw new ServerError('closed', 'This server takes no new accounts.');
	}
	if (!request.slots.every((slot) => acceptablePublicKey(slot.authPublicKey))) {
		throw new ServerError('malformed', 'a public key that cannot be used');
	}
	const { account } = request;
	const email = readEmail(request.email);
	const { smtp } = server.env;
	if (smtp !== undefined && !isMailable(email)) {
		throw new ServerError('malformed', 'no mail can go to that address');
	}
	await server.limits.reserve([
		...registrationLimits(network),
		...(smtp === undefined ? [] : mailLimits(network, 'register', email))
	]);
	await admit(server, email, request);
	if (smtp !== undefined) {
		await wait(server, email, request);
		return { account, state: 'confirm' };
	}
	if (!(await makeAccount(server, email, request))) {
		throw new ServerError('taken', 'the email or an id is taken');
	}
	return { account, state: 'open' };
}

/** The same work is done on it as on a registration that waits. */
export function openDecoyRegistration(wrapper: Wrapper): Waiting {
	const id = 'decoy';
	const text = JSON.stringify({ padding: 'x'.repeat(DECOY_BYTES) });
	return { id, request: wrapper.wrap(requestPlace(id), utf8(text)) };
}

export interface Asked {
	readonly to: string;
	readonly language: Language;
	/** Whether the address has an account: its link is made, and mailed to nobody. */
	readonly taken: boolean;
	readonly registration: string | null;
}

/** A new link for a registration, and the mail that holds it. */
export function mailStatements(
	server: Server,
	{ to, language, taken, registration }: Asked
): Statement[] {
	const link = newLink(server, 'confirm', { registration });
	const locale = { locale: language };
	const wording: Wording = taken
		? {
				subject: m.mail_taken_subject({}, locale),
				lines: [m.mail_taken({}, locale), m.mail_taken_advice({}, locale)]
			}
		: {
				subject: m.mail_confirm_subject({}, locale),
				lines: [m.mail_confirm({}, locale), m.mail_not_asked({}, locale)],
				link: { label: m.mail_confirm_link({}, locale), url: link.url }
			};
	return [...link.statements, ...queued(server, compose(server, to, language, wording))];
}

/** What waits, as JSON. */
export function requestIn({ wrapper }: Server, { id, request }: Waiting): unknown {
	return JSON.parse(fromUtf8(wrapper.unwrap(requestPlace(id), request)));
}

/**
 * Whether this server takes that account. The first one belongs to whoever can read the server's log,
 * also where others need an invitation: there is nobody yet to make one.
 */
async function admit(server: Server, email: string, request: RegisterRequest): Promise<void> {
	if (await needsSetupCode(server)) {
		if (isSetupCode(server, request.setupCode)) return;
		throw new ServerError('setup-code', 'the first account needs the set-up code');
	}
	if (server.env.registration === 'invite') {
		await requireInvitation(server, email, request.invitation);
	}
}

/** Keeps a registration until its link is followed, and mails the link. */
async function wait(server: Server, email: string, request: RegisterRequest): Promise<void> {
	const { database, wrapper, keys, now } = server;
	const owner = await ownerOf(server, email);
	const id = idText(randomBytes(ID_BYTES));
	const bytes = utf8(JSON.stringify(z.encode(RegisterRequest, request)));
	const row = {
		id,
		emailIndex: keys.index('email', utf8(email)),
		request: wrapper.wrap(requestPlace(id), bytes),
		createdAt: now(),
		expiresAt: now() + WAITS_MS
	};
	const taken = owner.account !== null;
	const language = taken ? owner.language : languageOf(request.language);
	const { outcome } = await database.write([
		database.orm.insert(registrations).values(row),
		...mailStatements(server, { to: email, language, taken, registration: id })
	]);
	if (outcome !== 'written') throw new ServerError('failed', 'a registration was refused');
}

function requestPlace(id: string): Place {
	return { table: 'registrations', row: [id], column: 'request' };
}
