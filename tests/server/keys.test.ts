/** ENCRYPTION_KEYS: turned over, lost, mixed up; and what stands in the database. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { keyName } from '#lib/server/wrap/encryption-keys.ts';
import { Host, KEY_A, KEY_B } from './host.ts';
import { secret, secretsOf, sheet, someone, type Person } from './person.ts';

const KEY_C = encode(new Uint8Array(32).fill(0xc3));
const NAME_A = keyName(new Uint8Array(32).fill(0xa1));
const NAME_B = keyName(new Uint8Array(32).fill(0xb2));

let host: Host;
let person: Person;
const written = secret();

beforeEach(async () => {
	host = await Host.open();
	person = await someone(host);
	await person.commit(person.commitOf({ sheets: [sheet()], secrets: [written] }));
	await host.stop();
});

afterEach(async () => {
	await host.remove();
});

async function startWith(...keys: string[]): Promise<void> {
	await host.start({ ENCRYPTION_KEYS: keys.join(',') });
}

describe('a new key in front', () => {
	test('encrypts from then on, and what the old one wrote is still read', async () => {
		await startWith(KEY_B, KEY_A);
		await person.signIn();
		const { secrets } = await secretsOf(await person.readSecrets([written.item]));
		expect(secrets[0]?.blob).toEqual(written.blob);
		await person.commit(person.commitOf({ secrets: [secret()] }));
		expect((await person.getAccount()).email).toBe(person.email);
	});

	test('keeps everyone signed in, and the salt of unknown emails', async () => {
		await startWith(KEY_A);
		const before = await person.challenge({ email: 'nobody@example.org', purpose: 1 });
		await host.stop();
		await startWith(KEY_B, KEY_A);
		const after = await person.challenge({ email: 'nobody@example.org', purpose: 1 });
		expect(after.salt).toEqual(before.salt);
		expect((await person.send('/api/v1/account')).status).toBe(200);
	});
});

describe('the server refuses to start', () => {
	test('with a wrong key', async () => {
		await expect(startWith(KEY_C)).rejects.toThrow(
			'ENCRYPTION_KEYS: none of these keys was ever used with this database'
		);
	});

	test('with the old key gone after a rotation, and names it', async () => {
		await startWith(KEY_B, KEY_A);
		await host.stop();
		await expect(startWith(KEY_B)).rejects.toThrow(`key ${NAME_A} is missing`);
	});

	test('with the new key gone after a rotation, and names it', async () => {
		await startWith(KEY_B, KEY_A);
		await host.stop();
		await expect(startWith(KEY_A)).rejects.toThrow(`key ${NAME_B} is missing`);
	});

	test('with the keys in the wrong order, and says which must be first', async () => {
		await startWith(KEY_B, KEY_A);
		await host.stop();
		await expect(startWith(KEY_A, KEY_B)).rejects.toThrow(
			`wrong order; key ${NAME_A} was replaced by ${NAME_B}, which must be first`
		);
	});

	test('if a key of the server itself is gone from the database', async () => {
		await host.sql("delete from server_keys where name = 'index'");
		await expect(startWith(KEY_A)).rejects.toThrow('the database has lost its key "index"');
	});

	test('if a key of the server itself was moved to another place', async () => {
		await host.sql(
			"update server_keys set key = (select key from server_keys where name = 'challenge') where name = 'index'"
		);
		await expect(startWith(KEY_A)).rejects.toThrow('the database was changed');
	});

	test('and then leaves the database free for another try', async () => {
		await expect(startWith(KEY_C)).rejects.toThrow();
		await startWith(KEY_A);
		expect(await host.server.ready()).toBe(true);
	});
});

test('a key that is neither first nor known is warned about', async () => {
	await startWith(KEY_A, KEY_C);
	expect(host.lines.some((line) => line.includes('this encryption key does nothing'))).toBe(true);
});

describe('the database file', () => {
	test('holds no email, salt, key or blob in clear', () => {
		const files = ['keyhold.db', 'keyhold.db-wal'].flatMap((name) => {
			try {
				return [readFileSync(`${host.directory}/${name}`)];
			} catch {
				return [];
			}
		});
		const bytes = Buffer.concat(files);
		for (const clear of [
			Buffer.from(person.email),
			person.salt,
			person.wrap,
			person.keyWrap,
			person.locator,
			person.key.publicKey,
			person.accountManifest,
			person.vaultManifest,
			written.blob
		]) {
			expect(bytes.includes(Buffer.from(clear).subarray(0, 16))).toBe(false);
		}
	});

	test('moved values do not open: a secret in the row of another answers with an error', async () => {
		await startWith(KEY_A);
		const other = secret();
		await person.commit(person.commitOf({ secrets: [other] }));
		await host.sql(
			'update secrets set blob = (select blob from secrets where item = ?) where item = ?',
			[other.item, written.item]
		);
		expect((await person.readSecrets([written.item])).status).toBe(500);
		expect((await person.readSecrets([other.item])).status).toBe(200);
	});
});
