/**
 * Which of several databases something belongs to, where accounts are divided among them. It follows
 * from what a request carries, so nothing has to be looked up: an address belongs to one by its hash,
 * and what the server makes up at random (session tokens, links) is drawn until it belongs to that of
 * its account. The number of databases is part of it, and never changes.
 */
import { createHash, randomBytes } from 'node:crypto';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';

/** One database of several. */
export interface Shard {
	readonly index: number;
	readonly count: number;
}

/** What is drawn for one of them is drawn that often. */
export const SHARDS_MAX = 64;

const DOMAIN = utf8('keyhold shard');

/** The place of the database among `count` that `value` belongs to, from 0. */
export function shardOf(value: Uint8Array, count: number): number {
	if (count === 1) return 0;
	const hash = createHash('sha256').update(DOMAIN).update(value).digest();
	return Number(hash.readBigUInt64BE() % BigInt(count));
}

/** Random bytes that belong to `shard`; any, where there is one database. */
export function randomFor(length: number, shard: Shard | undefined): Bytes {
	for (;;) {
		const bytes = new Uint8Array(randomBytes(length));
		if (shard === undefined || shardOf(bytes, shard.count) === shard.index) return bytes;
	}
}
