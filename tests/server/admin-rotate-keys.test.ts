/** Wrapping everything with the first key: all of it, while people write, from wherever it stopped. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { perform } from '#lib/server/admin/perform.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { keyName } from '#lib/server/wrap/encryption-keys.ts';
import { Wrapper } from '#lib/server/wrap/wrapper.ts';
import { pagesOf, wrappedTables } from '#lib/server/admin/wrapped-values.ts';
import { eventsOf, lastOf } from './asked.ts';
import { fill, reads, SILENT_MAIL, UNLIMITED, type Everything } from './everything.ts';
import { Host, KEY_A, KEY_B } from './host.ts';
import { random, secret, sheet } from './person.ts';
import { rotate, rotationOf } from './rotating.ts';

const BYTES_A = new Uint8Array(32).fill(0xa1);
const BYTES_B = new Uint8Array(32).fill(0xb2);
const ROTATE = { command: 'rotate-keys' } as const;

let host: Host;
let everything: Everything;

beforeEach(async () => {
	host = await Host.open(UNLIMITED);
	everything = await fill(host);
	await startWith(KEY_B, KEY_A);
});

afterEach(async () => {
	await host.remove();
});

async function startWith(...keys: string[]): Promise<void> {
	await host.stop();
	await host.start({ ...UNLIMITED, ...SILENT_MAIL, ENCRYPTION_KEYS: keys.join(',') });
}

/** Values by the key that opens them, as `table.column`. */
async function valuesUnder(key: Bytes): Promise<string[]> {
	const wrapper = new Wrapper([key], Date.now);
	const found: string[] = [];
	for (const table of wrappedTables()) {
		for await (const page of pagesOf(host.server, table)) {
			const opened = page.filter(({ token }) => wrapper.opens(token));
			found.push(...opened.map(({ place }) => `${place.table}.${place.column}`));
		}
	}
	return found;
}

test('leaves nothing under the other key, and says that it may be removed', async () => {
	expect((await valuesUnder(BYTES_A)).length).toBeGreaterThan(20);
	const end = await lastOf(host, ROTATE, 'keys-rotated');
	expect(end).toMatchObject({
		unopened: 0,
		first: keyName(BYTES_B),
		removable: [keyName(BYTES_A)]
	});
	expect(end.rewrapped).toBeGreaterThan(20);
	expect(await valuesUnder(BYTES_A)).toEqual([]);
	expect(await eventsOf(host, { command: 'check' })).toHaveLength(1);
	await startWith(KEY_B);
	expect(await reads(everything.person, everything.secrets)).toBe(true);
	expect((await everything.person.getAccount()).email).toBe(everything.person.email);
	expect(await eventsOf(host, { command: 'check' })).toHaveLength(1);
});

test('has nothing to do a second time', async () => {
	await lastOf(host, ROTATE, 'keys-rotated');
	const end = await lastOf(host, ROTATE, 'keys-rotated');
	expect(end).toMatchObject({ rewrapped: 0, removable: [keyName(BYTES_A)] });
});

test('of one key alone removes none', async () => {
	await lastOf(host, ROTATE, 'keys-rotated');
	await startWith(KEY_B);
	expect(await lastOf(host, ROTATE, 'keys-rotated')).toMatchObject({ rewrapped: 0, removable: [] });
});

describe('interrupted', () => {
	test.each([1, 3, 6, 10])('after %i pages it goes on, while commits arrive', async (pages) => {
		const { person } = everything;
		const events = perform(host.server, ROTATE);
		for (let page = 0; page < pages; page++) {
			expect((await events.next()).value).toMatchObject({ event: 'progress' });
			const change = { sheets: [sheet()], secrets: [secret()] };
			expect((await person.commit(person.commitOf(change))).outcome).toBe('stored');
		}
		await events.return(undefined);
		// The old key is still needed, and the server knows.
		await expect(startWith(KEY_B)).rejects.toThrow(`key ${keyName(BYTES_A)} is missing`);
		await startWith(KEY_B, KEY_A);
		const end = await lastOf(host, ROTATE, 'keys-rotated');
		expect(end.removable).toEqual([keyName(BYTES_A)]);
		await startWith(KEY_B);
		expect(await reads(everything.person, everything.secrets)).toBe(true);
		expect(await eventsOf(host, { command: 'check' })).toHaveLength(1);
	});
});

test('never goes back on what is written meanwhile', async () => {
	const { person, secrets } = everything;
	const again = secrets.map(({ item }) => secret(item));
	const { database } = host.server;
	const write = database.write.bind(database);
	let written = false;
	// The commit comes between the reading of a page and the writing of it.
	database.write = async (statements) => {
		const ofSecrets = statements.some(
			(each) => 'toSQL' in each && each.toSQL().sql.startsWith('update "secrets"')
		);
		if (ofSecrets && !written) {
			written = true;
			await person.commit(person.commitOf({ secrets: again }));
		}
		return await write(statements);
	};
	await lastOf(host, ROTATE, 'keys-rotated');
	expect(written).toBe(true);
	await startWith(KEY_B);
	expect(await reads(person, again)).toBe(true);
});

test('misses nothing that the rotation of an account moves meanwhile', async () => {
	const { person, rotation } = everything;
	const events = perform(host.server, ROTATE);
	for await (const event of events) {
		// Behind it are the sheets; what was staged under the old key takes their place now.
		if (event.event !== 'progress' || event.table !== 'sheets') continue;
		const request = rotationOf(person, { rotation, settings: random(1_105) });
		expect((await rotate(person, request)).status).toBe(200);
		break;
	}
	expect((await lastOf(host, ROTATE, 'keys-rotated')).unopened).toBe(0);
	expect(await valuesUnder(BYTES_A)).toEqual([]);
});

test('keeps the keys while a value opens with none of them', async () => {
	await host.sql('update secrets set blob = zeroblob(400) where item = ?', [
		everything.secrets[0]?.item ?? ''
	]);
	const end = await lastOf(host, ROTATE, 'keys-rotated');
	expect(end).toMatchObject({ unopened: 1, removable: [] });
	await expect(startWith(KEY_B)).rejects.toThrow('is missing');
});

test('says on the way how far it is', async () => {
	const events = await eventsOf(host, ROTATE);
	const seen = events.filter((event) => event.event === 'progress').map(({ table }) => table);
	expect(seen).toContain('secrets');
	expect(seen).not.toContain('encryption_keys');
	expect(seen.indexOf('rotation_records')).toBeLessThan(seen.indexOf('sheets'));
});
