/**
 * Two servers on one libSQL database, as they run past one machine: one of them is killed under
 * load, and the database's own server is. What was acknowledged is there afterwards.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { settled, UNLIMITED } from '../build/traveller.ts';
import { count, record } from '../figures.ts';
import { freePort, removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import { random } from '../server/material.ts';
import { sayIfMissing, SQLD_MISSING } from '../sqld/program.ts';
import { Door, Sqld } from '../sqld/server.ts';
import { Versions } from './versions.ts';

const RUNS = count(3, 100);
const WRITERS = 4;
const HANGS_AFTER_MS = 60_000;
/** From the first write to the kill, at most. */
const LATEST_MS = 400;

sayIfMissing();

let sqld: Sqld;
let door: Door;
let variables: Readonly<Record<string, string>>;
let servers: [ServerProcess, ServerProcess];

beforeAll(async () => {
	sqld = await Sqld.primary();
	door = await Door.to(sqld);
	await sqld.makeNamespace('faults');
	const port = await freePort();
	variables = {
		...UNLIMITED,
		LOG_LEVEL: 'error',
		ORIGIN: `http://localhost:${port}`,
		ENCRYPTION_KEYS: encode(random(32)),
		DATABASE_URL: door.url('faults')
	};
	servers = await Promise.all([
		startServer({ ...variables, PORT: String(port) }),
		startServer(variables)
	]);
});

afterAll(async () => {
	for (const server of servers) {
		await server.stop();
		removeFolder(server.folder);
	}
	door.close();
	await sqld.remove();
});

/** Someone who may be sent to the other server, as by a balancer. */
interface Writer {
	readonly versions: Versions;
	at: ServerProcess;
}

/** Half of them at each server; the origin of all is that of the first. */
async function newWriters(): Promise<Writer[]> {
	const [first] = servers;
	return await Promise.all(
		Array.from({ length: WRITERS }, async (_, n) => {
			const writer = { at: first } as Writer;
			const versions = new Versions(await settled(() => writer.at));
			return Object.assign(writer, { versions, at: servers[n % 2 === 0 ? 0 : 1] });
		})
	);
}

async function untilReady({ origin }: ServerProcess): Promise<void> {
	const answers = async () => (await fetch(`${origin}/readyz`)).status;
	await expect.poll(answers, { timeout: HANGS_AFTER_MS, interval: 200 }).toBe(200);
}

describe.skipIf(SQLD_MISSING)('two servers on one libSQL database', () => {
	test('where one is killed under load, only those whose connection it held notice', async () => {
		const [first, second] = servers;
		const writers = await newWriters();
		const ending = { at: false };
		const work = writers.map(async ({ at, versions }) => {
			if (at === second) {
				await versions.writeUntilCut();
				return;
			}
			while (!ending.at) expect(await versions.write()).toBe('acknowledged');
		});
		await wait(randomInt(LATEST_MS));
		second.child.kill('SIGKILL');
		await second.ended;
		for (const writer of writers) {
			if (writer.at === first) continue;
			writer.at = first;
			await writer.versions.expectNothingLost();
			expect(await writer.versions.write()).toBe('acknowledged');
		}
		ending.at = true;
		await Promise.all(work);
		for (const { versions } of writers) await versions.expectNothingLost();
		servers = [
			first,
			await startServer({ ...variables, PORT: String(second.port) }, second.folder)
		];
	});

	test(
		'lose nothing that they acknowledged when the database is killed, and need no restart',
		async () => {
			const writers = await newWriters();
			const found = { acknowledged: 0, 'one more': 0 };
			for (let run = 0; run < RUNS; run++) {
				const work = writers.map(({ versions }) => versions.writeUntilCut());
				await wait(randomInt(LATEST_MS));
				await sqld.kill();
				await Promise.all(work);
				await sqld.start();
				await Promise.all(servers.map(untilReady));
				for (const { versions } of writers) found[await versions.expectNothingLost()]++;
			}
			for (const { child } of servers) expect(child.exitCode).toBeNull();
			expect(found.acknowledged + found['one more']).toBe(RUNS * WRITERS);
			record(
				'kill -9 of the libSQL server under commits of four people at two servers',
				RUNS,
				`no acknowledged write lost, none half; ${found['one more']} vaults had one that nobody was told of; neither server restarted`
			);
		},
		RUNS * HANGS_AFTER_MS
	);
});
