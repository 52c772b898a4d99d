/**
 * A server that is killed at any moment of commits and registrations: what was acknowledged is
 * there afterwards, and nothing is there by halves. Each run goes on from the last.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { traveller, settled, UNLIMITED } from '../build/traveller.ts';
import { count, record } from '../figures.ts';
import { freePort, removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import type { Person } from '../server/person.ts';
import { Versions } from './versions.ts';

const RUNS = count(4, 300);
const WRITERS = 4;
/** A run is a start of the server, and some hundred milliseconds of writing. */
const HANGS_AFTER_MS = 60_000;
/** From the first write to the kill, at most. */
const LATEST_MS = 400;

let variables: Readonly<Record<string, string>>;
let server: ServerProcess;
let writers: Versions[];

beforeAll(async () => {
	variables = { ...UNLIMITED, LOG_LEVEL: 'error', PORT: String(await freePort()) };
	server = await startServer(variables);
	writers = [];
	for (let n = 0; n < WRITERS; n++) writers.push(new Versions(await settled(() => server)));
});

afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

/** Somebody registers, and is or is not told that it worked. */
async function tryToRegister(told: Map<Person, boolean>): Promise<void> {
	for (;;) {
		const person = traveller(() => server);
		told.set(person, false);
		const response = await person.register().catch(() => undefined);
		if (response === undefined) return;
		expect(response.status).toBe(200);
		told.set(person, true);
	}
}

/** Whether the account is there whole: or there is none, and its email is still to be had. */
async function isThere(person: Person): Promise<boolean> {
	const challenge = await person.challenge({ email: person.email, purpose: 1 });
	const { status } = await person.verify(person.signed(challenge, 1));
	if (status === 200) {
		const { manifest, slots, vaults } = await person.getAccount();
		expect(manifest.blob).toEqual(person.accountManifest);
		expect([slots.length, vaults.length]).toEqual([2, 1]);
		expect((await person.getVault()).manifest.blob).toEqual(person.vaultManifest);
		return true;
	}
	expect(status).toBe(401);
	expect((await person.register()).status).toBe(200);
	return false;
}

describe('a server that is killed while people write and register', () => {
	test(
		'has everything that it acknowledged, and nothing by halves',
		async () => {
			const found = { acknowledged: 0, 'one more': 0, accounts: 0, none: 0 };
			for (let run = 0; run < RUNS; run++) {
				const told = new Map<Person, boolean>();
				const work = [...writers.map((each) => each.writeUntilCut()), tryToRegister(told)];
				await wait(randomInt(LATEST_MS));
				server.child.kill('SIGKILL');
				await server.ended;
				await Promise.all(work);
				server = await startServer(variables, server.folder);
				for (const each of writers) found[await each.expectNothingLost()]++;
				for (const [person, acknowledged] of told) {
					const there = await isThere(person);
					if (acknowledged) expect(there).toBe(true);
					found[there ? 'accounts' : 'none']++;
				}
			}
			expect(found.acknowledged + found['one more']).toBe(RUNS * WRITERS);
			record(
				'kill -9 during commits of four people and registrations',
				RUNS,
				`no acknowledged write lost, none half; ${found['one more']} vaults had one that nobody was told of; ${found.accounts} accounts there, ${found.none} not, each whole`
			);
		},
		RUNS * HANGS_AFTER_MS
	);
});
