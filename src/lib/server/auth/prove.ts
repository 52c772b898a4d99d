/**
 * Proofs: a challenge that the key of a slot signed, or a passkey. Whatever is wrong with one is the
 * same answer. Norm: docs/protocol.md, 9.
 */
import type { AuditEvent } from '#lib/api/activity.ts';
import type { Proof, Purpose } from '#lib/api/auth.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { NOBODY, record } from '#lib/server/audit.ts';
import { LOGIN, UNLOCK, type Prover } from '#lib/server/auth/admission.ts';
import { signerOf } from '#lib/server/auth/signer.ts';
import { openToken, type ChallengeTicket } from '#lib/server/auth/token.ts';
import { useUp, type Proved } from '#lib/server/auth/use-up.ts';
import { ServerError } from '#lib/server/errors.ts';
import type { LimitName } from '#lib/server/limit-table.ts';
import type { Server } from '#lib/server/server.ts';
import { PASSKEY } from '#lib/server/slots.ts';

const FAILED: Readonly<Partial<Record<Purpose, AuditEvent>>> = {
	[LOGIN]: 'sign-in.failed',
	[UNLOCK]: 'unlock.failed'
};

/** What a proof must be good for. */
interface Expectation {
	readonly purposes: readonly Purpose[];
	readonly actionHash?: Bytes;
}

/**
 * @returns the slot that proved, or `undefined` if the proof is not good.
 * @throws {ServerError} `limited` if too many proofs were wrong before; this one is not looked at.
 * `second-factor` if the proof is good and its code is not.
 */
export async function prove(
	server: Server,
	prover: Prover,
	proof: Proof,
	expected: Expectation
): Promise<Proved | undefined> {
	const { limits } = server;
	const ticket = openToken(server.keys, proof.token);
	const purpose = expected.purposes.find((allowed) => allowed === ticket?.purpose);
	if (ticket === undefined || purpose === undefined) return undefined;
	if (!fits(server, ticket, proof, prover)) return undefined;
	const session = purpose === LOGIN ? undefined : prover.session?.handle;
	const tried = { ...ticket, network: prover.network, session };
	const counted = await limits.ofProof(tried);
	const usedUp = await limits.reserve(counted);
	const { slot, good, signCount } = await signerOf(server, ticket, proof, expected.actionHash);
	if (slot === undefined || !good) {
		const event = FAILED[purpose] ?? 'proof.failed';
		await noteFailure(server, slot?.account ?? NOBODY, event, usedUp);
		return undefined;
	}
	const signed = { ticket, purpose, slot, signCount, tried, counted };
	const result = await useUp(server, signed, prover).catch((error: unknown) => {
		limits.owe(counted);
		throw error;
	});
	if (result instanceof ServerError) throw result;
	return result;
}

/** A token names the kind of the slot, and each kind has one way to prove. */
function fits(
	{ env, now }: Server,
	{ purpose, account, kind, expiresAtMs, origin }: ChallengeTicket,
	proof: Proof,
	{ session }: Prover
): boolean {
	if (expiresAtMs <= now() || origin !== env.origin) return false;
	if ('assertion' in proof !== (kind === PASSKEY)) return false;
	return purpose === LOGIN || account === session?.account;
}

/** The last try within a limit leaves a second row, so that a refusal costs no write. */
async function noteFailure(
	server: Server,
	account: string,
	event: AuditEvent,
	usedUp: readonly LimitName[]
): Promise<void> {
	for (const limit of usedUp)
		server.log.write('warn', 'a limit of wrong proofs is used up', { limit });
	const limited = usedUp.map((limit) => ({ event: 'proof.limited' as const, detail: limit }));
	await server.database.write(record(server, account, [{ event }, ...limited]));
}
