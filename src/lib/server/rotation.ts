/**
 * The switch of a rotation: everything that was staged takes the place of what is there, or nothing
 * does. Norm: docs/protocol.md, 10.
 *
 * It is one batch, whose every condition is the database's own: the account and each vault stand
 * where the writer saw them, and what waits for a vault fits what is there. Where one does not hold,
 * a NOT NULL column refuses the batch whole.
 *
 * A vault of 20,000 keys takes it a second or two, so it is written in turns: others go on reading
 * what was there before, and their writes wait.
 */
import { and, eq, notInArray, sql } from 'drizzle-orm';
import type { AccountCommitReply, RotationRequest } from '#lib/api/account.ts';
import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import type { Id } from '#lib/encoding/id.ts';
import { accountAt, accountStep, conflict, type Found } from '#lib/server/account.ts';
import { record } from '#lib/server/audit.ts';
import { requireProof } from '#lib/server/auth/proof.ts';
import type { Session } from '#lib/server/auth/sessions.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { accounts, slots } from '#lib/server/db/schema.ts';
import { deviceOf } from '#lib/server/device.ts';
import type { Member } from '#lib/server/endpoint.ts';
import { checkProfiles, goesOn, slotStatements } from '#lib/server/enrolment.ts';
import { ServerError } from '#lib/server/errors.ts';
import { notify } from '#lib/server/mail/notices.ts';
import { vaultsAnew } from '#lib/server/rotated-vaults.ts';
import { forgetWaiting } from '#lib/server/rotations.ts';
import type { Server } from '#lib/server/server.ts';
import { endOtherSessions } from '#lib/server/sessions.ts';
import { PASSWORD, RECOVERY } from '#lib/server/slots.ts';
import { countShare } from '#lib/server/storage.ts';

/**
 * Gives the account a new key: one generation more of it and of every vault, slots and records
 * replaced whole, all other sessions ended.
 *
 * @returns a conflict for whatever does not fit what is there. The client reads the account anew,
 * stages anew and tries again: that is the cure for all of them.
 * @throws {ServerError} `malformed` for slots that no account could have, or a lower profile; `proof`.
 */
export async function rotate(
	member: Member,
	request: RotationRequest
): Promise<AccountCommitReply> {
	const { server, claim, account } = member;
	const { expected } = request;
	checkSlots(request);
	const session = await requireProof(member, PROOF_PURPOSE.rotate);
	const found = await accountAt(server, account, expected);
	if (found === undefined || !fits(found, request)) {
		return await conflict(server, claim, account, expected);
	}
	checkProfiles(server, found.slots, request.slots);
	const device = deviceOf(member.event.request.headers);
	const { outcome } = await server.database.writeInTurns([
		...(await switchStatements(server, session, request)),
		...(await notify(server, account, 'rotated', { device }))
	]);
	if (outcome === 'written') return { outcome: 'stored', seq: expected.seq + 1 };
	return await conflict(server, claim, account, expected);
}

/** One slot of kind 1, at most one of kind 2, none twice. */
function checkSlots({ slots }: RotationRequest): void {
	const count = (wanted: number) => slots.filter(({ kind }) => kind === wanted).length;
	const distinct = new Set(slots.map(({ id }) => id)).size === slots.length;
	if (count(PASSWORD) === 1 && count(RECOVERY) <= 1 && distinct) return;
	throw new ServerError('malformed', 'slots that no account can have');
}

/** Settings that are there were sealed under the old key: they must come anew. */
function fits(found: Found, { slots, vaults, settings }: RotationRequest): boolean {
	const named = new Set(vaults.map(({ id }) => id));
	return (
		slots.every((slot) => goesOn(found.slots, slot)) &&
		named.size === vaults.length &&
		vaults.length === found.vaults.length &&
		found.vaults.every((id) => named.has(id)) &&
		(settings !== undefined || !found.hasSettings)
	);
}

async function switchStatements(
	server: Server,
	session: Session,
	request: RotationRequest
): Promise<Statement[]> {
	const { account } = session;
	const { rotation, expected, manifest, settings } = request;
	const step = { expected, seq: expected.seq + 1, manifest, settings };
	const generation = sql`${accounts.generation} + 1`;
	return [
		...accountStep(server, account, step, { generation }),
		...(await vaultsAnew(server, account, rotation, request.vaults)),
		countShare(server, account),
		...(await enrolledSlots(server, account, request)),
		...endOtherSessions(server, session),
		// Others that wait were sealed under keys that are no more.
		...(await forgetWaiting(server, account)),
		...record(server, account, [{ event: 'rotated', detail: String(step.seq) }])
	];
}

/** Passkeys that are kept keep their row: it holds what they prove by. */
async function enrolledSlots(
	server: Server,
	account: Id,
	request: RotationRequest
): Promise<Statement[]> {
	const kept = request.slots.map(({ id }) => id);
	const dropped = and(eq(slots.account, account), notInArray(slots.id, kept));
	const written = request.slots.map((slot) => slotStatements(server, account, slot));
	return [server.database.orm.delete(slots).where(dropped), ...(await Promise.all(written)).flat()];
}
