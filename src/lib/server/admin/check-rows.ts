/** What the rows of accounts and vaults say of each other: chains, indexes, counts, where an email leads. */
import { and, asc, count, eq, max, sql } from 'drizzle-orm';
import { equal, fromUtf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { placeOfAddress } from '#lib/server/addresses.ts';
import { walk, type Chain } from '#lib/server/admin/chain-check.ts';
import { sha256 } from '#lib/server/chain.ts';
import {
	accountChain,
	accounts,
	secrets,
	sheets,
	slots,
	vaultChain,
	vaults
} from '#lib/server/db/schema.ts';
import { accountPlace, vaultPlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';
import { placeOf, type SlotRow } from '#lib/server/slots.ts';
import { WrapError, type Place, type Wrapped } from '#lib/server/wrap/wrapper.ts';

/** What was found of one account or vault, and how many of its chains could not be walked. */
export interface Found {
	readonly where: string;
	readonly faults: readonly string[];
	readonly walked: boolean;
}

export async function* checkAccounts(server: Server): AsyncGenerator<Found> {
	const ids = await server.database.orm
		.select({ id: accounts.id })
		.from(accounts)
		.orderBy(asc(accounts.id));
	for (const { id } of ids) {
		const found = await checkAccount(server, id);
		if (found !== undefined) yield found;
	}
}

export async function* checkVaults(server: Server): AsyncGenerator<Found> {
	const ids = await server.database.orm
		.select({ account: vaults.account, id: vaults.id })
		.from(vaults)
		.orderBy(asc(vaults.account), asc(vaults.id));
	for (const { account, id } of ids) {
		const found = await checkVault(server, account, id);
		if (found !== undefined) yield found;
	}
}

/** `undefined` if it was deleted while others were looked at; so with vaults. */
async function checkAccount(server: Server, id: Id): Promise<Found | undefined> {
	const { orm } = server.database;
	const [[row], links, slotRows, [held]] = await server.database.snapshot([
		orm.select().from(accounts).where(eq(accounts.id, id)),
		orm
			.select({ seq: accountChain.seq, hash: accountChain.hash })
			.from(accountChain)
			.where(eq(accountChain.account, id))
			.orderBy(asc(accountChain.seq)),
		orm.select().from(slots).where(eq(slots.account, id)),
		orm
			.select({
				bytes: sql<number>`coalesce(sum(${vaults.sheetBytes} + ${vaults.secretBytes}), 0)`,
				keys: sql<number>`coalesce(sum(${vaults.secretCount}), 0)`
			})
			.from(vaults)
			.where(eq(vaults.account, id))
	]);
	if (row === undefined) return undefined;
	const { faults, walked } = walk(chainOf(server, row, accountPlace(id, 'manifest'), links));
	const email = valueOf(server, accountPlace(id, 'email'), row.email);
	const found = isIndex(server, 'email', email, row.emailIndex);
	return {
		where: `accounts ${id}`,
		faults: [
			...faults,
			...(found ? [] : ['its index is not that of its email']),
			...(await homeFaults(server, row, email)),
			...countFaults('bytes', row.storedBytes, held?.bytes),
			...countFaults('keys', row.storedKeys, held?.keys),
			...slotRows.flatMap((slot) => slotFaults(server, slot))
		],
		walked
	};
}

/** Of several databases an account must be in that which its email leads to, or a sign-in misses it. */
async function homeFaults(
	{ database: { orm }, env: { shard }, shards }: Server,
	{ id, emailIndex }: Pick<typeof accounts.$inferSelect, 'id' | 'emailIndex'>,
	email: Bytes | undefined
): Promise<string[]> {
	if (shard === undefined || email === undefined) return [];
	const place = await placeOfAddress(shards, fromUtf8(email));
	if (place === shard.index) return [];
	// Another account may have taken the address since this one was seen to have it.
	const rows = await orm
		.select({ id: accounts.id })
		.from(accounts)
		.where(and(eq(accounts.id, id), eq(accounts.emailIndex, emailIndex)));
	return rows.length === 0 ? [] : [`its email leads to database ${place + 1}, not here`];
}

function slotFaults(server: Server, slot: SlotRow): string[] {
	const place = (column: 'locator' | 'credential') => placeOf([slot.account, slot.id], column);
	const locator = valueOf(server, place('locator'), slot.locator);
	const credential = valueOf(server, place('credential'), slot.credential);
	const found =
		isIndex(server, 'locator', locator, slot.locatorIndex) &&
		isIndex(server, 'credential', credential, slot.credentialIndex);
	return found ? [] : [`the index of slot ${slot.id} is not that of its value`];
}

async function checkVault(server: Server, account: Id, id: Id): Promise<Found | undefined> {
	const { orm } = server.database;
	const [[row], links, [sheetRows], [secretRows]] = await server.database.snapshot([
		orm
			.select()
			.from(vaults)
			.where(and(eq(vaults.account, account), eq(vaults.id, id))),
		orm
			.select({ seq: vaultChain.seq, hash: vaultChain.hash })
			.from(vaultChain)
			.where(and(eq(vaultChain.account, account), eq(vaultChain.vault, id)))
			.orderBy(asc(vaultChain.seq)),
		orm
			.select({
				rows: count(),
				newest: max(sheets.revision),
				bytes: sql<number>`coalesce(sum(length(${sheets.blob})), 0)`
			})
			.from(sheets)
			.where(and(eq(sheets.account, account), eq(sheets.vault, id))),
		orm
			.select({
				rows: count(),
				newest: max(secrets.revision),
				bytes: sql<number>`coalesce(sum(length(${secrets.blob})), 0)`
			})
			.from(secrets)
			.where(and(eq(secrets.account, account), eq(secrets.vault, id)))
	]);
	if (row === undefined) return undefined;
	const { faults, walked } = walk(chainOf(server, row, vaultPlace(account, id, 'manifest'), links));
	const newest = Math.max(sheetRows?.newest ?? 0, secretRows?.newest ?? 0);
	return {
		where: `vaults ${account}/${id}`,
		faults: [
			...faults,
			...countFaults('sheets', row.sheetCount, sheetRows?.rows),
			...countFaults('secrets', row.secretCount, secretRows?.rows),
			...countFaults('bytes of sheets', row.sheetBytes, sheetRows?.bytes),
			...countFaults('bytes of secrets', row.secretBytes, secretRows?.bytes),
			...(newest > row.seq ? [`a record of seq ${newest}, which is above ${row.seq}`] : [])
		],
		walked
	};
}

function countFaults(what: string, column: number, rows = 0): string[] {
	return column === rows ? [] : [`counts ${column} ${what}, and there are ${rows}`];
}

function chainOf(
	server: Server,
	{ seq, head, manifest }: { seq: number; head: Bytes; manifest: Wrapped },
	place: Place,
	links: Chain['links']
): Chain {
	const opened = valueOf(server, place, manifest);
	return { seq, head, links, manifestHash: opened && sha256(opened) };
}

/** What is missing, or does not open, has no index to compare; that it does not open is found anyway. */
function isIndex(
	{ keys }: Server,
	use: 'email' | 'locator' | 'credential',
	value: Bytes | undefined,
	index: Bytes | null
): boolean {
	return value === undefined || (index !== null && equal(keys.index(use, value), index));
}

function valueOf({ wrapper }: Server, place: Place, token: Wrapped | null): Bytes | undefined {
	try {
		return token === null ? undefined : wrapper.unwrap(place, token);
	} catch (error) {
		if (error instanceof WrapError) return undefined;
		throw error;
	}
}
