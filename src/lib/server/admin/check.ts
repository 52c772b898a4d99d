/**
 * Whether the database is as the server left it: every wrapped value opens in its place, every chain
 * leads to its head, every count is that of the rows, every index is that of its value, and SQLite
 * finds no fault of its own, and no row of the audit log was changed, left out or slipped in. It reads while the server serves, each account and vault as of one
 * moment.
 */
import { sql } from 'drizzle-orm';
import { checkAudit } from '#lib/server/admin/check-audit.ts';
import { checkAccounts, checkVaults } from '#lib/server/admin/check-rows.ts';
import type { AdminEvent, EventOf } from '#lib/server/admin/messages.ts';
import { pagesOf, wrappedTables, type StoredValue } from '#lib/server/admin/wrapped-values.ts';
import { runAside } from '#lib/server/db/aside.ts';
import { databasePath } from '#lib/server/db/client.ts';
import type { Server } from '#lib/server/server.ts';
import { WrapError } from '#lib/server/wrap/wrapper.ts';

/** What was looked at so far. */
interface Seen {
	accounts: number;
	values: number;
	chains: number;
	/** Chains whose beginning is forgotten. */
	unwalked: number;
	/** Rows of the audit log. */
	auditRows: number;
}

type Findings = AsyncGenerator<EventOf<'finding'>>;

export async function* check(server: Server): AsyncGenerator<AdminEvent> {
	const seen: Seen = { accounts: 0, values: 0, chains: 0, unwalked: 0, auditRows: 0 };
	let findings = 0;
	for (const part of [checkFile, checkReferences, checkValues, checkRows, checkLog]) {
		for await (const finding of part(server, seen)) {
			findings++;
			yield finding;
		}
	}
	yield { event: 'checked', ...seen, findings };
}

/** SQLite's own look at its pages and indexes; a libSQL server takes care of that itself. */
async function* checkFile({ env }: Server): Findings {
	const path = databasePath(env.databaseUrl);
	if (path === undefined) return;
	for (const [line] of await runAside(path, 'PRAGMA integrity_check(20)')) {
		if (line !== 'ok') yield finding('the file', String(line));
	}
}

async function* checkReferences({ database }: Server): Findings {
	const rows = await database.orm.all<{ name: string; lost: number }>(
		sql`select "table" as name, count(*) as lost from pragma_foreign_key_check group by 1`
	);
	for (const { name, lost } of rows) {
		yield finding(name, `${lost} rows belong to nothing that is there`);
	}
}

async function* checkValues(server: Server, seen: Seen): Findings {
	for (const table of wrappedTables()) {
		for await (const page of pagesOf(server, table)) {
			for (const value of page) {
				seen.values++;
				const { table: name, row, column } = value.place;
				if (!opens(server, value))
					yield finding(`${name} ${row.join('/')}`, `${column} does not open`);
			}
		}
	}
}

async function* checkRows(server: Server, seen: Seen): Findings {
	for await (const { where, faults, walked } of checkAccounts(server)) {
		seen.accounts++;
		countChain(seen, walked);
		for (const fault of faults) yield finding(where, fault);
	}
	for await (const { where, faults, walked } of checkVaults(server)) {
		countChain(seen, walked);
		for (const fault of faults) yield finding(where, fault);
	}
}

async function* checkLog(server: Server, seen: Seen): Findings {
	for await (const { where, faults, rows } of checkAudit(server)) {
		seen.auditRows += rows;
		for (const fault of faults) yield finding(where, fault);
	}
}

function countChain(seen: Seen, walked: boolean): void {
	seen.chains++;
	if (!walked) seen.unwalked++;
}

function finding(where: string, what: string): EventOf<'finding'> {
	return { event: 'finding', where, what };
}

function opens({ wrapper }: Server, { place, token }: StoredValue): boolean {
	try {
		wrapper.unwrap(place, token);
		return true;
	} catch (error) {
		if (error instanceof WrapError) return false;
		throw error;
	}
}
