/**
 * How long the past is kept. Whoever has a session can make rows of it as fast as the limits allow,
 * so each account's share of the disk has an end. Forgetting goes in small writes: a database that
 * forgets a million rows at once answers nobody meanwhile.
 */
import { and, asc, count, eq, gt, inArray, isNull, lt, lte, max, min, ne, sql } from 'drizzle-orm';
import { CHAIN_LENGTH } from '#lib/api/limits.ts';
import { NOBODY } from '#lib/server/audit.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { accountChain, accounts, vaultChain, vaults } from '#lib/server/db/schema.ts';
import { audit, auditChains, notes } from '#lib/server/db/schema-audit.ts';
import type { Server } from '#lib/server/server.ts';
import { nextTurn } from '#lib/server/turns.ts';

/** A year, and a month to look back at it. */
export const AUDIT_MS = 400 * 86_400_000;
/** Newest rows that are kept of one account: at a thousand reads a day more than three months. */
export const AUDIT_ROWS = 100_000;
/** Rows that one write forgets. */
const AT_ONCE = 5_000;

/** Forgets old rows of the audit log, and hashes that no answer could hold. */
export async function forgetHistory(server: Server): Promise<void> {
	for (const { account, keepFrom } of await withOldRows(server)) {
		await forgetAudit(server, account, keepFrom);
	}
	const crowded = await server.database.orm
		.select({ account: audit.account, newest: max(audit.seq) })
		.from(audit)
		.groupBy(audit.account)
		.having(gt(count(), AUDIT_ROWS));
	for (const { account, newest } of crowded) {
		await forgetAudit(server, account, (newest ?? 0) - AUDIT_ROWS + 1);
	}
	await forgetTheGone(server);
	await forgetVaultChains(server);
	await forgetAccountChains(server);
}

/**
 * Accounts with rows that are too old, and the seq of the first that is not. What is forgotten is the
 * beginning of a chain and never a part of its middle, even if a clock was wrong meanwhile.
 */
async function withOldRows({ database: { orm }, now }: Server) {
	const since = now() - AUDIT_MS;
	const young = sql<number>`min(case when ${audit.at} >= ${since} then ${audit.seq} end)`;
	return await orm
		.select({
			account: audit.account,
			keepFrom: sql<number>`coalesce(${young}, max(${audit.seq}) + 1)`
		})
		.from(audit)
		.groupBy(audit.account)
		.having(lt(min(audit.at), since));
}

/** Rows of accounts that were dropped while a request of theirs was being answered. */
async function forgetTheGone(server: Server): Promise<void> {
	const { orm } = server.database;
	const gone = await orm
		.selectDistinct({ account: audit.account })
		.from(audit)
		.leftJoin(accounts, eq(accounts.id, audit.account))
		.where(and(isNull(accounts.id), ne(audit.account, NOBODY)));
	for (const { account } of gone) {
		await forgetAudit(server, account, Number.MAX_SAFE_INTEGER);
		await server.database.write([orm.delete(auditChains).where(eq(auditChains.account, account))]);
	}
}

/** The rows of `account` before `keepFrom`, with what clients wrote beside them. */
async function forgetAudit(server: Server, account: string, keepFrom: number): Promise<void> {
	const { database } = server;
	for (;;) {
		const oldest = await database.orm
			.select({ seq: audit.seq })
			.from(audit)
			.where(and(eq(audit.account, account), lt(audit.seq, keepFrom)))
			.orderBy(asc(audit.seq))
			.limit(AT_ONCE);
		const upTo = oldest.at(-1)?.seq;
		if (upTo === undefined) return;
		await database.write(forgetUpTo(server, account, upTo));
		if (oldest.length < AT_ONCE) return;
		await nextTurn();
	}
}

/** The hash of the last row that goes stays: what the oldest one left goes on from. */
function forgetUpTo({ database: { orm } }: Server, account: string, upTo: number): Statement[] {
	const forgotten = and(eq(audit.account, account), lte(audit.seq, upTo));
	const last = sql`coalesce(
		(select ${audit.hash} from ${audit} where ${audit.account} = ${account} and ${audit.seq} = ${upTo}),
		${auditChains.forgottenHash}
	)`;
	const theirNotes = orm.select({ note: audit.note }).from(audit).where(forgotten);
	return [
		orm
			.update(auditChains)
			.set({ forgottenSeq: upTo, forgottenHash: last })
			.where(and(eq(auditChains.account, account), lt(auditChains.forgottenSeq, upTo))),
		orm.delete(notes).where(and(eq(notes.account, account), inArray(notes.id, theirNotes))),
		orm.delete(audit).where(forgotten)
	];
}

/** A device that is further behind could not be told the way from where it stands. */
async function forgetVaultChains({ database }: Server): Promise<void> {
	const long = await database.orm
		.select({ account: vaults.account, id: vaults.id, seq: vaults.seq })
		.from(vaults)
		.where(gt(vaults.seq, CHAIN_LENGTH));
	for (const { account, id, seq } of long) {
		const ofVault = and(eq(vaultChain.account, account), eq(vaultChain.vault, id));
		await database.write([
			database.orm.delete(vaultChain).where(and(ofVault, lte(vaultChain.seq, seq - CHAIN_LENGTH)))
		]);
	}
}

async function forgetAccountChains({ database }: Server): Promise<void> {
	const long = await database.orm
		.select({ id: accounts.id, seq: accounts.seq })
		.from(accounts)
		.where(gt(accounts.seq, CHAIN_LENGTH));
	for (const { id, seq } of long) {
		const old = and(eq(accountChain.account, id), lte(accountChain.seq, seq - CHAIN_LENGTH));
		await database.write([database.orm.delete(accountChain).where(old)]);
	}
}
