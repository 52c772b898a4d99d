/**
 * The built server, started on databases that earlier versions left behind, with people in them: it
 * goes through every migration since, and serves who was there.
 */
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrations, takeBackTo } from '../earlier.ts';
import { freePort, newFolder, removeFolder, startServer } from '../server-process.ts';
import type { ServerProcess } from '../server-process.ts';
import { secret, secretsOf, sheet, type Person } from '../server/person.ts';
import { settled } from './traveller.ts';

const written = secret();
const count = migrations().length;
const versions = Array.from({ length: count - 1 }, (_, index) => index + 1);

let port: string;
let server: ServerProcess;
let person: Person;
/** What everyone starts from: the data of this version. */
let left: string;

beforeAll(async () => {
	// A person's browser knows one address.
	port = String(await freePort());
	server = await startServer({ PORT: port });
	person = await settled(() => server);
	await person.commit(person.commitOf({ sheets: [sheet()], secrets: [written] }));
	await server.stop();
	left = server.folder;
});

afterAll(() => {
	removeFolder(left);
});

describe.each(versions)('the data of a version with %i migrations', (kept) => {
	let folder: string;

	beforeAll(async () => {
		folder = newFolder();
		cpSync(left, folder, { recursive: true });
		await takeBackTo(kept, join(folder, 'data', 'keyhold.db'));
		server = await startServer({ PORT: port }, folder);
	});

	afterAll(async () => {
		await server.stop();
		removeFolder(folder);
	});

	test('is brought up at the start, and a copy of it is kept', () => {
		const line = server.output().split('\n');
		const migrated = line.find((text) => text.includes('"migrated"')) ?? '{}';
		expect(JSON.parse(migrated)).toMatchObject({ applied: count - kept });
		expect(readdirSync(join(folder, 'data')).some((name) => name.includes('.before-'))).toBe(true);
	});

	test('still has its owner, what was sealed, and room for more', async () => {
		await person.signIn();
		const { secrets } = await secretsOf(await person.readSecrets([written.item]));
		expect(secrets.map(({ blob }) => blob)).toEqual([written.blob]);
		// Each version begins where the first one began.
		const { seq, head } = person;
		expect((await person.commit(person.commitOf({ sheets: [sheet()] }))).outcome).toBe('stored');
		Object.assign(person, { seq, head });
	});
});
