/**
 * Who made a proof: the slot that it is by, and whether it is good. A proof for a slot that there is
 * not is tried against a key that nobody holds, so that it costs the same. Norm: docs/protocol.md, 9.
 */
import { eq, sql } from 'drizzle-orm';
import type { Assertion, Proof } from '#lib/api/auth.ts';
import { challengeMessage } from '#lib/encoding/challenge.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { verifySignature } from '#lib/server/auth/ed25519.ts';
import { NO_ID, type ChallengeTicket } from '#lib/server/auth/token.ts';
import { sha256 } from '#lib/server/chain.ts';
import { slots } from '#lib/server/db/schema.ts';
import { asserted } from '#lib/server/passkeys.ts';
import type { Server } from '#lib/server/server.ts';
import { credentialOf, openColumn, PASSKEY, type SlotRow } from '#lib/server/slots.ts';

/** The action hash of a proof that allows no request. */
const NO_ACTION: Bytes = new Uint8Array(32);

interface Signer {
	/** Whose proof it says it is, if there is such a slot. */
	readonly slot: SlotRow | undefined;
	readonly good: boolean;
	/** What the authenticator of a passkey has counted now. */
	readonly signCount?: number;
}

export async function signerOf(
	server: Server,
	ticket: ChallengeTicket,
	proof: Proof,
	actionHash = NO_ACTION
): Promise<Signer> {
	const message = challengeMessage({ ...ticket, actionHash });
	if ('assertion' in proof) return await ofPasskey(server, ticket, proof.assertion, message);
	const slot = await slotNamed(server, ticket);
	const tried = slot ?? server.decoy;
	const publicKey = openColumn(server, tried, 'auth_public_key', tried.authPublicKey);
	return { slot, good: verifySignature(publicKey, message, proof.signature) };
}

async function ofPasskey(
	server: Server,
	ticket: ChallengeTicket,
	assertion: Assertion,
	message: Bytes
): Promise<Signer> {
	const found =
		ticket.slot === NO_ID
			? await slotOfCredential(server, assertion.credential)
			: await slotNamed(server, ticket);
	const slot = found?.kind === PASSKEY ? found : undefined;
	const credential = credentialOf(server, slot ?? server.decoy);
	const signCount = await asserted(server.env.origin, credential, sha256(message), assertion);
	if (signCount === undefined || !equal(credential.id, assertion.credential)) {
		return { slot, good: false };
	}
	return { slot, good: true, signCount };
}

/** The slot of the ticket. Where there is none the next one is read all the same, and left alone. */
async function slotNamed(
	{ database }: Server,
	{ account, slot: id }: ChallengeTicket
): Promise<SlotRow | undefined> {
	const first = sql`select rowid from ${slots}`;
	const from = sql`where (${slots.account}, ${slots.id}) >= (${account}, ${id})`;
	const inOrder = sql`order by ${slots.account}, ${slots.id} limit 1`;
	const nearest = sql`coalesce((${first} ${from} ${inOrder}), (${first} ${inOrder}))`;
	const [slot] = await database.orm
		.select()
		.from(slots)
		.where(sql`${slots}.rowid = ${nearest}`);
	return slot?.account === account && slot.id === id ? slot : undefined;
}

/** A sign-in by passkey names nobody: its credential does. */
async function slotOfCredential(
	{ database, keys }: Server,
	credential: Bytes
): Promise<SlotRow | undefined> {
	const [slot] = await database.orm
		.select()
		.from(slots)
		.where(eq(slots.credentialIndex, keys.index('credential', credential)));
	return slot;
}
