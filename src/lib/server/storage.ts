/**
 * An account's share of the disk: how many bytes of sheets and secrets it may hold, and how many
 * keys, all its vaults together. The host sets both.
 *
 * An account may be above its share, where the host lowered it, or where a rotation padded sheets up:
 * then nothing is lost, and it may write whatever leaves it no larger than it was.
 */
import { and, eq, inArray, sql, type SQL } from 'drizzle-orm';
import type { Id } from '#lib/encoding/id.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { accounts, secrets, vaults } from '#lib/server/db/schema.ts';
import { inSlices } from '#lib/server/records.ts';
import type { Server } from '#lib/server/server.ts';

/**
 * Beyond the share, for writes after which there are no more keys than before: a key can always be
 * marked for the trash, which may make its sheet a page longer, and a value that leaked replaced. It
 * is no more than this however often one writes, or the share would bound nothing.
 */
const UPKEEP_BYTES = 1024 * 1024;

/**
 * Parts that may come for one rotation, in shares. It seals everything anew, so one would do, but for
 * sheets that grow by a page and for parts that are sent twice.
 */
export const ROTATION_SHARES = 2;

/**
 * Counts anew what the account stores, and refuses the batch if that is more than before and more
 * than its share; {@link isOverShare} tells this refusal from others.
 */
export function withinShare(server: Server, account: Id): Statement {
	const { bytes, keys } = server.env.share;
	const grows = sql`${keysOf(account)} > ${accounts.storedKeys}`;
	const room = sql`case when ${grows} then ${bytes} else ${bytes + UPKEEP_BYTES} end`;
	const bounded = (total: SQL, before: SQL, limit: SQL) =>
		sql`case when ${total} <= max(${before}, ${limit}) then ${total} end`;
	return stored(server, account, {
		storedBytes: bounded(bytesOf(account), sql`${accounts.storedBytes}`, room),
		storedKeys: bounded(keysOf(account), sql`${accounts.storedKeys}`, sql`${keys}`)
	});
}

/** Counts anew what the account stores, however much it is. */
export function countShare(server: Server, account: Id): Statement {
	return stored(server, account, { storedBytes: bytesOf(account), storedKeys: keysOf(account) });
}

/** @param rule what a batch was refused by. */
export function isOverShare(rule: string): boolean {
	return /\baccounts\.stored_(bytes|keys)\b/.test(rule);
}

/**
 * The statements that bring the count of a vault's secret bytes up to date around `writes`, which
 * touch the secrets of these items alone: the others are not looked at.
 */
export async function countingSecrets(
	{ database: { orm } }: Server,
	account: Id,
	vault: Id,
	items: readonly Id[],
	writes: readonly Statement[]
): Promise<Statement[]> {
	const count = async (sign: '+' | '-') =>
		await inSlices(items, (slice) => {
			const touched = and(
				eq(secrets.account, account),
				eq(secrets.vault, vault),
				inArray(secrets.item, slice)
			);
			const bytes = secretBytes(touched);
			return orm
				.update(vaults)
				.set({ secretBytes: sql`${vaults.secretBytes} ${sql.raw(sign)} ${bytes}` })
				.where(and(eq(vaults.account, account), eq(vaults.id, vault)));
		});
	return [...(await count('-')), ...writes, ...(await count('+'))];
}

/** The stored bytes of the secrets that `where` chooses; SQLite takes them from the rows' headers. */
export function secretBytes(where: SQL | undefined): SQL {
	return sql`(select coalesce(sum(length(${secrets.blob})), 0) from ${secrets} where ${where})`;
}

function stored(
	{ database: { orm } }: Server,
	account: Id,
	set: { storedBytes: SQL; storedKeys: SQL }
): Statement {
	return orm.update(accounts).set(set).where(eq(accounts.id, account));
}

function bytesOf(account: Id): SQL {
	return ofVaults(account, sql`${vaults.sheetBytes} + ${vaults.secretBytes}`);
}

function keysOf(account: Id): SQL {
	return ofVaults(account, sql`${vaults.secretCount}`);
}

function ofVaults(account: Id, what: SQL): SQL {
	return sql`(select coalesce(sum(${what}), 0) from ${vaults} where ${vaults.account} = ${account})`;
}
