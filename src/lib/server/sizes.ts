/** What reading something will take, in bytes, asked before it is read. */
import { sql, type SQL } from 'drizzle-orm';
import { CHAIN_LENGTH } from '#lib/api/limits.ts';
import { sheets } from '#lib/server/db/schema.ts';

/** A hash of a chain, as the row that it comes in. */
const LINK_BYTES = 256;

/** The stored bytes of the sheets that `where` chooses; SQLite takes them from the rows' headers. */
export function sheetBytes(where: SQL | undefined) {
	return sql<number>`(select coalesce(sum(length(${sheets.blob})), 0) from ${sheets} where ${where})`;
}

/** What the chain from `after` to `seq` takes. Without `after` there is none. */
export function chainBytes(seq: number, after: number | undefined): number {
	const links = Math.min(CHAIN_LENGTH, Math.max(0, seq - (after ?? seq)));
	return links * LINK_BYTES;
}
