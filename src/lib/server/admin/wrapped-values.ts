/**
 * Every wrapped value of the database, page by page, with the place it was wrapped for. The compiler
 * checks the list of columns: to leave a wrapped one out is a type error.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { and, asc, getTableColumns, getTableName, sql, type SQL } from 'drizzle-orm';
import { getTableConfig, type SQLiteColumn, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { encode } from '#lib/encoding/base64url.ts';
import * as lasting from '#lib/server/db/schema.ts';
import * as auditing from '#lib/server/db/schema-audit.ts';
import * as waiting from '#lib/server/db/schema-waiting.ts';
import { recordPlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';
import type { Place, Wrapped } from '#lib/server/wrap/wrapper.ts';

const schema = { ...lasting, ...waiting, ...auditing };
type Schema = typeof schema;
type WrappedKey<Row> = {
	[K in keyof Row]-?: NonNullable<Row[K]> extends Wrapped ? K : never;
}[keyof Row];

/**
 * Staged records come before sheets and secrets: the switch of a rotation moves them there as they
 * are, so whoever went through them in the other order could miss some.
 */
const WRAPPED: {
	readonly [T in keyof Schema]: Readonly<Record<WrappedKey<Schema[T]['$inferSelect']>, true>>;
} = {
	rotationRecords: { blob: true },
	accounts: { email: true, manifest: true, settings: true },
	slots: {
		locator: true,
		profile: true,
		salt: true,
		authPublicKey: true,
		credential: true,
		credentialKey: true,
		wrap: true
	},
	accountChain: {},
	vaults: { manifest: true, keyWrap: true },
	vaultChain: {},
	sheets: { blob: true },
	secrets: { blob: true },
	sessions: { device: true },
	usedChallenges: {},
	counters: {},
	registrations: { request: true },
	links: {},
	erasures: {},
	emailChanges: { email: true },
	secondFactors: { seed: true },
	backupCodes: {},
	reminders: {},
	rotations: {},
	mails: { message: true },
	audit: {},
	auditChains: {},
	auditDevices: { name: true },
	notes: { blob: true },
	serverKeys: { key: true },
	movedAddresses: {},
	encryptionKeys: { proof: true }
};

/** Rows that are looked at at a time, and how many bytes of them: work of one turn. */
const PAGE_ROWS = 500;
const PAGE_BYTES = 1024 * 1024;

/** A table that holds wrapped values, and which columns do. */
export interface WrappedTable {
	readonly name: string;
	readonly table: SQLiteTable;
	readonly primaryKey: readonly SQLiteColumn[];
	readonly columns: Columns;
}

export interface StoredValue {
	readonly place: Place;
	readonly token: Wrapped;
	readonly column: SQLiteColumn;
	/** What the query builder calls the column. */
	readonly key: string;
	/** Chooses its row. */
	readonly own: SQL;
}

type Columns = Readonly<Record<string, SQLiteColumn>>;
type Row = Readonly<Record<string, unknown>>;

export function wrappedTables(): WrappedTable[] {
	return Object.entries(WRAPPED)
		.map(([name, keys]) => describe(schema[name as keyof Schema], Object.keys(keys)))
		.filter(({ columns }) => Object.keys(columns).length > 0);
}

/** The values of one table, in the order of its primary key, with a turn for others between pages. */
export async function* pagesOf(
	server: Server,
	table: WrappedTable
): AsyncGenerator<readonly StoredValue[]> {
	let after: SQL | undefined;
	for (;;) {
		const last = await endOfPage(server, table, after);
		if (last === undefined) return;
		yield await read(server, table, and(after, compare(table, '<=', last)));
		after = compare(table, '>', last);
		await nextTurn();
	}
}

function describe(table: SQLiteTable, keys: readonly string[]): WrappedTable {
	const { columns: all, primaryKeys } = getTableConfig(table);
	const columns = getTableColumns(table);
	return {
		name: getTableName(table),
		table,
		primaryKey: primaryKeys[0]?.columns ?? all.filter(({ primary }) => primary),
		columns: Object.fromEntries(Object.entries(columns).filter(([key]) => keys.includes(key)))
	};
}

/** The row that ends the page. SQLite knows lengths from the rows' headers: nothing large is read. */
async function endOfPage(
	{ database }: Server,
	{ table, primaryKey, columns }: WrappedTable,
	after: SQL | undefined
): Promise<Row | undefined> {
	const lengths = Object.values(columns).map((column) => sql`coalesce(length(${column}), 0)`);
	const rows = await database.orm
		.select({ row: byName(primaryKey), bytes: sql<number>`${sql.join(lengths, sql` + `)}` })
		.from(table)
		.where(after)
		.orderBy(...primaryKey.map((column) => asc(column)))
		.limit(PAGE_ROWS);
	let bytes = 0;
	const full = rows.findIndex((row) => (bytes += row.bytes) >= PAGE_BYTES);
	return rows.at(full)?.row;
}

async function read(
	{ database }: Server,
	table: WrappedTable,
	within: SQL | undefined
): Promise<StoredValue[]> {
	const rows: { row: Row; values: Row }[] = await database.orm
		.select({ row: byName(table.primaryKey), values: table.columns })
		.from(table.table)
		.where(within)
		.orderBy(...table.primaryKey.map((column) => asc(column)));
	return rows.flatMap(({ row, values }) =>
		Object.entries(table.columns).flatMap(([key, column]) => {
			const token = values[key] as Wrapped | null;
			if (token === null) return [];
			const place = placeOf(table, row, column);
			return [{ place, token, column, key, own: compare(table, '=', row) }];
		})
	);
}

function placeOf({ name, primaryKey }: WrappedTable, row: Row, column: SQLiteColumn): Place {
	const part = (key: string) => textOf(row[key]);
	// Staged records are wrapped for the place that they will take.
	if (name === 'rotation_records') {
		const table = part('kind') === 'sheet' ? 'sheets' : 'secrets';
		return recordPlace(table, part('account'), part('vault'), part('id'));
	}
	return { table: name, row: primaryKey.map((each) => part(each.name)), column: column.name };
}

/** A row is named by its key; one of bytes in base64url. */
function textOf(value: unknown): string {
	return value instanceof Uint8Array ? encode(new Uint8Array(value)) : String(value);
}

function compare({ primaryKey }: WrappedTable, sign: '=' | '<=' | '>', row: Row): SQL {
	const columns = sql.join(
		primaryKey.map((column) => sql`${column}`),
		sql`, `
	);
	const values = sql.join(
		primaryKey.map((column) => sql`${sql.param(row[column.name], column)}`),
		sql`, `
	);
	return sql`(${columns}) ${sql.raw(sign)} (${values})`;
}

function byName(columns: readonly SQLiteColumn[]): Columns {
	return Object.fromEntries(columns.map((column) => [column.name, column]));
}
