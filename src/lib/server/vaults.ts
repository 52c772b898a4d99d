/** Vaults: reading one in one snapshot, and changing it by commits. Norm: docs/protocol.md, 7, 10. */
import { and, asc, eq, gt, lt, sql } from 'drizzle-orm';
import type { SQLiteUpdateSetSource } from 'drizzle-orm/sqlite-core';
import type { AccountCommitRequest } from '#lib/api/account.ts';
import { CHAIN_LENGTH } from '#lib/api/limits.ts';
import type { CommitReply, CommitRequest, Expected, VaultHead } from '#lib/api/vaults.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { record, type AuditRow } from '#lib/server/audit.ts';
import type { Claim } from '#lib/server/budget.ts';
import { headOf, NO_HEAD, sha256 } from '#lib/server/chain.ts';
import type { Head, Statement } from '#lib/server/db/database.ts';
import { secrets, sheets, vaultChain, vaults } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import { vaultPlace } from '#lib/server/places.ts';
import { openSheets, recordStatements } from '#lib/server/records.ts';
import type { Server } from '#lib/server/server.ts';
import { chainBytes, sheetBytes } from '#lib/server/sizes.ts';
import { countingSecrets, isOverShare, withinShare } from '#lib/server/storage.ts';

/** Seq and generation of a vault that is made. */
const FIRST = 1;

export type NewVault = AccountCommitRequest['vaults'][number];

/** Where an answer about a vault begins. */
export interface Since {
	/** Sheets written after this seq; all of them without it. */
	readonly after?: number;
	/** The chain after this seq; without it from `after`, and without both there is none. */
	readonly chain?: number;
}

/**
 * The vault as it is: its manifest, and of its chain and sheets what `since` asks for.
 *
 * @throws {ServerError} `not-found`, for a vault of another account exactly as for none; `busy`.
 */
export async function vaultHead(
	server: Server,
	claim: Claim,
	account: Id,
	vault: Id,
	since: Since
): Promise<VaultHead> {
	const { orm } = server.database;
	const own = and(eq(vaults.account, account), eq(vaults.id, vault));
	const { after = 0, chain: chainAfter = since.after } = since;
	const stands = await claimHead(server, claim, account, vault, since);
	const queries = [
		orm.select().from(vaults).where(own),
		orm
			.select({ hash: vaultChain.hash })
			.from(vaultChain)
			.where(
				and(
					eq(vaultChain.account, account),
					eq(vaultChain.vault, vault),
					gt(vaultChain.seq, chainAfter ?? Number.MAX_SAFE_INTEGER),
					lt(vaultChain.seq, sql`(select ${vaults.seq} from ${vaults} where ${own})`)
				)
			)
			.orderBy(asc(vaultChain.seq))
			.limit(CHAIN_LENGTH),
		orm
			.select({ id: sheets.id, revision: sheets.revision, blob: sheets.blob })
			.from(sheets)
			.where(and(eq(sheets.account, account), eq(sheets.vault, vault), gt(sheets.revision, after)))
			.orderBy(asc(sheets.revision))
	] as const;
	const near = await server.replica?.snapshot(queries);
	const trails = near?.[0][0]?.seq !== stands.seq || !equal(near[0][0].head, stands.hash);
	const [vaultRows, chain, sheetRows] =
		near === undefined || trails ? await server.database.snapshot(queries) : near;
	const [row] = vaultRows;
	if (row === undefined) throw new ServerError('not-found', 'no such vault');
	const { seq, generation } = row;
	const blob = server.wrapper.unwrap(vaultPlace(account, vault, 'manifest'), row.manifest);
	return {
		manifest: { seq, generation, blob },
		chain: chain.map(({ hash }) => hash),
		sheets: openSheets(server, account, vault, sheetRows)
	};
}

/**
 * One change of a vault, all or nothing, and only on top of the head that the writer saw. Of two
 * writers one wins; the other is told where the vault stands now.
 *
 * @throws {ServerError} `not-found`; `too-large` if the vault would hold too much; `quota`.
 */
export async function commit(
	server: Server,
	claim: Claim,
	account: Id,
	vault: Id,
	request: CommitRequest
): Promise<CommitReply> {
	const { expected } = request;
	if ((await standing(server, account, vault)) === undefined) {
		throw new ServerError('not-found', 'no such vault');
	}
	const written = await server.database.write(
		await commitStatements(server, account, vault, request)
	);
	if (written.outcome === 'written') return { outcome: 'stored', seq: expected.seq + 1 };
	if (isOverShare(written.rule))
		throw new ServerError('quota', 'more than the share of an account');
	const now = await standing(server, account, vault);
	if (now?.seq === expected.seq && equal(now.head, expected.head)) {
		throw new ServerError('too-large', 'the vault would hold too many records');
	}
	return {
		outcome: 'conflict',
		head: await vaultHead(server, claim, account, vault, { after: expected.seq })
	};
}

/**
 * Counts what a head takes. Commits that come before it is read add to it, at most their own size.
 *
 * @returns where the vault stands.
 */
