/**
 * What follows a good signature: its challenge is used up, whatever else is wrong. If nothing is,
 * that happens in one write with everything that the proof changes: the session that it begins, the
 * code that it used, the count of its passkey. The write depends on what was read for it: a password,
 * a second factor or a session that changed in between makes it none. Norm: docs/protocol.md, 9.
 */
import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { AuditEvent } from '#lib/api/activity.ts';
import type { Purpose } from '#lib/api/auth.ts';
import { record } from '#lib/server/audit.ts';
import {
	admit,
	LOGIN,
	UNLOCK,
	type Prover,
	type Refusal,
	type Signed
} from '#lib/server/auth/admission.ts';
import type { NewSession } from '#lib/server/auth/sessions.ts';
import type { ChallengeTicket } from '#lib/server/auth/token.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { slots, usedChallenges } from '#lib/server/db/schema.ts';
import { deviceOf } from '#lib/server/device.ts';
import type { ServerError } from '#lib/server/errors.ts';
import { seenIn } from '#lib/server/mail/browsers.ts';
import { notify } from '#lib/server/mail/notices.ts';
import type { Server } from '#lib/server/server.ts';
import { RECOVERY, type SlotRow } from '#lib/server/slots.ts';

export interface Proved {
	readonly purpose: Purpose;
	readonly slot: SlotRow;
	/** The session that began with this proof. */
	readonly begun: NewSession | undefined;
	/** All that the browser is to keep. */
	readonly cookies: readonly string[];
}

const EVENTS: Readonly<Partial<Record<Purpose, AuditEvent>>> = {
	[LOGIN]: 'sign-in',
	[UNLOCK]: 'unlock'
};

/** @returns a problem if something beside the signature is wrong, nothing if it is worth nothing now. */
export async function useUp(
	server: Server,
	signed: Signed,
	prover: Prover
): Promise<Proved | ServerError | undefined> {
	const { ticket, purpose, slot } = signed;
	if (await wasUsed(server, ticket)) {
		await noteRefusal(server, signed, 'used before');
		return undefined;
	}
	const admission = await admit(server, signed, prover);
	if (admission.outcome === 'refused') return await refuse(server, signed, admission);
	const changes = await changesOf(server, signed, prover);
	const { outcome } = await server.database.write([
		used(server, ticket, and(admission.condition, stands(server, signed, prover))),
		...admission.statements,
		...changes.statements,
		...server.limits.release(signed.counted),
		...record(server, slot.account, [{ event: EVENTS[purpose] ?? 'proof' }])
	]);
	const { begun, cookies } = changes;
	if (outcome === 'written') return { purpose, slot, begun, cookies };
	const replayed = await wasUsed(server, ticket);
	if (admission.overtaken !== undefined && !replayed) {
		return await refuse(server, signed, admission.overtaken);
	}
	await noteRefusal(server, signed, replayed ? 'used before' : 'overtaken');
	return undefined;
}

/** Uses the challenge up for nothing. */
async function refuse(
	server: Server,
	signed: Signed,
	{ problem, rows }: Refusal
): Promise<ServerError | undefined> {
	const { database, limits } = server;
	const { outcome } = await database.write([
		used(server, signed.ticket, sql`true`),
		...limits.release(signed.counted),
		...record(server, signed.slot.account, rows)
	]);
	if (outcome === 'written') return problem;
	await noteRefusal(server, signed, 'used before');
	return undefined;
}

async function noteRefusal(
	server: Server,
	{ slot, counted }: Signed,
	detail: string
): Promise<void> {
	await server.database.write([
		...server.limits.release(counted),
		...record(server, slot.account, [{ event: 'proof.refused', detail }])
	]);
}

/** The primary key of the table decides between two that use one challenge. */
function used(
	{ database }: Server,
	{ challenge, expiresAtMs }: ChallengeTicket,
	condition: SQL | undefined
): Statement {
	const expiresAt = sql`case when ${condition} then ${expiresAtMs} end`;
	return database.orm.insert(usedChallenges).values({ challenge, expiresAt });
}

async function wasUsed({ database }: Server, { challenge }: ChallengeTicket): Promise<boolean> {
	const rows = await database.orm
		.select({ expiresAt: usedChallenges.expiresAt })
		.from(usedChallenges)
		.where(eq(usedChallenges.challenge, challenge));
	return rows.length > 0;
}

/** That the slot and the session are still those that the proof was made by. */
function stands(
	{ sessions }: Server,
	{ purpose, slot }: Signed,
	{ session }: Prover
): SQL | undefined {
	const same = and(
		eq(slots.account, slot.account),
		eq(slots.id, slot.id),
		eq(slots.revision, slot.revision)
	);
	const within = purpose === LOGIN || session === undefined ? undefined : sessions.stands(session);
	return and(sql`exists (select 1 from ${slots} where ${same})`, within);
}

interface Changes {
	readonly statements: readonly Statement[];
	readonly begun: NewSession | undefined;
	readonly cookies: readonly string[];
}

/** What the proof changes besides its challenge. */
async function changesOf(server: Server, signed: Signed, prover: Prover): Promise<Changes> {
	const { purpose, slot } = signed;
	const begun = sessionAfter(server, signed, prover);
	const statements = [...useOfPasskey(server, signed), ...(begun?.statements ?? [])];
	const cookies = begun === undefined ? [] : [begun.cookie];
	if (purpose !== LOGIN) return { statements, begun, cookies };
	const arrival = await arrivalOf(server, slot, prover);
	return {
		statements: [
			...statements,
			...server.limits.remember({ ...signed.tried, account: slot.account, slot: slot.id }),
			...arrival.statements
		],
		begun,
		cookies: [...cookies, ...arrival.cookies]
	};
}

/**
 * Signing in begins a session. A step-up does too, so that a cookie that was stolen before it is
 * worth nothing after it; a command line, which no answer could hand a token, keeps its own.
 */
function sessionAfter(
	{ sessions }: Server,
	{ purpose, slot: { account } }: Signed,
	{ session, client = 'web', headers }: Prover
): NewSession | undefined {
	const device = deviceOf(headers);
	if (purpose === LOGIN) return sessions.begin({ account, client, device }, session);
	if (purpose === UNLOCK || session?.client !== 'web') return undefined;
	return sessions.renew(session, device);
}

/** The count may only rise, unless the authenticator does not count. */
function useOfPasskey({ database, now }: Server, { slot, signCount }: Signed): Statement[] {
	if (signCount === undefined) return [];
	const rises = sql`${slots.signCount} < ${signCount} or (${slots.signCount} = 0 and ${signCount} = 0)`;
	return [
		database.orm
			.update(slots)
			.set({ signCount: sql`case when ${rises} then ${signCount} end`, usedAt: now() })
			.where(and(eq(slots.account, slot.account), eq(slots.id, slot.id)))
	];
}

/** Someone came in: what is noted of it, and told. */
async function arrivalOf(
	server: Server,
	{ account, kind }: SlotRow,
	{ headers, client = 'web' }: Prover
): Promise<{ statements: readonly Statement[]; cookies: readonly string[] }> {
	const device = deviceOf(headers);
	const byKit =
		kind === RECOVERY
			? [
					...record(server, account, [{ event: 'kit.used' }]),
					...(await notify(server, account, 'recovery-used', { device }))
				]
			: [];
	if (client === 'cli') return { statements: byKit, cookies: [] };
	const { statements, cookie } = await seenIn(server, account, headers, device);
	return {
		statements: [...byKit, ...statements],
		cookies: cookie === undefined ? [] : [cookie]
	};
}
