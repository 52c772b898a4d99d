/** The account of a session: reading it, and changing its settings and floors. */
import { and, asc, eq, gt, lt, sql } from 'drizzle-orm';
import type { AccountCommitReply, AccountCommitRequest, AccountHead } from '#lib/api/account.ts';
import { CHAIN_LENGTH } from '#lib/api/limits.ts';
import { equal, fromUtf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { record } from '#lib/server/audit.ts';
import type { Claim } from '#lib/server/budget.ts';
import { headOf, sha256 } from '#lib/server/chain.ts';
import { accountChain, accounts, slots, vaults } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import { accountPlace, vaultPlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';
import { chainBytes } from '#lib/server/sizes.ts';
import { listedSlot } from '#lib/server/slots.ts';

/**
 * The account as it is, and the chain since `after`; without it there is no chain.
 *
 * @throws {ServerError} `not-found`; `busy`.
 */
export async function accountHead(
	server: Server,
	claim: Claim,
	account: Id,
	after: number | undefined
): Promise<AccountHead> {
	const { orm } = server.database;
	const chained = and(
		eq(accountChain.account, account),
		gt(accountChain.seq, after ?? Number.MAX_SAFE_INTEGER),
		lt(
			accountChain.seq,
			sql`(select ${accounts.seq} from ${accounts} where ${accounts.id} = ${account})`
		)
	);
	await claimChain(server, claim, account, after);
	const [accountRows, slotRows, vaultRows, chain] = await server.database.snapshot([
		orm.select().from(accounts).where(eq(accounts.id, account)),
		orm
			.select()
			.from(slots)
			.where(eq(slots.account, account))
			.orderBy(asc(slots.kind), asc(slots.createdAt)),
		orm
			.select({ id: vaults.id, generation: vaults.generation, keyWrap: vaults.keyWrap })
			.from(vaults)
			.where(eq(vaults.account, account))
			.orderBy(asc(vaults.createdAt)),
		orm
			.select({ hash: accountChain.hash })
			.from(accountChain)
			.where(chained)
			.orderBy(asc(accountChain.seq))
			.limit(CHAIN_LENGTH)
	]);
	const [row] = accountRows;
	if (row === undefined) throw new ServerError('not-found', 'no such account');
	const open = (column: 'email' | 'manifest' | 'settings', value: typeof row.email) =>
		server.wrapper.unwrap(accountPlace(account, column), value);
	return {
		account,
		email: fromUtf8(open('email', row.email)),
		generation: row.generation,
		slots: slotRows.map((slot) => listedSlot(server, slot)),
		manifest: { seq: row.seq, blob: open('manifest', row.manifest) },
		chain: chain.map(({ hash }) => hash),
		vaults: vaultRows.map(({ id, generation, keyWrap }) => ({
			id,
			generation,
			keyWrap: server.wrapper.unwrap(vaultPlace(account, id, 'key_wrap'), keyWrap)
		})),
		...(row.settings === null ? {} : { settings: open('settings', row.settings) })
	};
}

/**
 * Writes the next account manifest, and settings if they are given: all or nothing, and only on
 * top of the head that the writer saw.
 */
export async function commitAccount(
	server: Server,
	claim: Claim,
	account: Id,
	{ expected, settings, manifest }: AccountCommitRequest
): Promise<AccountCommitReply> {
	const { database, wrapper, now } = server;
	const hash = sha256(manifest);
	const seq = expected.seq + 1;
	const { outcome } = await database.write([
		database.orm
			.update(accounts)
			.set({
				seq: sql`case when ${accounts.seq} = ${expected.seq} and ${accounts.head} = ${expected.head} then ${seq} end`,
				head: headOf(expected.head, hash),
				manifest: wrapper.wrap(accountPlace(account, 'manifest'), manifest),
				...(settings === undefined
					? {}
					: { settings: wrapper.wrap(accountPlace(account, 'settings'), settings) })
			})
			.where(eq(accounts.id, account)),
		database.orm.insert(accountChain).values({ account, seq, hash }),
		...record(database, now(), account, [{ event: 'account.commit', detail: String(seq) }])
	]);
	if (outcome === 'written') return { outcome: 'stored', seq };
	if (await stands(server, account, expected.seq, expected.head)) {
		throw new ServerError('failed', 'a commit on the right head was refused');
	}
	return { outcome: 'conflict', head: await accountHead(server, claim, account, expected.seq) };
}

/** Of an account only the chain can be long. */
async function claimChain(
	{ database: { orm } }: Server,
	claim: Claim,
	account: Id,
	after: number | undefined
): Promise<void> {
	const [row] = await orm
		.select({ seq: accounts.seq })
		.from(accounts)
		.where(eq(accounts.id, account));
	if (row !== undefined) claim(chainBytes(row.seq, after));
}

async function stands(
	{ database }: Server,
	account: Id,
	seq: number,
	head: Bytes
): Promise<boolean> {
	const [row] = await database.orm
		.select({ seq: accounts.seq, head: accounts.head })
		.from(accounts)
		.where(eq(accounts.id, account));
	return row !== undefined && row.seq === seq && equal(row.head, head);
}
