/** The account of a session: reading it, and the step from one manifest to the next. */
import { and, asc, eq, gt, isNotNull, lt, sql } from 'drizzle-orm';
import type { SQLiteUpdateSetSource } from 'drizzle-orm/sqlite-core';
import type { AccountCommitReply, AccountHead } from '#lib/api/account.ts';
import { CHAIN_LENGTH } from '#lib/api/limits.ts';
import type { Expected } from '#lib/api/vaults.ts';
import { equal, fromUtf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { Claim } from '#lib/server/budget.ts';
import { headOf, sha256 } from '#lib/server/chain.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { accountChain, accounts, slots, vaults } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import { accountPlace, vaultPlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';
import { chainBytes } from '#lib/server/sizes.ts';
import { listedSlot, type SlotRow } from '#lib/server/slots.ts';

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

/** Where a write takes the account. */
interface Step {
	/** Where the writer saw it. */
	readonly expected: Expected;
	/** Where it will be. */
	readonly seq: number;
	readonly manifest: Bytes;
	readonly settings?: Bytes | undefined;
}

/**
 * The statements that set the next account manifest, on top of the head that the writer saw and of
 * no other: they come first in a batch, so that a loser's ends there. `more` are columns that change
 * with it.
 */
export function accountStep(
	{ database: { orm }, wrapper }: Server,
	account: Id,
	{ expected, seq, manifest, settings }: Step,
	more: SQLiteUpdateSetSource<typeof accounts> = {}
): Statement[] {
	const hash = sha256(manifest);
	const stands = and(eq(accounts.seq, expected.seq), eq(accounts.head, expected.head));
	return [
		orm
			.update(accounts)
			.set({
				...more,
				seq: sql`case when ${stands} then ${seq} end`,
				head: headOf(expected.head, hash),
				manifest: wrapper.wrap(accountPlace(account, 'manifest'), manifest),
				...(settings === undefined
					? {}
					: { settings: wrapper.wrap(accountPlace(account, 'settings'), settings) })
			})
			.where(eq(accounts.id, account)),
		orm.insert(accountChain).values({ account, seq, hash })
	];
}

/** What a write must fit. Nothing of it changes without the account's seq. */
export interface Found {
	readonly hasSettings: boolean;
	readonly slots: readonly SlotRow[];
	readonly vaults: readonly Id[];
}

/** The account, if it stands where the writer saw it. */
export async function accountAt(
	{ database }: Server,
	account: Id,
	{ seq, head }: Expected
): Promise<Found | undefined> {
	const { orm } = database;
	const [[row], slotRows, vaultRows] = await database.snapshot([
		orm
			.select({ seq: accounts.seq, head: accounts.head, hasSettings: isNotNull(accounts.settings) })
			.from(accounts)
			.where(eq(accounts.id, account)),
		orm.select().from(slots).where(eq(slots.account, account)),
		orm.select({ id: vaults.id }).from(vaults).where(eq(vaults.account, account))
	]);
	if (row?.seq !== seq || !equal(row.head, head)) return undefined;
	return {
		hasSettings: Boolean(row.hasSettings),
		slots: slotRows,
		vaults: vaultRows.map(({ id }) => id)
	};
}

/** What the loser of a race is told. */
export async function conflict(
	server: Server,
	claim: Claim,
	account: Id,
	{ seq }: Expected
): Promise<AccountCommitReply> {
	return { outcome: 'conflict', head: await accountHead(server, claim, account, seq) };
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
	if (row !== undefined) await claim(chainBytes(row.seq, after));
}