async function claimHead(
	{ database: { orm } }: Server,
	claim: Claim,
	account: Id,
	vault: Id,
	{ after, chain = after }: Since
): Promise<Head> {
	const read = and(
		eq(sheets.account, account),
		eq(sheets.vault, vault),
		gt(sheets.revision, after ?? 0)
	);
	const [row] = await orm
		.select({
			seq: vaults.seq,
			head: vaults.head,
			manifestBytes: sql<number>`length(${vaults.manifest})`,
			sheetBytes: sheetBytes(read)
		})
		.from(vaults)
		.where(and(eq(vaults.account, account), eq(vaults.id, vault)));
	if (row === undefined) throw new ServerError('not-found', 'no such vault');
	await claim(row.manifestBytes + row.sheetBytes + chainBytes(row.seq, chain));
	return { seq: row.seq, hash: row.head };
}

async function standing({ database }: Server, account: Id, vault: Id) {
	const [row] = await database.orm
		.select({ seq: vaults.seq, head: vaults.head })
		.from(vaults)
		.where(and(eq(vaults.account, account), eq(vaults.id, vault)));
	return row;
}

/** The compare-and-swap comes first: a loser's batch ends there. */
async function commitStatements(
	server: Server,
	account: Id,
	vault: Id,
	request: CommitRequest
): Promise<Statement[]> {
	const { expected, manifest } = request;
	const seq = expected.seq + 1;
	const { secrets, droppedSecrets } = request;
	const items = [...secrets.map(({ item }) => item), ...droppedSecrets];
	const writes = await recordStatements(server, { account, vault, revision: seq }, request);
	return [
		...vaultStep(server, account, vault, { expected, seq, manifest }),
		...(await countingSecrets(server, account, vault, [...new Set(items)], writes)),
		countRecords(server, account, vault),
		withinShare(server, account),
		...record(server, account, [commitOf(vault, seq, request)])
	];
}

/** The item is named where one secret alone was written: of the others only the sheets tell. */
function commitOf(vault: Id, seq: number, { secrets, droppedSecrets }: CommitRequest): AuditRow {
	const event = 'vault.commit';
	const items = [...secrets.map(({ item }) => item), ...droppedSecrets];
	const [item] = items;
	const row = { event, vault, detail: String(seq) } as const;
	return item === undefined || items.length > 1 ? row : { ...row, item };
}

/** Where a write takes a vault: where the writer saw it, and where it will be. */
interface Step {
	readonly expected: Expected;
	readonly seq: number;
	readonly manifest: Bytes;
}

/**
 * The statements that set the next manifest of a vault, on top of the head that the writer saw and
 * of no other; without such a vault they fail as well. `more` are columns that change with it.
 */
export function vaultStep(
	{ database: { orm }, wrapper }: Server,
	account: Id,
	vault: Id,
	{ expected, seq, manifest }: Step,
	more: SQLiteUpdateSetSource<typeof vaults> = {}
): Statement[] {
	const hash = sha256(manifest);
	const stands = and(eq(vaults.seq, expected.seq), eq(vaults.head, expected.head));
	return [
		orm
			.update(vaults)
			.set({
				...more,
				seq: sql`case when ${stands} then ${seq} end`,
				head: headOf(expected.head, hash),
				manifest: wrapper.wrap(vaultPlace(account, vault, 'manifest'), manifest)
			})
			.where(and(eq(vaults.account, account), eq(vaults.id, vault))),
		orm.insert(vaultChain).values({ account, vault, seq, hash })
	];
}

/** Counts the rows of a vault anew; its limits stand in the schema. */
export function countRecords({ database: { orm } }: Server, account: Id, vault: Id): Statement {
	const ofVault = and(eq(sheets.account, account), eq(sheets.vault, vault));
	const count = (table: typeof sheets | typeof secrets) =>
		sql`(select count(*) from ${table} where ${table.account} = ${account} and ${table.vault} = ${vault})`;
	return orm
		.update(vaults)
		.set({
			sheetCount: count(sheets),
			secretCount: count(secrets),
			sheetBytes: sheetBytes(ofVault)
		})
		.where(and(eq(vaults.account, account), eq(vaults.id, vault)));
}

/** The statements that make a vault: empty, its seq and generation 1. */
export function newVaultStatements(
	{ database: { orm }, wrapper, now }: Server,
	account: Id,
	{ id, manifest, keyWrap }: NewVault
): Statement[] {
	const hash = sha256(manifest);
	return [
		orm.insert(vaults).values({
			account,
			id,
			generation: FIRST,
			seq: FIRST,
			head: headOf(NO_HEAD, hash),
			manifest: wrapper.wrap(vaultPlace(account, id, 'manifest'), manifest),
			keyWrap: wrapper.wrap(vaultPlace(account, id, 'key_wrap'), keyWrap),
			sheetCount: 0,
			secretCount: 0,
			sheetBytes: 0,
			createdAt: now()
		}),
		orm.insert(vaultChain).values({ account, vault: id, seq: FIRST, hash })
	];
}
