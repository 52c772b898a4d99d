/**
 * Which of several databases an address belongs to: by its hash, unless the database that is meant by
 * it says otherwise. An account stays where it is when it takes another address, so it claims that
 * one first, there; from then on the address belongs to the account's database, also when the account
 * leaves it or is gone.
 *
 * No two accounts come to one address. In the database of its hash a batch that gives it to an
 * account fails if it was claimed away, and a claim fails if an account has it. Whoever claims what
 * belongs to a third one looks there first; and as two databases know no common transaction, what was
 * claimed stays so for ten minutes, longer than any write takes.
 */
import { and, eq, ne, sql } from 'drizzle-orm';
import { utf8 } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { accounts, movedAddresses } from '#lib/server/db/schema.ts';
import { shardOf } from '#lib/server/db/shard.ts';
import { readEmail } from '#lib/server/email.ts';
import { onlyIf } from '#lib/server/links.ts';
import type { Server } from '#lib/server/server.ts';
import type { Shards } from '#lib/server/shards.ts';

/** Clocks of several processes may differ by most of it. */
const CLAIMED_FOR_MS = 600_000;

type Moved = typeof movedAddresses.$inferSelect;

/** The same request, led to another database. */
export function ledTo(from: Server, to: Server): Server {
	return from.device === undefined ? to : { ...to, device: from.device };
}

/** @throws {ServerError} `malformed` if `typed` cannot be an address. */
export async function homeOfAddress(server: Server, typed: string): Promise<Server> {
	const { shards } = server;
	if (!shards.several) return server;
	return ledTo(server, shards.at(await placeOfAddress(shards, readEmail(typed))));
}

/**
 * The place of the database that an address leads to, among several.
 *
 * @param email in its one form.
 */
export async function placeOfAddress(shards: Shards, email: string): Promise<number> {
	const hashed = shardOf(utf8(email), shards.count);
	const moved = await movedIn(shards.at(hashed), email);
	return moved?.shard ?? hashed;
}

/**
 * Before an account of this database gets an address.
 *
 * @param email in its one form.
 * @returns statements for the batch that gives it, which fails if another was quicker; `undefined` if
 * an account of another database has it, or is about to.
 */
export async function claimAddress(
	server: Server,
	account: Id,
	email: string
): Promise<Statement[] | undefined> {
	const { shards, env, now } = server;
	const { shard } = env;
	if (shard === undefined) return [];
	const hashed = shardOf(utf8(email), shard.count);
	const origin = shards.at(hashed);
	const own = hashed === shard.index;
	const moved = await movedIn(origin, email);
	if (moved !== undefined || !own) {
		const holder = moved?.shard ?? hashed;
		if (holder !== shard.index) {
			if (moved !== undefined && now() - moved.claimedAt < CLAIMED_FOR_MS) return undefined;
			if (await hasAddress(shards.at(holder), email)) return undefined;
		}
		const claim = claimOf(origin, email, { moved, to: shard.index, now: now() });
		if ((await origin.database.write([claim])).outcome !== 'written') return undefined;
	}
	return own ? [onlyHere(server, account, email, shard.index)] : [];
}

/** Fails if an account of its database has the address, or if it was claimed since `moved` was read. */
function claimOf(
	origin: Server,
	email: string,
	{ moved, to, now }: { moved: Moved | undefined; to: number; now: number }
): Statement {
	const { orm } = origin.database;
	const emailIndex = indexOf(origin, email);
	if (moved === undefined) {
		const param = sql.param(emailIndex, accounts.emailIndex);
		const free = sql`not exists (select 1 from ${accounts} where ${accounts.emailIndex} = ${param})`;
		const shard = sql<number>`case when ${free} then ${to} end`;
		return orm.insert(movedAddresses).values({ emailIndex, shard, claimedAt: now });
	}
	const same = and(
		eq(movedAddresses.shard, moved.shard),
		eq(movedAddresses.claimedAt, moved.claimedAt)
	);
	return orm
		.update(movedAddresses)
		.set({ shard: sql`case when ${same} then ${to} end`, claimedAt: now })
		.where(eq(movedAddresses.emailIndex, emailIndex));
}

/** Changes nothing, and fails its batch if the address was claimed for another database. */
function onlyHere(server: Server, account: Id, email: string, index: number): Statement {
	const away = and(
		eq(movedAddresses.emailIndex, indexOf(server, email)),
		ne(movedAddresses.shard, index)
	);
	return onlyIf(server, account, sql`not exists (select 1 from ${movedAddresses} where ${away})`);
}

async function movedIn(origin: Server, email: string): Promise<Moved | undefined> {
	const [row] = await origin.database.orm
		.select()
		.from(movedAddresses)
		.where(eq(movedAddresses.emailIndex, indexOf(origin, email)));
	return row;
}

async function hasAddress(server: Server, email: string): Promise<boolean> {
	const rows = await server.database.orm
		.select({ id: accounts.id })
		.from(accounts)
		.where(eq(accounts.emailIndex, indexOf(server, email)));
	return rows.length > 0;
}

function indexOf({ keys }: Server, email: string) {
	return keys.index('email', utf8(email));
}
