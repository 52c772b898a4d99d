/**
 * Rotations on their way: sealed records that wait, wrapped for the place that they will take, so
 * that the switch is plain SQL. Nobody reads them before. Norm: docs/protocol.md, 10.
 */
import { and, count, desc, eq, lte, ne, notInArray, sql, type SQL } from 'drizzle-orm';
import { ITEMS_PER_VAULT } from '#lib/api/limits.ts';
import type { RotationPart } from '#lib/api/rotations.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { accounts, vaults } from '#lib/server/db/schema.ts';
import type { notes } from '#lib/server/db/schema-audit.ts';
import { rotationRecords, rotations } from '#lib/server/db/schema-waiting.ts';
import { ServerError } from '#lib/server/errors.ts';
import { inSlices, wrapRecords } from '#lib/server/records.ts';
import type { Server } from '#lib/server/server.ts';
import { ROTATION_SHARES } from '#lib/server/storage.ts';

/** A rotation takes minutes; a day is for a device that sleeps in its midst. */
const LIFE_MS = 86_400_000;
/**
 * Rotations of one account that may wait at a time: one, and one that a tab which died left behind.
 * What they hold is an account's share of the disk, so a third takes the oldest one's place.
 */
const AT_A_TIME = 2;
/** Of one vault's sheets as they are stored; as in the schema's vaults_sheet_bytes. */
const SHEET_BYTES = 94_371_840;

/** Rows that one statement of a switch moves or drops: some milliseconds. */
export const PORTION = 500;

export type Kind = 'sheet' | 'secret';

/**
 * Takes a part of a rotation, beginning it if it is the first. Records that came before are replaced.
 *
 * @throws {ServerError} `not-found` for a vault of another account exactly as for none; `too-large`
 * if more would wait than a vault can hold, or an account has room for.
 */
export async function stagePart(
	server: Server,
	account: Id,
	rotation: Id,
	part: RotationPart
): Promise<undefined> {
	const { orm } = server.database;
	const [vault] = await orm
		.select({ id: vaults.id })
		.from(vaults)
		.where(and(eq(vaults.account, account), eq(vaults.id, part.vault)));
	if (vault === undefined) throw new ServerError('not-found', 'no such vault');
	const { outcome } = await server.database.write([
		...beginStatements(server, account, rotation),
		...(await recordStatements(server, account, rotation, part)),
		limitStatement(server, account, rotation, part)
	]);
	if (outcome !== 'written') {
		throw new ServerError('too-large', 'the rotation would hold too many records');
	}
	return undefined;
}

/** The records that wait for one place in a vault. */
export function staged(account: Id, rotation: Id, vault: Id, kind: Kind) {
	return and(
		eq(rotationRecords.account, account),
		eq(rotationRecords.rotation, rotation),
		eq(rotationRecords.vault, vault),
		eq(rotationRecords.kind, kind)
	);
}

/** The statement that drops rotations which nobody ended. */
export function forgetRotations({ database: { orm }, now }: Server): Statement {
	return orm.delete(rotations).where(lte(rotations.createdAt, now() - LIFE_MS));
}

/** The statements that drop every rotation of `account` that waits. */
export async function forgetWaiting(server: Server, account: Id): Promise<Statement[]> {
	const records = await dropInPortions(
		server,
		rotationRecords,
		eq(rotationRecords.account, account)
	);
	return [...records, server.database.orm.delete(rotations).where(eq(rotations.account, account))];
}

/** The statements that drop what `where` chooses, none of them many rows of what is there now. */
export async function dropInPortions(
	{ database: { orm } }: Server,
	table: typeof rotationRecords | typeof notes,
	where: SQL | undefined
): Promise<Statement[]> {
	const [row] = await orm.select({ rows: count() }).from(table).where(where);
	const portion = sql`rowid in (select rowid from ${table} where ${where} limit ${PORTION})`;
	const portions = Math.floor((row?.rows ?? 0) / PORTION);
	return [
		...Array.from({ length: portions }, () => orm.delete(table).where(portion)),
		orm.delete(table).where(where)
	];
}

function beginStatements(
	{ database: { orm }, now }: Server,
	account: Id,
	rotation: Id
): Statement[] {
	const others = and(eq(rotations.account, account), ne(rotations.id, rotation));
	const kept = orm
		.select({ id: rotations.id })
		.from(rotations)
		.where(others)
		.orderBy(desc(rotations.createdAt))
		.limit(AT_A_TIME - 1);
	return [
		orm.insert(rotations).values({ account, id: rotation, createdAt: now() }).onConflictDoNothing(),
		orm.delete(rotations).where(and(others, notInArray(rotations.id, kept)))
	];
}

async function recordStatements(
	server: Server,
	account: Id,
	rotation: Id,
	{ vault, sheets, secrets }: RotationPart
): Promise<Statement[]> {
	const place = { account, vault };
	const named = secrets.map(({ item, blob }) => ({ id: item, blob }));
	const write = async (kind: Kind, records: Awaited<ReturnType<typeof wrapRecords>>) =>
		await inSlices(
			records.map((wrapped) => ({ account, rotation, vault, kind, ...wrapped })),
			(slice) =>
				server.database.orm
					.insert(rotationRecords)
					.values(slice)
					.onConflictDoUpdate({
						target: [
							rotationRecords.account,
							rotationRecords.rotation,
							rotationRecords.vault,
							rotationRecords.kind,
							rotationRecords.id
						],
						set: { blob: sql`excluded.blob` }
					})
		);
	return [
		...(await write('sheet', await wrapRecords(server, 'sheets', place, sheets))),
		...(await write('secret', await wrapRecords(server, 'secrets', place, named)))
	];
}

/**
 * Fails, and the part with it, if more would wait for the vault than it may hold, or if more came in
 * all than an account has room for: also one that is above its share, for it must be able to rotate.
 */
function limitStatement(
	{ database: { orm }, env }: Server,
	account: Id,
	rotation: Id,
	{ vault, sheets, secrets }: RotationPart
): Statement {
	const came = [...sheets, ...secrets].reduce((sum, { blob }) => sum + blob.length, 0);
	const has = sql`(select ${accounts.storedBytes} from ${accounts} where ${accounts.id} = ${account})`;
	const most = sql`${ROTATION_SHARES} * max(${env.share.bytes}, ${has})`;
	const of = (kind: Kind) =>
		sql`from ${rotationRecords} where ${staged(account, rotation, vault, kind)}`;
	const fits = sql`(select count(*) ${of('sheet')}) <= ${ITEMS_PER_VAULT}
		and (select count(*) ${of('secret')}) <= ${ITEMS_PER_VAULT}
		and (select coalesce(sum(length(${rotationRecords.blob})), 0) ${of('sheet')}) <= ${SHEET_BYTES}
		and ${rotations.bytes} + ${came} <= ${most}`;
	return orm
		.update(rotations)
		.set({ bytes: sql`case when ${fits} then ${rotations.bytes} + ${came} end` })
		.where(and(eq(rotations.account, account), eq(rotations.id, rotation)));
}
