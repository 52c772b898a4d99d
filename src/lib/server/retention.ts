/**
 * How long the past is kept. Whoever has a session can make rows of it as fast as the limits allow,
 * so each account's share of the disk has an end. Forgetting goes in small writes: a database that
 * forgets a million rows at once answers nobody meanwhile.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { and, asc, count, eq, gt, inArray, lt, lte, type SQL } from 'drizzle-orm';
import { CHAIN_LENGTH } from '#lib/api/limits.ts';
import { accountChain, accounts, audit, vaultChain, vaults } from '#lib/server/db/schema.ts';
import type { Server } from '#lib/server/server.ts';

/** A year, and a month to look back at it. */
const AUDIT_MS = 400 * 86_400_000;
/** Newest rows that are kept of one account: at a thousand reads a day more than three months. */
const AUDIT_ROWS = 100_000;
/** Rows that one write forgets. */
const AT_ONCE = 5_000;

/** Forgets old rows of the audit log, and hashes that no answer could hold. */
export async function forgetHistory(server: Server): Promise<void> {
	await forgetAudit(server, lt(audit.at, server.now() - AUDIT_MS), Infinity);
	const crowded = await server.database.orm
		.select({ account: audit.account, rows: count() })
		.from(audit)
		.groupBy(audit.account)
		.having(gt(count(), AUDIT_ROWS));
	for (const { account, rows } of crowded) {
		await forgetAudit(server, eq(audit.account, account), rows - AUDIT_ROWS);
	}
	await forgetVaultChains(server);
	await forgetAccountChains(server);
}

/** The oldest rows of those that `which` chooses, at most `rows`. */
async function forgetAudit({ database }: Server, which: SQL, rows: number): Promise<void> {
	for (let left = rows; left > 0; left -= AT_ONCE) {
		const oldest = database.orm
			.select({ id: audit.id })
			.from(audit)
			.where(which)
			.orderBy(asc(audit.id))
			.limit(Math.min(left, AT_ONCE));
		const written = await database.write([
			database.orm.delete(audit).where(inArray(audit.id, oldest))
		]);
		const forgotten = written.outcome === 'written' ? written.results[0]?.rowsAffected : 0;
		if (forgotten !== AT_ONCE) return;
		await nextTurn();
	}
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
