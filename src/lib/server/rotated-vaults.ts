/**
 * Vaults as a rotation leaves them: what waits takes the place of what is there. Norm:
 * docs/protocol.md, 10.
 *
 * It goes in portions, each a range of names, so that no statement is long.
 */
import { and, asc, eq, gt, lte, sql, type SQL } from 'drizzle-orm';
import type { SelectedFields } from 'drizzle-orm/sqlite-core';
import type { RotationRequest } from '#lib/api/account.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { Ready, Statement } from '#lib/server/db/database.ts';
import { secrets, sheets, vaults } from '#lib/server/db/schema.ts';
import { notes } from '#lib/server/db/schema-audit.ts';
import { rotationRecords, rotations } from '#lib/server/db/schema-waiting.ts';
import { vaultPlace } from '#lib/server/places.ts';
import { dropInPortions, PORTION, staged, type Kind } from '#lib/server/rotations.ts';
import type { Server } from '#lib/server/server.ts';
import { nextTurn } from '#lib/server/turns.ts';
import { secretBytes } from '#lib/server/storage.ts';
import { countRecords, vaultStep } from '#lib/server/vaults.ts';

type RotatedVault = RotationRequest['vaults'][number];

/** A vault and the rotation whose records it gets. */
interface Place {
	readonly account: Id;
	readonly rotation: Id;
	readonly vault: Id;
}

/** Names above the first and up to the second; both are open at the ends. */
type Range = readonly [string | undefined, string | undefined];

/**
 * The statements that give each of `anew` its next manifest and key, and every record sealed under
 * it. They fail unless what waits is whole: each sheet that is there, and of the secrets as many as
 * the manifest counts, none under a name that is not there.
 */
export async function vaultsAnew(
	server: Server,
	account: Id,
	rotation: Id,
	anew: readonly RotatedVault[]
): Promise<Statement[]> {
	const statements: Statement[] = [];
	for (const vault of anew) {
		statements.push(...(await vaultAnew(server, { account, rotation, vault: vault.id }, vault)));
	}
	return statements;
}

async function vaultAnew(
	server: Server,
	place: Place,
	{ id, expected, secretCount, manifest, keyWrap }: RotatedVault
): Promise<Statement[]> {
	const { orm } = server.database;
	const { account } = place;
	const seq = expected.seq + 1;
	const own = and(eq(vaults.account, account), eq(vaults.id, id));
	const theirNotes = and(eq(notes.account, account), eq(notes.vault, id));
	const ofVault = and(eq(secrets.account, account), eq(secrets.vault, id));
	const change = {
		generation: sql`case when ${counted(place, secretCount)} then ${vaults.generation} + 1 end`,
		keyWrap: server.wrapper.wrap(vaultPlace(account, id, 'key_wrap'), keyWrap)
	};
	return [
		...vaultStep(server, account, id, { expected, seq, manifest }, change),
		...(await recordsAnew(server, place, 'sheet', seq)),
		...(await recordsAnew(server, place, 'secret', seq)),
		// Sealed under the key that is given up, and nothing that a rotation is for needs them.
		...(await dropInPortions(server, notes, theirNotes)),
		countRecords(server, account, id),
		orm
			.update(vaults)
			.set({ secretBytes: secretBytes(ofVault) })
			.where(own)
	];
}

/**
 * Whether as many sheets wait as are there, and as many secrets as the manifest counts. A secret that
 * is there and does not wait is listed by no sheet; docs/decisions/0014 says why it goes.
 */
function counted({ account, rotation, vault }: Place, secretCount: number): SQL {
	const waits = (kind: Kind) =>
		sql`(select count(*) from ${rotationRecords} where ${staged(account, rotation, vault, kind)})`;
	const there = sql`(select count(*) from ${sheets} where ${sheets.account} = ${account} and ${sheets.vault} = ${vault})`;
	return sql`(${waits('sheet')} = ${there} and ${waits('secret')} = ${secretCount})`;
}

async function recordsAnew(
	server: Server,
	place: Place,
	kind: Kind,
	revision: number
): Promise<Statement[]> {
	const statements: Statement[] = [];
	for (const range of await rangesOf(server, place, kind)) {
		// As SQL already: to build all of them at once would take its time as well.
		const built = rangeAnew(server, place, kind, range, revision).map((each) => each.toSQL());
		statements.push(...built.map((query) => ({ toSQL: () => query })));
		await nextTurn();
	}
	return statements;
}

/** Of one range: that each record that waits is there, and then that it takes its place. */
function rangeAnew(
	{ database: { orm } }: Server,
	{ account, rotation, vault }: Place,
	kind: Kind,
	range: Range,
	revision: number
): Ready[] {
	const waiting = and(
		staged(account, rotation, vault, kind),
		...within(sql`${rotationRecords.id}`, range)
	);
	const name = kind === 'sheet' ? sheets.id : secrets.item;
	const table = kind === 'sheet' ? sheets : secrets;
	const there = and(
		eq(table.account, account),
		eq(table.vault, vault),
		...within(sql`${name}`, range)
	);
	const known = sql`not exists (select ${rotationRecords.id} from ${rotationRecords} where ${waiting}
		except select ${name} from ${table} where ${there})`;
	const { account: owner, vault: place, id, blob } = rotationRecords;
	const written = sql<number>`${revision}`.as('revision');
	const from = <Row extends SelectedFields>(row: Row) =>
		orm.select(row).from(rotationRecords).where(waiting);
	const moved =
		kind === 'sheet'
			? orm
					.insert(sheets)
					.select(from({ account: owner, vault: place, id, revision: written, blob }))
			: orm
					.insert(secrets)
					.select(from({ account: owner, vault: place, item: id, revision: written, blob }));
	return [
		orm
			.update(rotations)
			.set({ createdAt: sql`case when ${known} then ${rotations.createdAt} end` })
			.where(and(eq(rotations.account, account), eq(rotations.id, rotation))),
		orm.delete(table).where(there),
		moved
	];
}

function within(name: SQL, [above, upTo]: Range): SQL[] {
	return [
		...(above === undefined ? [] : [gt(name, above)]),
		...(upTo === undefined ? [] : [lte(name, upTo)])
	];
}

/** Ranges of all names there are, with a portion of what waits in each. */
async function rangesOf(
	{ database: { orm } }: Server,
	{ account, rotation, vault }: Place,
	kind: Kind
): Promise<Range[]> {
	const { id } = rotationRecords;
	const named = orm
		.select({ id, place: sql<number>`row_number() over (order by ${id})`.as('place') })
		.from(rotationRecords)
		.where(staged(account, rotation, vault, kind))
		.as('named');
	const rows = await orm
		.select({ id: named.id })
		.from(named)
		.where(sql`${named.place} % ${PORTION} = 0`)
		.orderBy(asc(named.id));
	const ends = rows.map((row) => row.id);
	return [...ends, undefined].map((end, at) => [ends[at - 1], end]);
}
