/**
 * What stands in the database: every blob and every personal column is a Fernet token over
 *
 *     "KHS1" || lp(table) || lp(row id) || lp(column) || bytes
 *
 * so that a stolen database alone gives nothing to guess against, and nobody can move a value to
 * another row or column: it does not open there. Norm: docs/protocol.md, 12. Where accounts are
 * divided among several databases the table's name begins with which of them it is.
 */
import { randomBytes } from 'node:crypto';
import { Writer } from '#lib/encoding/binary.ts';
import { concat, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Shard } from '#lib/server/db/shard.ts';
import { fernetDecrypt, fernetEncrypt } from '#lib/server/wrap/fernet.ts';

const MAGIC = utf8('KHS1');
const IV_BYTES = 16;

declare const wrapped: unique symbol;
/** A Fernet token. The mark keeps plain bytes out of columns that must hold wrapped ones. */
export type Wrapped = Bytes & { readonly [wrapped]: true };

/** Where a value stands. `row` is the primary key, its parts in order. */
export interface Place {
	readonly table: string;
	readonly row: readonly string[];
	readonly column: string;
}

/** A stored value that does not open. The message names its place, which holds ids only. */
export class WrapError extends Error {
	override readonly name = 'WrapError';
}

/** Wraps with the first of its keys, unwraps with any of them. */
export class Wrapper {
	readonly #keys: readonly Bytes[];
	readonly #first: Bytes;
	readonly #now: () => number;
	readonly #realm: string;

	/** @param now milliseconds since 1970; only Fernet's own time stamp, which nothing relies on. */
	constructor(keys: readonly Bytes[], now: () => number, shard?: Shard) {
		const [first] = keys;
		if (first === undefined) throw new WrapError('no encryption key');
		this.#keys = keys;
		this.#first = first;
		this.#now = now;
		this.#realm = shard === undefined ? '' : `${shard.index + 1} of ${shard.count}/`;
	}

	wrap(place: Place, plain: Uint8Array): Wrapped {
		const framed = concat(frame(place, this.#realm), plain);
		const iv = new Uint8Array(randomBytes(IV_BYTES));
		return fernetEncrypt(this.#first, framed, this.#now() / 1000, iv) as Wrapped;
	}

	/** @throws {WrapError} if no key opens the token, or it was wrapped for another place. */
	unwrap(place: Place, token: Wrapped): Bytes {
		const framed = this.#open(token);
		const expected = frame(place, this.#realm);
		const fits = framed !== undefined && startsWith(framed, expected);
		if (!fits) throw new WrapError(`${place.table}.${place.column} does not open`);
		// No copy: what is opened can be large.
		return framed.subarray(expected.length);
	}

	/** Whether one of the keys opens `token`, wherever it belongs. */
	opens(token: Wrapped): boolean {
		return this.#open(token) !== undefined;
	}

	/** Whether it is wrapped with the key that wraps now. */
	isCurrent(token: Wrapped): boolean {
		return fernetDecrypt(this.#first, token) !== undefined;
	}

	#open(token: Wrapped): Bytes | undefined {
		for (const key of this.#keys) {
			const plain = fernetDecrypt(key, token);
			if (plain !== undefined) return plain;
		}
		return undefined;
	}
}

/** Ids have no `/`, so a row id of several parts reads back in one way only. */
function frame({ table, row, column }: Place, realm: string): Bytes {
	return new Writer()
		.bytes(MAGIC)
		.prefixed(utf8(realm + table))
		.prefixed(utf8(row.join('/')))
		.prefixed(utf8(column))
		.done();
}

function startsWith(bytes: Bytes, start: Bytes): boolean {
	return bytes.length >= start.length && start.every((byte, index) => byte === bytes[index]);
}
