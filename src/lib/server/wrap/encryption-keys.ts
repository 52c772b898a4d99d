/**
 * Checks ENCRYPTION_KEYS against the database before anything is served, and says which fault it
 * is. A server that starts with the wrong keys would answer every request with an error; one whose
 * keys are in the wrong order would go back to a key that was replaced for a reason.
 *
 * The database lists the keys it was written with. A key that is new and first is a rotation: it
 * joins the list and encrypts from then on; the others must stay for what they wrapped.
 */
import { createHash } from 'node:crypto';
import { desc } from 'drizzle-orm';
import { hex, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Database } from '#lib/server/db/database.ts';
import { encryptionKeys } from '#lib/server/db/schema.ts';
import { StartError } from '#lib/server/errors.ts';
import type { Shard } from '#lib/server/db/shard.ts';
import { WrapError, Wrapper } from '#lib/server/wrap/wrapper.ts';

const NAME_BYTES = 8;
const PROOF = utf8('this key was used here');

/** The key's name as it stands in messages: tells keys apart, says nothing about them. */
export function keyName(key: Bytes): string {
	const hash = createHash('sha256').update(utf8('keyhold key name')).update(key).digest();
	return hex(hash.subarray(0, NAME_BYTES));
}

/**
 * Admits the keys, and notes the first one if it is new.
 *
 * @param asGuest whether others write to the database: a key is theirs to change.
 * @param shard which of several databases it must be.
 * @returns names of keys that are neither first nor known here: they do nothing, which is worth a
 * warning.
 * @throws {StartError} if a key is wrong, missing or in the wrong place.
 */
export async function admitKeys(
	database: Database,
	keys: readonly Bytes[],
	nowMs: number,
	{ asGuest = false, shard }: { asGuest?: boolean; shard?: Shard | undefined } = {}
): Promise<string[]> {
	const used = await database.orm.select().from(encryptionKeys).orderBy(desc(encryptionKeys.place));
	const given = keys.map((key) => ({ key, name: keyName(key) }));
	const names = new Set(given.map(({ name }) => name));
	if (used.length > 0 && !used.some(({ name }) => names.has(name))) {
		throw new StartError('ENCRYPTION_KEYS: none of these keys was ever used with this database');
	}
	for (const { name, proof } of used) {
		const found = given.find((candidate) => candidate.name === name);
		if (found === undefined) {
			throw new StartError(`ENCRYPTION_KEYS: key ${name} is missing; the database needs it`);
		}
		checkProof(new Wrapper([found.key], () => nowMs, shard), { name, proof }, shard);
	}
	const [first] = given;
	if (first === undefined) throw new StartError('ENCRYPTION_KEYS: no key');
	const [newest] = used;
	const known = used.some(({ name }) => name === first.name);
	if (known && newest !== undefined && newest.name !== first.name) {
		throw new StartError(
			`ENCRYPTION_KEYS: wrong order; key ${first.name} was replaced by ${newest.name}, which must be first`
		);
	}
	if (!known && asGuest) {
		throw new StartError(
			`ENCRYPTION_KEYS: no server has started with key ${first.name} yet: start all of them with it first`
		);
	}
	if (!known && !(await note(database, first, { place: (newest?.place ?? 0) + 1, nowMs, shard }))) {
		// Another process that started together with this one has noted a key: the same, or not.
		return await admitKeys(database, keys, nowMs, { asGuest, shard });
	}
	return given
		.slice(1)
		.flatMap(({ name }) => (used.some((row) => row.name === name) ? [] : [name]));
}

/** What proves a key is wrapped like everything else: for that very database of several. */
function checkProof(
	wrapper: Wrapper,
	{ name, proof }: Pick<typeof encryptionKeys.$inferSelect, 'name' | 'proof'>,
	shard: Shard | undefined
): void {
	try {
		wrapper.unwrap(placeOf(name), proof);
	} catch (error) {
		if (shard === undefined || !(error instanceof WrapError)) throw error;
		throw new StartError(
			`DATABASE_SHARDS: this database was not made as ${shard.index + 1} of ${shard.count}; neither their number nor their order can change`
		);
	}
}

async function note(
	database: Database,
	{ key, name }: { key: Bytes; name: string },
	{ place, nowMs, shard }: { place: number; nowMs: number; shard: Shard | undefined }
): Promise<boolean> {
	const proof = new Wrapper([key], () => nowMs, shard).wrap(placeOf(name), PROOF);
	const { outcome } = await database.write([
		database.orm.insert(encryptionKeys).values({ name, place, since: nowMs, proof })
	]);
	return outcome === 'written';
}

function placeOf(name: string) {
	return { table: 'encryption_keys', row: [name], column: 'proof' };
}
