/** The sealed records of a vault, sheets and secrets, as rows: each wrapped for its own place. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { CommitRequest, SealedSheet } from '#lib/api/vaults.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Ready, Statement } from '#lib/server/db/database.ts';
import { secrets, sheets } from '#lib/server/db/schema.ts';
import { recordPlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';
import { inTurns, nextTurn } from '#lib/server/turns.ts';
import type { Wrapped } from '#lib/server/wrap/wrapper.ts';

/** Rows or ids in one statement: SQLite takes 32,766 parameters. */
const ROWS = 200;

/** A row that is written again takes the new revision and bytes. */
const WRITTEN_AGAIN = { revision: sql`excluded.revision`, blob: sql`excluded.blob` };

/** Where a commit writes: all that its records have in common. */
interface Target {
	readonly account: Id;
	readonly vault: Id;
	/** Seq of the commit. */
	readonly revision: number;
}

type Records = Pick<CommitRequest, 'sheets' | 'secrets' | 'droppedSheets' | 'droppedSecrets'>;

/** The statements that write and drop the records of a commit. */
export async function recordStatements(
	server: Server,
	target: Target,
	records: Records
): Promise<Statement[]> {
	return [
		...dropStatements(server, target, records),
		...(await sheetStatements(server, target, records)),
		...(await secretStatements(server, target, records))
	];
}

/**
 * The sheets of a vault, each unwrapped at the moment in which it is written into the answer: a list can
 * be large, and is in memory once.
 */
export function openSheets(
	{ wrapper }: Server,
	account: Id,
	vault: Id,
	rows: readonly { id: Id; revision: number; blob: Wrapped }[]
): SealedSheet[] {
	return rows.map(({ id, revision, blob }) => ({
		id,
		revision,
		get blob() {
			return wrapper.unwrap(recordPlace('sheets', account, vault, id), blob);
		}
	}));
}

function dropStatements(
	{ database: { orm } }: Server,
	{ account, vault }: Target,
	{ droppedSheets, droppedSecrets }: Records
): Statement[] {
	const within = (table: typeof sheets | typeof secrets) =>
		and(eq(table.account, account), eq(table.vault, vault));
	return [
		...slices(droppedSheets).map((ids) =>
			orm.delete(sheets).where(and(within(sheets), inArray(sheets.id, ids)))
		),
		...slices(droppedSecrets).map((items) =>
			orm.delete(secrets).where(and(within(secrets), inArray(secrets.item, items)))
		)
	];
}

async function sheetStatements(
	server: Server,
	{ account, vault, revision }: Target,
	records: Records
): Promise<Statement[]> {
	const wrapped = await wrapRecords(server, 'sheets', { account, vault }, records.sheets);
	const rows = wrapped.map(({ id, blob }) => ({ account, vault, id, revision, blob }));
	const target = [sheets.account, sheets.vault, sheets.id];
	return await inSlices(rows, (slice) =>
		server.database.orm
			.insert(sheets)
			.values(slice)
			.onConflictDoUpdate({ target, set: WRITTEN_AGAIN })
	);
}

async function secretStatements(
	server: Server,
	{ account, vault, revision }: Target,
	records: Records
): Promise<Statement[]> {
	const named = records.secrets.map(({ item, blob }) => ({ id: item, blob }));
	const wrapped = await wrapRecords(server, 'secrets', { account, vault }, named);
	const rows = wrapped.map(({ id, blob }) => ({ account, vault, item: id, revision, blob }));
	const target = [secrets.account, secrets.vault, secrets.item];
	return await inSlices(rows, (slice) =>
		server.database.orm
			.insert(secrets)
			.values(slice)
			.onConflictDoUpdate({ target, set: WRITTEN_AGAIN })
	);
}

/** Records as `table` of that vault holds them. */
export async function wrapRecords(
	{ wrapper }: Server,
	table: 'sheets' | 'secrets',
	{ account, vault }: Pick<Target, 'account' | 'vault'>,
	records: readonly { readonly id: Id; readonly blob: Bytes }[]
): Promise<{ id: Id; blob: Wrapped }[]> {
	return await inTurns(records, ({ id, blob }) => ({
		id,
		blob: wrapper.wrap(recordPlace(table, account, vault, id), blob)
	}));
}

/**
 * One statement for each slice of `rows`, as SQL already and one a turn: the query builder takes
 * 25 µs for each row.
 */
export async function inSlices<T>(
	rows: readonly T[],
	build: (slice: T[]) => Ready
): Promise<Statement[]> {
	const statements: Statement[] = [];
	for (const slice of slices(rows)) {
		if (statements.length > 0) await nextTurn();
		const query = build(slice).toSQL();
		statements.push({ toSQL: () => query });
	}
	return statements;
}

function slices<T>(rows: readonly T[]): T[][] {
	const parts: T[][] = [];
	for (let i = 0; i < rows.length; i += ROWS) parts.push(rows.slice(i, i + ROWS));
	return parts;
}
