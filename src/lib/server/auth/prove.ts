/**
 * Proofs: a signature of a challenge by the key of a slot. Whatever is wrong with one is the same
 * answer. A good signature uses its challenge up in one write with the session that it begins.
 * Norm: docs/protocol.md, 9.
 */
import { and, eq } from 'drizzle-orm';
import type { Proof } from '#lib/api/auth.ts';
import { challengeMessage } from '#lib/encoding/challenge.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { NOBODY, record, type AuditEvent } from '#lib/server/audit.ts';
import { verifySignature } from '#lib/server/auth/ed25519.ts';
import type { NewSession, Session } from '#lib/server/auth/sessions.ts';
import { openToken, type ChallengeTicket } from '#lib/server/auth/token.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { slots, usedChallenges } from '#lib/server/db/schema.ts';
import type { LimitName } from '#lib/server/limit-table.ts';
import type { Server } from '#lib/server/server.ts';
import { openColumn, type SlotRow } from '#lib/server/slots.ts';

export const LOGIN = 1;
export const EXPORT = 5;
export const UNLOCK = 8;
type Purpose = typeof LOGIN | typeof EXPORT | typeof UNLOCK;

/** The action hash of a proof that allows no request. */
const NO_ACTION: Bytes = new Uint8Array(32);

const EVENTS: Readonly<Record<Purpose, AuditEvent>> = {
	[LOGIN]: 'sign-in',
	[EXPORT]: 'proof',
	[UNLOCK]: 'unlock'
};
const FAILED: Readonly<Record<Purpose, AuditEvent>> = {
	[LOGIN]: 'sign-in.failed',
	[EXPORT]: 'proof.failed',
	[UNLOCK]: 'unlock.failed'
};

/** What a proof must be good for. */
interface Expectation {
	readonly purposes: readonly Purpose[];
	/** Every purpose but login needs one. */
	readonly session: Session | undefined;
	readonly network: string;
	readonly actionHash?: Bytes;
	/** What asks, when it signs in. */
	readonly client?: 'web' | 'cli';
}

interface Proved {
	readonly purpose: Purpose;
	readonly slot: SlotRow;
	/** The session that began with this proof. */
	readonly begun: NewSession | undefined;
}

/**
 * @returns the slot that proved, or `undefined` if the proof is not good.
 * @throws {ServerError} `limited` if too many proofs were wrong before; this one is not looked at.
 */
export async function prove(
	server: Server,
	proof: Proof,
	expected: Expectation
): Promise<Proved | undefined> {
	const ticket = openToken(server.keys, proof.token);
	const purpose = expected.purposes.find((allowed) => allowed === ticket?.purpose);
	if (ticket === undefined || purpose === undefined) return undefined;
	if (!fits(server, ticket, purpose, expected)) return undefined;
	const session = purpose === LOGIN ? undefined : expected.session?.handle;
	const tried = { ...ticket, network: expected.network, session };
	const { limits } = server;
	const counted = await limits.ofProof(tried);
	const usedUp = await limits.reserve(counted);
	const { slot, good } = await signer(server, ticket, proof.signature, expected.actionHash);
	if (slot === undefined || !good) {
		await noteFailure(server, slot?.account ?? NOBODY, FAILED[purpose], usedUp);
		return undefined;
	}
	try {
		const begun = sessionAfter(server, purpose, slot.account, expected);
		const used = await useUp(server, ticket, purpose, [
			...limits.release(counted),
			...(purpose === LOGIN ? limits.remember(tried) : []),
			...(begun?.statements ?? [])
		]);
		if (used) return { purpose, slot, begun };
		await noteReplay(server, slot.account, limits.release(counted));
		return undefined;
	} catch (error) {
		limits.owe(counted);
		throw error;
	}
}

function fits(
	{ env, now }: Server,
	ticket: ChallengeTicket,
	purpose: Purpose,
	expected: Expectation
): boolean {
	if (ticket.expiresAtMs <= now() || ticket.origin !== env.origin) return false;
	return purpose === LOGIN || ticket.account === expected.session?.account;
}

/** The slot of the ticket, if there is one, and whether the signature is its. */
async function signer(
	server: Server,
	ticket: ChallengeTicket,
	signature: Bytes,
	actionHash = NO_ACTION
): Promise<{ slot: SlotRow | undefined; good: boolean }> {
	const [slot] = await server.database.orm
		.select()
		.from(slots)
		.where(and(eq(slots.account, ticket.account), eq(slots.id, ticket.slot)));
	const tried = slot ?? server.decoy;
	const publicKey = openColumn(server, tried, 'auth_public_key', tried.authPublicKey);
	const good = verifySignature(publicKey, challengeMessage({ ...ticket, actionHash }), signature);
	return { slot, good };
}

/**
 * Signing in begins a session. A step-up does too, so that a cookie that was stolen before it is
 * worth nothing after it; a command line, which no answer could hand a token, keeps its own.
 */
function sessionAfter(
	{ sessions }: Server,
	purpose: Purpose,
	account: Id,
	{ session, client = 'web' }: Expectation
): NewSession | undefined {
	if (purpose === LOGIN) return sessions.begin(account, client, session);
	return purpose === EXPORT && session?.client === 'web' ? sessions.renew(session) : undefined;
}

/** `false` if the challenge was used before: the primary key of the table decides between racers. */
async function useUp(
	{ database, now }: Server,
	{ account, challenge, expiresAtMs }: ChallengeTicket,
	purpose: Purpose,
	alongside: readonly Statement[]
): Promise<boolean> {
	const { outcome } = await database.write([
		database.orm.insert(usedChallenges).values({ challenge, expiresAt: expiresAtMs }),
		...alongside,
		...record(database, now(), account, [{ event: EVENTS[purpose] }])
	]);
	return outcome === 'written';
}

async function noteReplay(
	{ database, now }: Server,
	account: Id,
	alongside: readonly Statement[]
): Promise<void> {
	const event = 'proof.refused';
	await database.write([
		...alongside,
		...record(database, now(), account, [{ event, detail: 'used before' }])
	]);
}

/** The last try within a limit leaves a second row, so that a refusal costs no write. */
async function noteFailure(
	{ database, log, now }: Server,
	account: string,
	event: AuditEvent,
	usedUp: readonly LimitName[]
): Promise<void> {
	for (const limit of usedUp) log.write('warn', 'a limit of wrong proofs is used up', { limit });
	const limited = usedUp.map((limit) => ({ event: 'proof.limited' as const, detail: limit }));
	await database.write(record(database, now(), account, [{ event }, ...limited]));
}
