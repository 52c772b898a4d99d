/** A libSQL server that asks for a token, as docs/operations.md wants it. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { Host } from '../server/host.ts';
import { sheet, someone } from '../server/person.ts';
import { SQLD_MISSING } from '../sqld/program.ts';
import { Door, Sqld } from '../sqld/server.ts';

const own = generateKeyPairSync('ed25519');
const foreign = generateKeyPairSync('ed25519');

let sqld: Sqld;
let door: Door;

beforeAll(async () => {
	const publicKey = own.publicKey.export({ type: 'spki', format: 'pem' }).toString();
	sqld = await Sqld.primary({ publicKey });
	door = await Door.to(sqld);
	await sqld.makeNamespace('guarded');
});

afterAll(async () => {
	door.close();
	await sqld.remove();
});

/** A token for everything, as RFC 7519 and RFC 8037 write it. */
function tokenBy(key: KeyObject): string {
	const parts = [{ alg: 'EdDSA', typ: 'JWT' }, { a: 'rw' }].map((part) =>
		encode(utf8(JSON.stringify(part)))
	);
	const signature = new Uint8Array(sign(null, utf8(parts.join('.')), key));
	return [...parts, encode(signature)].join('.');
}

describe.skipIf(SQLD_MISSING)('a libSQL server with a key', () => {
	test('lets in who has a token of it', async () => {
		const host = await Host.open({
			DATABASE_URL: door.url('guarded'),
			DATABASE_AUTH_TOKEN: tokenBy(own.privateKey)
		});
		const person = await someone(host);
		const { outcome } = await person.commit(person.commitOf({ sheets: [sheet()] }));
		expect(outcome).toBe('stored');
		expect((await host.send('/readyz')).status).toBe(200);
		await host.remove();
	});

	test.each([
		['no token', {}],
		['a token of another', { DATABASE_AUTH_TOKEN: tokenBy(foreign.privateKey) }]
	])(
		'lets nobody in with %s: the server does not start, and says what to look at',
		async (_, more) => {
			await expect(Host.open({ DATABASE_URL: door.url('guarded'), ...more })).rejects.toThrow(
				/^DATABASE_URL: .* is DATABASE_AUTH_TOKEN right\?$/
			);
		}
	);
});

describe.skipIf(SQLD_MISSING)('an answer that leads elsewhere', () => {
	test('is not followed: neither the token nor what is asked comes there', async () => {
		const elsewhere = await Door.to(sqld);
		const host = await Host.open({
			DATABASE_URL: door.url('guarded'),
			DATABASE_AUTH_TOKEN: tokenBy(own.privateKey)
		});
		const person = await someone(host);
		door.leadsTo = elsewhere.url('guarded');
		const read = await person.send('/api/v1/account');
		await expect(person.commit(person.commitOf({ sheets: [sheet()] }))).rejects.toThrow('503');
		door.leadsTo = undefined;
		expect(read.status).toBe(503);
		expect(elsewhere.requests).toBe(0);
		await person.commit(person.commitOf({ sheets: [sheet()] }));
		await host.remove();
		elsewhere.close();
	});
});
