/**
 * Changing the account: settings and floors, a new password or passkey, vaults, the email; all or
 * nothing, and only on top of the head that the writer saw. Norm: docs/protocol.md, 10.
 *
 * No commit drops a slot. Whoever held one may hold the account key, and only a rotation makes that
 * worthless; a list that is merely shorter would look as if it did.
 */
import { and, eq } from 'drizzle-orm';
import type { AccountCommitReply, AccountCommitRequest } from '#lib/api/account.ts';
import type { AuditEvent } from '#lib/api/activity.ts';
import { PROOF_PURPOSE, type ActionPurpose } from '#lib/api/auth.ts';
import { SLOTS_PER_ACCOUNT, VAULTS_PER_ACCOUNT } from '#lib/api/limits.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { accountAt, accountStep, conflict, type Found } from '#lib/server/account.ts';
import { claimAddress } from '#lib/server/addresses.ts';
import { record, type AuditRow } from '#lib/server/audit.ts';
import { requireProof } from '#lib/server/auth/proof.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { vaults } from '#lib/server/db/schema.ts';
import { deviceOf } from '#lib/server/device.ts';
import { requireConfirmedEmail } from '#lib/server/email-changes.ts';
import { readEmail } from '#lib/server/email.ts';
import type { Member } from '#lib/server/endpoint.ts';
import { checkProfiles, goesOn, raisesProfile, slotStatements } from '#lib/server/enrolment.ts';
import { ServerError } from '#lib/server/errors.ts';
import { registrationLimits } from '#lib/server/limits.ts';
import { notify, type NoticeEvent } from '#lib/server/mail/notices.ts';
import { accountPlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';
import { endOtherSessions } from '#lib/server/sessions.ts';
import { PASSWORD } from '#lib/server/slots.ts';
import { countShare } from '#lib/server/storage.ts';
import { newVaultStatements } from '#lib/server/vaults.ts';

/**
 * Writes the next account manifest with what changes beside it. A slot that is written ends all
 * other sessions.
 *
 * @throws {ServerError} `proof`; `malformed` for a slot or a vault that does not go on from what is
 * there; `not-found` for a dropped vault; `too-large`; `taken`; `link`.
 */
export async function commitAccount(
	member: Member,
	request: AccountCommitRequest
): Promise<AccountCommitReply> {
	const { server, claim, account } = member;
	const { expected } = request;
	const email = request.email === undefined ? undefined : readEmail(request.email);
	const purpose = purposeOf(request);
	const session = purpose === undefined ? undefined : await requireProof(member, purpose);
	const found = await accountAt(server, account, expected);
	if (found === undefined) return await conflict(server, claim, account, expected);
	check(found, request);
	checkProfiles(server, found.slots, request.slots);
	const admitted = await admitEmail(member, email);
	const change = changeOf(server, found, request);
	const { outcome } = await server.database.write([
		...stepStatements(server, account, request, email),
		...admitted,
		...(await changedSlots(server, account, request)),
		...vaultStatements(server, account, request),
		...(session !== undefined && request.slots.length > 0 ? endOtherSessions(server, session) : []),
		...record(server, account, eventsOf(request, change)),
		...(await noticesOf(member, change, email))
	]);
	if (outcome === 'written') return { outcome: 'stored', seq: expected.seq + 1 };
	if ((await accountAt(server, account, expected)) === undefined) {
		return await conflict(server, claim, account, expected);
	}
	throw new ServerError('taken', 'the email or the passkey belongs to another account');
}

/**
 * What a slot that is written means for the owner. A client that wraps the same password at a higher
 * cost sends what one sends that sets another password as well, and nothing in a request can tell
 * them apart that whoever holds a proof could not say too. So the profile alone decides, and what the
 * owner is told is true of both (docs/decisions/0019-a-raised-cost-is-told.md).
 */
type SlotChange = 'passkey' | 'password' | 'raised';

function changeOf(
	server: Server,
	found: Found,
	{ slots: [slot], email }: AccountCommitRequest
): SlotChange | undefined {
	// The slot that comes with an email has that in its salt: what changes is the email.
	if (slot === undefined || email !== undefined) return undefined;
	if (slot.kind !== PASSWORD) return 'passkey';
	return raisesProfile(server, found.slots, slot) ? 'raised' : 'password';
}

const SLOT_EVENTS = {
	passkey: 'passkey.added',
	password: 'password.changed',
	raised: 'password.raised'
} as const satisfies Record<SlotChange, AuditEvent>;

/** A proof allows one kind of change: a commit that would need two is none. */
function purposeOf({
	slots: [slot],
	email,
	droppedVaults
}: AccountCommitRequest): ActionPurpose | undefined {
	const ofSlot = email === undefined ? PROOF_PURPOSE.slots : PROOF_PURPOSE.account;
	if (email !== undefined && slot?.kind !== PASSWORD) {
		throw new ServerError('malformed', 'a new email without the slot that has it in its salt');
	}
	if (droppedVaults.length === 0) return slot === undefined ? undefined : ofSlot;
	if (slot === undefined) return PROOF_PURPOSE.delete;
	throw new ServerError('malformed', 'a slot and a dropped vault in one commit');
}

function check(
	found: Found,
	{ slots: [slot], vaults: [vault], droppedVaults: [dropped] }: AccountCommitRequest
): void {
	if (slot !== undefined) {
		if (!goesOn(found.slots, slot) || (slot.kind === PASSWORD && slot.revision === 1)) {
			throw new ServerError('malformed', 'a slot that does not go on from what is there');
		}
		if (slot.kind !== PASSWORD && found.slots.length >= SLOTS_PER_ACCOUNT) {
			throw new ServerError('too-large', 'the account would have too many slots');
		}
	}
	if (dropped !== undefined && !found.vaults.includes(dropped)) {
		throw new ServerError('not-found', 'no such vault');
	}
	if (vault === undefined) return;
	if (found.vaults.includes(vault.id)) throw new ServerError('malformed', 'that vault is there');
	if (found.vaults.length - (dropped === undefined ? 0 : 1) >= VAULTS_PER_ACCOUNT) {
		throw new ServerError('too-large', 'the account would have too many vaults');
	}
}

/**
 * What an email needs to take the place of the old one. Where no mail confirms it, the answer tells
 * whether the address is taken, exactly as when one registers: so it counts as that.
 */
async function admitEmail(
	{ server, account, network }: Member,
	email: string | undefined
): Promise<Statement[]> {
	if (email === undefined) return [];
	if (server.env.smtp === undefined) await server.limits.reserve(registrationLimits(network));
	const confirmed = await requireConfirmedEmail(server, account, email);
	const claimed = await claimAddress(server, account, email);
	if (claimed === undefined) throw new ServerError('taken', 'the email belongs to another account');
	return [...confirmed, ...claimed];
}

function stepStatements(
	server: Server,
	account: Id,
	{ expected, settings, manifest, language }: AccountCommitRequest,
	email: string | undefined
): Statement[] {
	const step = { expected, seq: expected.seq + 1, manifest, settings };
	const spoken = language === undefined ? {} : { language };
	if (email === undefined) return accountStep(server, account, step, spoken);
	const bytes = utf8(email);
	return accountStep(server, account, step, {
		...spoken,
		emailIndex: server.keys.index('email', bytes),
		email: server.wrapper.wrap(accountPlace(account, 'email'), bytes)
	});
}

async function changedSlots(
	server: Server,
	account: Id,
	{ slots: [slot] }: AccountCommitRequest
): Promise<Statement[]> {
	return slot === undefined ? [] : await slotStatements(server, account, slot);
}

/** What belongs to a dropped vault goes with it. */
function vaultStatements(server: Server, account: Id, request: AccountCommitRequest): Statement[] {
	const { orm } = server.database;
	const { droppedVaults } = request;
	return [
		...droppedVaults.map((id) =>
			orm.delete(vaults).where(and(eq(vaults.account, account), eq(vaults.id, id)))
		),
		...(droppedVaults.length === 0 ? [] : [countShare(server, account)]),
		...request.vaults.flatMap((vault) => newVaultStatements(server, account, vault))
	];
}

function eventsOf(request: AccountCommitRequest, change: SlotChange | undefined): AuditRow[] {
	const events: AuditRow[] = [
		{ event: 'account.commit', detail: String(request.expected.seq + 1) }
	];
	if (request.email !== undefined) events.push({ event: 'email.changed' });
	if (change !== undefined) events.push({ event: SLOT_EVENTS[change] });
	for (const { id: vault } of request.vaults) events.push({ event: 'vault.made', vault });
	for (const vault of request.droppedVaults) events.push({ event: 'vault.dropped', vault });
	return events;
}

const SLOT_NOTICES = {
	passkey: 'slots-changed',
	password: 'password-changed',
	raised: 'password-raised'
} as const satisfies Record<SlotChange, NoticeEvent>;

/** A mail for what could lock the owner out. */
async function noticesOf(
	{ server, account, event: { request } }: Member,
	change: SlotChange | undefined,
	email: string | undefined
): Promise<Statement[]> {
	const device = deviceOf(request.headers);
	if (email !== undefined) return await notify(server, account, 'email-changed', { device, email });
	if (change === undefined) return [];
	return await notify(server, account, SLOT_NOTICES[change], { device });
}
