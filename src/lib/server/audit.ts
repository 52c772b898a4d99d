/**
 * The audit log: what happened to an account, as rows that go into the batch of what happened.
 *
 * The rows of an account are a chain: each holds a MAC over the one before it and its own content,
 * and `audit_chains` holds where the chain stands. So a row that was changed, left out or slipped in
 * by whoever can write to the database and has not its keys is found by the host's check. What is
 * hashed is the plain row, never a wrapped value: a new key of the host changes nothing of it.
 */
import { eq, sql } from 'drizzle-orm';
import type { AuditEvent } from '#lib/api/activity.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { concat, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { NO_HEAD } from '#lib/server/chain.ts';
import type { Database, Head, Ready, Statement, Turn } from '#lib/server/db/database.ts';
import { accounts } from '#lib/server/db/schema.ts';
import { audit, auditChains, auditDevices } from '#lib/server/db/schema-audit.ts';
import { auditDevicePlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';
import type { Wrapped } from '#lib/server/wrap/wrapper.ts';

export interface AuditRow {
	readonly event: AuditEvent;
	readonly vault?: Id;
	readonly item?: Id;
	/** The new seq of a commit, the purpose of a read and how many it took, the reason of a refusal. */
	readonly detail?: string;
	/** Of what a client added in its own words, sealed. */
	readonly note?: Id;
}

/** A row as it is stored. */
export type StoredRow = typeof audit.$inferSelect;

/** What a row's MAC covers. */
export type Content = Omit<StoredRow, 'id' | 'hash'>;

/** Stands for every account that does not exist: strangers make up as many as they like. */
export const NOBODY = 'nobody';

/** Rows that one statement holds; SQLite takes 32,766 parameters. */
const ROWS = 500;
const DEVICE_ID_BYTES = 16;

/** Statements that write `rows` of an account, in their order, with the device that asks. */
export function record(server: Server, account: string, rows: readonly AuditRow[]): Statement[] {
	if (rows.length === 0) return [];
	const at = server.now();
	return [{ chain: account, late: (turn) => chained(server, turn, { account, at, rows }) }];
}

/** The MAC that follows `prev` where `content` is written. */
export function auditHash({ keys }: Pick<Server, 'keys'>, prev: Bytes, content: Content): Bytes {
	const { seq, at, account, event, vault, item, detail, device, note } = content;
	const fields = [seq, at, account, event, vault, item, detail, device, note];
	return keys.audit(concat(prev, utf8(JSON.stringify(fields))));
}

/** What the log of `account` calls the device that asks. */
export function deviceIdOf({ device, keys }: Server, account: string): Id | undefined {
	if (device === undefined) return undefined;
	const mac = keys.index('device', utf8(`${account}/${device}`));
	return encode(mac.subarray(0, DEVICE_ID_BYTES));
}

interface Entry {
	readonly account: string;
	readonly at: number;
	readonly rows: readonly AuditRow[];
}

/** Goes on where the chain stands now: other writes may have come between asking and writing. */
async function chained(
	server: Server,
	{ heads, orm: read, afterwards }: Turn,
	{ account, at, rows }: Entry
): Promise<Ready[]> {
	const { orm } = server.database;
	const device = deviceIn(server, account);
	let { seq, hash } = heads.get(account) ?? (await chainOf(read, account));
	const written = rows.map((row) => {
		seq++;
		const { event, vault = null, item = null, detail = null, note = null } = row;
		const content = { seq, at, account, event, vault, item, detail, note, device: device.id };
		hash = auditHash(server, hash, content);
		return { ...content, hash };
	});
	heads.set(account, { seq, hash });
	afterwards.push(() => {
		for (const { event } of rows) server.metrics.happened(event);
	});
	const statements: Ready[] = [...device.statements];
	for (let i = 0; i < written.length; i += ROWS) {
		statements.push(orm.insert(audit).values(written.slice(i, i + ROWS)));
	}
	const stands = orm
		.insert(auditChains)
		.values({ account, seq, hash, forgottenSeq: 0, forgottenHash: NO_HEAD })
		.onConflictDoUpdate({ target: auditChains.account, set: { seq, hash } });
	return [...statements, stands];
}

async function chainOf(orm: Database['orm'], account: string): Promise<Head> {
	const [row] = await orm
		.select({ seq: auditChains.seq, hash: auditChains.hash })
		.from(auditChains)
		.where(eq(auditChains.account, account));
	return row ?? { seq: 0, hash: NO_HEAD };
}

/**
 * What the request says that it comes from: one row for each of an account's devices, named by a MAC,
 * so that rows of the log can be found by it and none of them holds its name. For nobody as much is
 * done, and no row written: how long a wrong proof takes does not tell whether there is an account.
 */
function deviceIn(
	server: Server,
	account: string
): { readonly id: string | null; readonly statements: readonly Ready[] } {
	const { database, device, wrapper } = server;
	const id = deviceIdOf(server, account);
	if (device === undefined || id === undefined) return { id: null, statements: [] };
	const name = wrapper.wrap(auditDevicePlace(account, id), utf8(device));
	const row = {
		account: accounts.id,
		id: sql<Id>`${id}`.as('id'),
		name: sql<Wrapped>`${sql.param(name, auditDevices.name)}`.as('name')
	};
	const known = database.orm
		.insert(auditDevices)
		.select(database.orm.select(row).from(accounts).where(eq(accounts.id, account)))
		.onConflictDoNothing();
	return { id, statements: [known] };
}
