/**
 * Challenges. Nothing is stored; the token carries everything back. An email or locator that has
 * no account is answered in the same shape, from a secret, after the same work, and gets the same
 * ids and salt at every try. Norm: docs/protocol.md, 9.
 */
import { randomBytes } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { PROOF_PURPOSE, type ChallengeReply, type ChallengeRequest } from '#lib/api/auth.ts';
import { CHALLENGE_LIFETIME_MS } from '#lib/api/limits.ts';
import { Writer } from '#lib/encoding/binary.ts';
import { equal, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { nearestAccount, readEmail } from '#lib/server/email.ts';
import { idText, type Id } from '#lib/encoding/id.ts';
import type { Session } from '#lib/server/auth/sessions.ts';
import { NO_ID, sealToken } from '#lib/server/auth/token.ts';
import { accounts, slots } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import type { Server } from '#lib/server/server.ts';
import {
	NO_SALT,
	openColumn,
	PASSKEY,
	PASSWORD,
	RECOVERY,
	type SlotRow
} from '#lib/server/slots.ts';
import type { ServerKeys } from '#lib/server/wrap/server-keys.ts';

const CHALLENGE_BYTES = 32;
const ID_BYTES = 16;
const SALT_BYTES = 16;

/** What a challenge says about the slot that it is for. */
interface Subject {
	readonly account: Id;
	readonly slot: Id;
	readonly kind: number;
	readonly profile: number;
	readonly salt: Bytes;
}

/** Of a sign-in by passkey, alike for everyone: who it is, the authenticator says. */
const SOMEBODY: Subject = {
	account: NO_ID,
	slot: NO_ID,
	kind: PASSKEY,
	profile: 0,
	salt: NO_SALT
};

/** Who asks for a challenge. */
export interface Asker {
	/** The session of the request, if it has one. */
	readonly session: Session | undefined;
	readonly network: string;
	/** What an address without an account is answered from, if not from the server's own keys. */
	readonly fakes?: ServerKeys;
}

/**
 * @throws {ServerError} `auth` for a purpose that needs a session, `not-found` for a slot that is
 * not this account's, `limited` if too many proofs for it were wrong.
 */
export async function challenge(
	server: Server,
	{ session, network, fakes = server.keys }: Asker,
	request: ChallengeRequest
): Promise<ChallengeReply> {
	const subject = await subjectOf(server, { session, fakes }, request);
	const inside = request.purpose === PROOF_PURPOSE.login ? undefined : session?.handle;
	const { limits } = server;
	await limits.check(await limits.ofProof({ ...subject, network, session: inside }));
	const ticket = {
		...subject,
		purpose: request.purpose,
		challenge: new Uint8Array(randomBytes(CHALLENGE_BYTES)),
		expiresAtMs: server.now() + CHALLENGE_LIFETIME_MS,
		origin: server.env.origin
	};
	const { account, slot, kind, profile, salt, challenge, expiresAtMs } = ticket;
	const token = sealToken(server.keys, ticket);
	return { account, slot, kind, profile, salt, challenge, expiresAtMs, token };
}

async function subjectOf(
	server: Server,
	{ session, fakes }: Required<Pick<Asker, 'session' | 'fakes'>>,
	request: ChallengeRequest
): Promise<Subject> {
	if ('email' in request) return await byEmail(server, fakes, readEmail(request.email));
	if ('locator' in request) return await byLocator(server, request.locator);
	if ('passkey' in request) return SOMEBODY;
	if (session === undefined) throw new ServerError('auth', 'this purpose needs a session');
	return await bySlot(server, session.account, request.slot);
}

async function byEmail(server: Server, fakes: ServerKeys, email: string): Promise<Subject> {
	const { keys, database, decoy } = server;
	const index = keys.index('email', utf8(email));
	const [row] = await database.orm
		.select({
			account: slots.account,
			id: slots.id,
			profile: slots.profile,
			salt: slots.salt,
			emailIndex: accounts.emailIndex
		})
		.from(accounts)
		.innerJoin(slots, and(eq(slots.account, accounts.id), eq(slots.kind, PASSWORD)))
		.where(eq(accounts.id, nearestAccount(index)));
	const fake = fakeSubject(fakes, PASSWORD, utf8(email));
	const opened = openSalt(server, row ?? decoy);
	if (row === undefined || !equal(row.emailIndex, index)) return { ...fake, profile: 1 };
	return { account: row.account, slot: row.id, kind: PASSWORD, ...opened };
}

async function byLocator(server: Server, locator: Bytes): Promise<Subject> {
	const { keys, database } = server;
	const rows = await database.orm
		.select({ account: slots.account, id: slots.id })
		.from(slots)
		.where(eq(slots.locatorIndex, keys.index('locator', locator)));
	const fake = fakeSubject(keys, RECOVERY, locator);
	const [row] = rows;
	const { account, slot } = row === undefined ? fake : { account: row.account, slot: row.id };
	return { account, slot, kind: RECOVERY, profile: 0, salt: NO_SALT };
}

async function bySlot(server: Server, account: Id, id: Id): Promise<Subject> {
	const [row] = await server.database.orm
		.select()
		.from(slots)
		.where(and(eq(slots.account, account), eq(slots.id, id)));
	if (row === undefined) throw new ServerError('not-found', 'no such slot');
	const { kind } = row;
	const opened = kind === PASSWORD ? openSalt(server, row) : { profile: 0, salt: NO_SALT };
	return { account, slot: id, kind, ...opened };
}

function openSalt(
	server: Server,
	row: Pick<SlotRow, 'account' | 'id' | 'profile' | 'salt'>
): { profile: number; salt: Bytes } {
	const [profile = 0] = openColumn(server, row, 'profile', row.profile);
	return { profile, salt: openColumn(server, row, 'salt', row.salt) };
}

function fakeSubject(keys: ServerKeys, kind: number, value: Bytes): Subject {
	const seed = new Writer().u8(kind).bytes(value).done();
	return {
		account: idText(keys.fake('account', seed).slice(0, ID_BYTES)),
		slot: idText(keys.fake('slot', seed).slice(0, ID_BYTES)),
		kind,
		profile: 0,
		salt: keys.fake('salt', seed).slice(0, SALT_BYTES)
	};
}
