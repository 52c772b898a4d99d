/**
 * The server's own keys: random, made once, stored wrapped, never derived from ENCRYPTION_KEYS,
 * so that a rotation of those changes no index and no fake salt. Norm: docs/protocol.md, 12.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { Writer } from '#lib/encoding/binary.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Database } from '#lib/server/db/database.ts';
import { serverKeys } from '#lib/server/db/schema.ts';
import { StartError } from '#lib/server/errors.ts';
import type { Wrapper } from '#lib/server/wrap/wrapper.ts';

const KEY_BYTES = 32;
const NAMES = ['index', 'fake-salt', 'challenge'] as const;
type Name = (typeof NAMES)[number];

export class ServerKeys {
	readonly #keys: Readonly<Record<Name, Bytes>>;

	constructor(keys: Readonly<Record<Name, Bytes>>) {
		this.#keys = keys;
	}

	/** Finds a row, or counts for someone, without storing who it is. 32 bytes. */
	index(
		use:
			| 'email'
			| 'locator'
			| 'network'
			| 'counter'
			| 'credential'
			| 'backup-code'
			| 'setup-code'
			| 'device',
		value: Uint8Array
	): Bytes {
		return this.#mac('index', use, value);
	}

	/** What stands in for the fields of an account that does not exist; the same at every try. */
	fake(field: 'account' | 'slot' | 'salt' | 'key', value: Uint8Array): Bytes {
		return this.#mac('fake-salt', field, value);
	}

	/** The MAC of a challenge token. */
	challenge(fields: Uint8Array): Bytes {
		return this.#mac('challenge', 'token', fields);
	}

	/** Ties a row of the audit log to the one before it. */
	audit(fields: Uint8Array): Bytes {
		return this.#mac('index', 'audit', fields);
	}

	#mac(name: Name, use: string, value: Uint8Array): Bytes {
		const message = new Writer().prefixed(utf8(use)).bytes(value).done();
		return new Uint8Array(createHmac('sha256', this.#keys[name]).update(message).digest());
	}
}

/**
 * Reads the keys, or makes them in a database that has none.
 *
 * @throws {StartError} if some are missing: made anew they would lock everyone out.
 */
export async function openServerKeys(database: Database, wrapper: Wrapper): Promise<ServerKeys> {
	const rows =
		(await storedKeys(database)) ??
		(await makeServerKeys(database, wrapper)) ??
		// Another process that started together with this one was first.
		(await storedKeys(database)) ??
		[];
	const keys = new Map(rows.map(({ name, key }) => [name, wrapper.unwrap(placeOf(name), key)]));
	return new ServerKeys(complete(keys));
}

type Row = typeof serverKeys.$inferSelect;

async function storedKeys(database: Database): Promise<readonly Row[] | undefined> {
	const rows = await database.orm.select().from(serverKeys);
	return rows.length === 0 ? undefined : rows;
}

async function makeServerKeys(
	database: Database,
	wrapper: Wrapper
): Promise<readonly Row[] | undefined> {
	const rows = NAMES.map((name) => {
		const key = new Uint8Array(randomBytes(KEY_BYTES));
		return { name, key: wrapper.wrap(placeOf(name), key) };
	});
	const { outcome } = await database.write([database.orm.insert(serverKeys).values(rows)]);
	return outcome === 'written' ? rows : undefined;
}

function complete(keys: ReadonlyMap<string, Bytes>): Record<Name, Bytes> {
	const key = (name: Name) => {
		const found = keys.get(name);
		if (found === undefined) throw new StartError(`the database has lost its key "${name}"`);
		return found;
	};
	return { index: key('index'), 'fake-salt': key('fake-salt'), challenge: key('challenge') };
}

function placeOf(name: string) {
	return { table: 'server_keys', row: [name], column: 'key' };
}
