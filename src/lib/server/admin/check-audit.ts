/**
 * Whether the audit log is as the server wrote it: of every account the rows go on from each other,
 * from the last one that was forgotten to where the chain stands.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { auditHash, type StoredRow } from '#lib/server/audit.ts';
import { accounts } from '#lib/server/db/schema.ts';
import { audit, auditChains } from '#lib/server/db/schema-audit.ts';
import { AUDIT_MS, AUDIT_ROWS } from '#lib/server/retention.ts';
import type { Server } from '#lib/server/server.ts';

/** Rows that are looked at before others have a turn. */
const PAGE = 1_000;

/** What was found of one account's log. */
interface FoundInLog {
	readonly where: string;
	readonly faults: readonly string[];
	readonly rows: number;
}

type Chain = typeof auditChains.$inferSelect;

export async function* checkAudit(server: Server): AsyncGenerator<FoundInLog> {
	const { orm } = server.database;
	const chains = await orm.select().from(auditChains).orderBy(asc(auditChains.account));
	for (const chain of chains) yield await checkChain(server, chain);
	const strays = await orm
		.selectDistinct({ account: audit.account })
		.from(audit)
		.leftJoin(auditChains, eq(auditChains.account, audit.account))
		.where(sql`${auditChains.account} is null`);
	for (const { account } of strays) {
		yield { where: `audit ${account}`, faults: ['rows without a chain'], rows: 0 };
	}
}

/** Once more if its beginning was forgotten meanwhile. */
async function checkChain(server: Server, chain: Chain): Promise<FoundInLog> {
	const found = await walk(server, chain);
	if (found.faults.length === 0) return found;
	const [now] = await server.database.orm
		.select()
		.from(auditChains)
		.where(eq(auditChains.account, chain.account));
	if (now === undefined) return { ...found, faults: [] };
	return now.forgottenSeq === chain.forgottenSeq ? found : await walk(server, now);
}

async function walk(server: Server, chain: Chain): Promise<FoundInLog> {
	const { account, seq, hash, forgottenSeq, forgottenHash } = chain;
	let at = { seq: forgottenSeq, hash: forgottenHash };
	let rows = 0;
	const faults = await beginningFaults(server, chain);
	for await (const page of pages(server, chain)) {
		rows += page.length;
		const fault = page.map((row) => {
			const wrong = faultOf(server, at, row);
			at = { seq: row.seq, hash: row.hash ?? at.hash };
			return wrong;
		});
		faults.push(...fault.filter((each) => each !== undefined));
		// One is enough: what follows a wrong row is wrong as well.
		if (faults.length > 0) break;
	}
	if (faults.length === 0 && (await standsBehind(server, chain))) {
		faults.push('a row stands behind the end of the log');
	} else if (faults.length === 0 && at.seq !== seq) {
		faults.push(`the log ends at row ${at.seq}, not at ${seq}`);
	} else if (faults.length === 0 && !equal(at.hash, hash)) {
		faults.push('the last row is not the one that the chain ends with');
	}
	return { where: `audit ${account}`, faults: faults.slice(0, 1), rows };
}

function faultOf(
	server: Server,
	prev: { readonly seq: number; readonly hash: Bytes },
	row: StoredRow
): string | undefined {
	if (row.seq !== prev.seq + 1) return `row ${prev.seq + 1} is missing`;
	const hash = auditHash(server, prev.hash, row);
	return row.hash !== null && equal(row.hash, hash)
		? undefined
		: `row ${row.seq} is not as it was written`;
}

/** Nothing is forgotten before its time: its age or its number says whether it was. */
async function beginningFaults(
	{ database, now }: Server,
	{ account, seq, forgottenSeq }: Chain
): Promise<string[]> {
	if (forgottenSeq === 0 || seq > AUDIT_ROWS) return [];
	const [first] = await database.orm
		.select({ hash: audit.hash })
		.from(audit)
		.where(and(eq(audit.account, account), lte(audit.seq, forgottenSeq)))
		.limit(1);
	// What was written before there was a chain stands before it.
	if (first !== undefined) return first.hash === null ? [] : ['a row that was forgotten is there'];
	const [row] = await database.orm
		.select({ createdAt: accounts.createdAt })
		.from(accounts)
		.where(eq(accounts.id, account));
	const young = row !== undefined && row.createdAt > now() - AUDIT_MS;
	return young ? ['the beginning of the log is missing'] : [];
}

/** A row above the chain that the chain has not reached by now. */
async function standsBehind({ database }: Server, { account }: Chain): Promise<boolean> {
	const behind = await database.orm
		.select({ seq: audit.seq })
		.from(audit)
		.innerJoin(auditChains, eq(auditChains.account, audit.account))
		.where(and(eq(audit.account, account), gt(audit.seq, auditChains.seq)))
		.limit(1);
	return behind.length > 0;
}

async function* pages({ database }: Server, chain: Chain): AsyncGenerator<StoredRow[]> {
	let after = chain.forgottenSeq;
	for (;;) {
		const page = await database.orm
			.select()
			.from(audit)
			.where(and(eq(audit.account, chain.account), gt(audit.seq, after), lte(audit.seq, chain.seq)))
			.orderBy(asc(audit.seq))
			.limit(PAGE);
		const last = page.at(-1);
		if (last === undefined) return;
		yield page;
		after = last.seq;
		await nextTurn();
	}
}
