/**
 * Which of several databases a request is led to, by what it carries: a session's token, an address,
 * a link, a challenge's MAC. What a locator or a passkey belongs to shows in nothing, so all are asked for
 * it. Where there is one database nothing is looked at.
 */
import { eq } from 'drizzle-orm';
import type {
	ChallengeReply,
	ChallengeRequest,
	VerifyReply,
	VerifyRequest
} from '#lib/api/auth.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { homeOfAddress, ledTo } from '#lib/server/addresses.ts';
import { LOGIN, type Prover } from '#lib/server/auth/admission.ts';
import { challenge, type Asker } from '#lib/server/auth/challenge.ts';
import { tokenIn, type Session } from '#lib/server/auth/sessions.ts';
import { NO_ID, openToken, sealToken, type ChallengeTicket } from '#lib/server/auth/token.ts';
import { verify } from '#lib/server/auth/verify.ts';
import { slots } from '#lib/server/db/schema.ts';
import { readEmail } from '#lib/server/email.ts';
import { ServerError } from '#lib/server/errors.ts';
import { problemIn } from '#lib/server/problem.ts';
import type { Server } from '#lib/server/server.ts';
import type { Shards } from '#lib/server/shards.ts';

/** Who may have a session that could not be asked for. */
interface Led {
	/** Why: the database of the session is away. A sign-in needs none and goes on. */
	readonly away: ServerError | undefined;
}

/** That of the session which a request names; without one, that which answers for all. */
export function homeOfSession(front: Server, headers: Headers): Server {
	if (!front.shards.several) return front;
	const named = tokenIn(headers);
	return named === undefined ? front : front.shards.owning(Buffer.from(named.token, 'base64url'));
}

/** That which made a link. */
export function homeOfLink(server: Server, token: Bytes): Server {
	return server.shards.several ? ledTo(server, server.shards.owning(token)) : server;
}

/** Asks that of whom the challenge is for. Which one makes that of a passkey is all the same. */
export async function challengeAtHome(
	server: Server,
	asker: Asker & Led,
	request: ChallengeRequest
): Promise<ChallengeReply> {
	const { shards } = server;
	if (!shards.several) return await challenge(server, asker, request);
	if (asker.away !== undefined && request.purpose !== LOGIN) throw asker.away;
	if ('passkey' in request) return await challengeOfAny(shards, asker, request);
	if ('email' in request) {
		// Of the database of its hash, so that what is made up stays as it was when the address moves.
		const fakes = shards.owning(utf8(readEmail(request.email))).keys;
		const home = await homeOfAddress(server, request.email);
		return await challenge(home, { ...asker, fakes }, request);
	}
	if (!('locator' in request)) return await challenge(server, asker, request);
	const { locator } = request;
	const found = await shards.having(({ database, keys }) =>
		isThere(database, eq(slots.locatorIndex, keys.index('locator', locator)))
	);
	return await challenge(ledTo(server, found ?? shards.owning(locator)), asker, request);
}

/** Of the first that can. */
async function challengeOfAny(
	shards: Shards,
	asker: Asker,
	request: ChallengeRequest
): Promise<ChallengeReply> {
	let away: ServerError | undefined;
	for (const server of shards.open()) {
		try {
			return await challenge(server, asker, request);
		} catch (error) {
			away = problemIn(error);
			if (away.code !== 'busy') throw error;
		}
	}
	throw away ?? new ServerError('busy', 'all databases are away');
}

/** Verifies where the slot is. A session of another database ends there when another begins. */
export async function verifyAtHome(
	server: Server,
	prover: Prover & Led,
	request: VerifyRequest
): Promise<{ reply: VerifyReply; cookies: readonly string[] }> {
	if (!server.shards.several) return await verify(server, prover, request);
	const led = await leadProof(server, request);
	if (prover.away !== undefined && led.purpose !== LOGIN) throw prover.away;
	const home = ledTo(server, led.home);
	if (home.database === server.database) {
		return await verify(home, prover, led.request);
	}
	// Only a sign-in is good without a session, and it takes the place of what was there.
	const verified = await verify(home, { ...prover, session: undefined }, led.request);
	await endQuietly(server, prover.session);
	return verified;
}

/**
 * The one whose key opens the challenge made it: nothing that others can read may tell, because it
 * would tell of an address whether it moved. A passkey may be in another than that, which is handed
 * the challenge as one of its own.
 */
async function leadProof(
	server: Server,
	request: VerifyRequest
): Promise<{ home: Server; request: VerifyRequest; purpose: number | undefined }> {
	const { shards } = server;
	const { maker, ticket } = makerOf(server, request.token);
	const purpose = ticket?.purpose;
	if (!('assertion' in request) || ticket?.slot !== NO_ID) return { home: maker, request, purpose };
	const { credential } = request.assertion;
	const found = await shards.having(({ database, keys }) =>
		isThere(database, eq(slots.credentialIndex, keys.index('credential', credential)))
	);
	const home = found ?? maker;
	return { home, request: { ...request, token: sealToken(home.keys, ticket) }, purpose };
}

/**
 * Tries them all, so that the time does not tell either. One that none of them made is any one's to
 * refuse.
 *
 * @throws {ServerError} `busy` if one could not be opened yet: it could have been that.
 */
function makerOf(
	server: Server,
	token: Bytes
): { maker: Server; ticket: ChallengeTicket | undefined } {
	const { shards } = server;
	const tried = shards.open().map((maker) => ({ maker, ticket: openToken(maker.keys, token) }));
	const made = tried.find(({ ticket }) => ticket !== undefined);
	if (made !== undefined) return made;
	shards.all();
	return { maker: server, ticket: undefined };
}

async function isThere({ orm }: Server['database'], which: ReturnType<typeof eq>) {
	const rows = await orm.select({ id: slots.id }).from(slots).where(which).limit(1);
	return rows.length > 0;
}

/** The browser has forgotten it: where its database is away it ends by itself. */
async function endQuietly(server: Server, session: Session | undefined): Promise<void> {
	if (session === undefined) return;
	await server.database.write([server.sessions.end(session)]).catch(() => undefined);
}
