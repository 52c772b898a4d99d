/**
 * Which of several databases a request is led to, by what it carries: a session's token, an address,
 * a link, a challenge. What a locator or a passkey belongs to shows in nothing, so all are asked for
 * it. Where there is one database nothing is looked at.
 */
import { eq } from 'drizzle-orm';
import type { ChallengeRequest, VerifyReply, VerifyRequest } from '#lib/api/auth.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { homeOfAddress, ledTo } from '#lib/server/addresses.ts';
import type { Prover } from '#lib/server/auth/admission.ts';
import { tokenIn, type Session } from '#lib/server/auth/sessions.ts';
import { challengeIn, NO_ID, openToken, sealToken } from '#lib/server/auth/token.ts';
import { verify } from '#lib/server/auth/verify.ts';
import { slots } from '#lib/server/db/schema.ts';
import type { Server } from '#lib/server/server.ts';

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

/** That of whom a challenge is asked for. Which one makes that of a passkey is all the same. */
export async function homeOfChallenge(server: Server, request: ChallengeRequest): Promise<Server> {
	const { shards } = server;
	if (!shards.several) return server;
	if ('email' in request) return await homeOfAddress(server, request.email);
	if (!('locator' in request)) return server;
	const { locator } = request;
	const found = await shards.having(({ database, keys }) =>
		isThere(database, eq(slots.locatorIndex, keys.index('locator', locator)))
	);
	return ledTo(server, found ?? shards.owning(locator));
}

/** Verifies where the slot is. A session of another database ends there when another begins. */
export async function verifyAtHome(
	server: Server,
	prover: Prover,
	request: VerifyRequest
): Promise<{ reply: VerifyReply; cookies: readonly string[] }> {
	if (!server.shards.several) return await verify(server, prover, request);
	const led = await leadProof(server, request);
	const home = ledTo(server, led.home);
	if (home.env.shard?.index === server.env.shard?.index) {
		return await verify(home, prover, led.request);
	}
	// Only a sign-in is good without a session, and it takes the place of what was there.
	const verified = await verify(home, { ...prover, session: undefined }, led.request);
	await endQuietly(server, prover.session);
	return verified;
}

/**
 * The challenge says which one made it. A passkey may be in another, which is handed the challenge as
 * one of its own.
 */
async function leadProof(
	{ shards }: Server,
	request: VerifyRequest
): Promise<{ home: Server; request: VerifyRequest }> {
	const maker = shards.owning(challengeIn(request.token));
	const ticket = 'assertion' in request ? openToken(maker.keys, request.token) : undefined;
	if (!('assertion' in request) || ticket?.slot !== NO_ID) return { home: maker, request };
	const { credential } = request.assertion;
	const found = await shards.having(({ database, keys }) =>
		isThere(database, eq(slots.credentialIndex, keys.index('credential', credential)))
	);
	const home = found ?? maker;
	return { home, request: { ...request, token: sealToken(home.keys, ticket) } };
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
