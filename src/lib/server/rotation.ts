/**
 * The switch of a rotation: everything that was staged takes the place of what is there, or nothing
 * does. Norm: docs/protocol.md, 10.
 *
 * It is one batch, whose every condition is the database's own: the account and each vault stand
 * where the writer saw them, the sheets that wait have the very names of those that are there, and
 * the secrets that wait are there and as many as the vault's manifest counts. Where one does not
 * hold, a NOT NULL column refuses the batch whole.
 *
 * It cannot go in turns, as long work does elsewhere: what lies between two turns would be neither the
 * old state nor the new one. So all others wait for it, a second or two for a vault of 20,000 keys
 * (copying rows from one table to another is most of it), once a rotation.
 */
import { and, eq, notInArray, sql, type SQL } from 'drizzle-orm';
import type { AccountCommitReply, RotationRequest } from '#lib/api/account.ts';
import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import type { Id } from '#lib/encoding/id.ts';
import { accountAt, accountStep, conflict, type Found } from '#lib/server/account.ts';
import { record } from '#lib/server/audit.ts';
import { requireProof } from '#lib/server/auth/proof.ts';
import type { Session } from '#lib/server/auth/sessions.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { accounts, secrets, sheets, slots, vaults } from '#lib/server/db/schema.ts';
import { notes } from '#lib/server/db/schema-audit.ts';
import { rotationRecords, rotations } from '#lib/server/db/schema-waiting.ts';
import { deviceOf } from '#lib/server/device.ts';
import type { Member } from '#lib/server/endpoint.ts';
import { checkProfiles, goesOn, slotStatements } from '#lib/server/enrolment.ts';
import { ServerError } from '#lib/server/errors.ts';
import { notify } from '#lib/server/mail/notices.ts';
import { vaultPlace } from '#lib/server/places.ts';
import { staged } from '#lib/server/rotations.ts';
import type { Server } from '#lib/server/server.ts';
import { endOtherSessions } from '#lib/server/sessions.ts';
import { PASSWORD, RECOVERY } from '#lib/server/slots.ts';
import { countShare, secretBytes } from '#lib/server/storage.ts';
import { countRecords, vaultStep } from '#lib/server/vaults.ts';

type RotatedVault = RotationRequest['vaults'][number];

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
	const { outcome } = await server.database.write([
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
	const { database } = server;
	const { account } = session;
	const { rotation, expected, manifest, settings } = request;
	const step = { expected, seq: expected.seq + 1, manifest, settings };
	const generation = sql`${accounts.generation} + 1`;
	return [
		...accountStep(server, account, step, { generation }),
		...request.vaults.flatMap((vault) => vaultStatements(server, account, rotation, vault)),
		countShare(server, account),
		...(await enrolledSlots(server, account, request)),
		...endOtherSessions(server, session),
		// Others that wait were sealed under keys that are no more.
		database.orm.delete(rotations).where(eq(rotations.account, account)),
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

function vaultStatements(
	server: Server,
	account: Id,
	rotation: Id,
	{ id, expected, secretCount, manifest, keyWrap }: RotatedVault
): Statement[] {
	const { orm } = server.database;
	const revision = expected.seq + 1;
	const ofVault = (table: typeof sheets | typeof secrets) =>
		and(eq(table.account, account), eq(table.vault, id));
	const records = { sheet: ofVault(sheets), secret: ofVault(secrets) };
	const waiting = (kind: 'sheet' | 'secret') => staged(account, rotation, id, kind);
	const written = {
		account: rotationRecords.account,
		vault: rotationRecords.vault
	};
	const sealed = {
		revision: sql<number>`${revision}`.as('revision'),
		blob: rotationRecords.blob
	};
	const whole = and(
		sameNames(sql`select ${sheets.id} from ${sheets} where ${records.sheet}`, waiting('sheet')),
		allListed(
			sql`select ${secrets.item} from ${secrets} where ${records.secret}`,
			waiting('secret'),
			secretCount
		)
	);
	return [
		...vaultStep(
			server,
			account,
			id,
			{ expected, seq: revision, manifest },
			{
				generation: sql`case when ${whole} then ${vaults.generation} + 1 end`,
				keyWrap: server.wrapper.wrap(vaultPlace(account, id, 'key_wrap'), keyWrap)
			}
		),
		orm.delete(sheets).where(records.sheet),
		orm.delete(secrets).where(records.secret),
		// Sealed under the key that is given up, and nothing that a rotation is for needs them.
		orm.delete(notes).where(and(eq(notes.account, account), eq(notes.vault, id))),
		orm.insert(sheets).select(
			orm
				.select({ ...written, id: rotationRecords.id, ...sealed })
				.from(rotationRecords)
				.where(waiting('sheet'))
		),
		orm.insert(secrets).select(
			orm
				.select({ ...written, item: rotationRecords.id, ...sealed })
				.from(rotationRecords)
				.where(waiting('secret'))
		),
		countRecords(server, account, id),
		orm
			.update(vaults)
			.set({ secretBytes: secretBytes(records.secret) })
			.where(and(eq(vaults.account, account), eq(vaults.id, id)))
	];
}

/** Whether what waits has exactly the names that `there` selects. */
function sameNames(there: SQL, waiting: SQL | undefined): SQL {
	const names = namesOf(waiting);
	return sql`(not exists (${there} except ${names}) and not exists (${names} except ${there}))`;
}

/**
 * Whether `count` secrets wait, none under a name that is not there. One that is there and does not
 * wait is listed by no sheet of the head that the writer verified; docs/decisions/0014 says why it
 * goes.
 */
function allListed(there: SQL, waiting: SQL | undefined, count: number): SQL {
	const waits = sql`(select count(*) from ${rotationRecords} where ${waiting})`;
	return sql`(${waits} = ${count} and not exists (${namesOf(waiting)} except ${there}))`;
}

function namesOf(waiting: SQL | undefined): SQL {
	return sql`select ${rotationRecords.id} from ${rotationRecords} where ${waiting}`;
}
