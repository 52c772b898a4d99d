/** A server that is killed while it makes its secrets and its database: the next start finishes it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { settled, UNLIMITED } from '../build/traveller.ts';
import { count, record } from '../figures.ts';
import { freePort, newFolder, removeFolder, startServer } from '../server-process.ts';

const ROUNDS = count(2, 60);
const HANGS_AFTER_MS = 60_000;

/** Starts in an empty folder, and kills at some moment of it. */
async function killedWithin(folder: string, latestMs: number): Promise<void> {
	const child = spawn(process.execPath, [join(process.cwd(), 'server.js')], {
		cwd: folder,
		env: { PATH: process.env['PATH'], PORT: String(await freePort()) },
		stdio: 'ignore'
	});
	const ended = once(child, 'close');
	await wait(randomInt(latestMs));
	child.kill('SIGKILL');
	await ended;
}

describe('a first start that is killed at any moment', () => {
	test(
		'is finished by the next one, migrations and all',
		async () => {
			const began = performance.now();
			const whole = await startServer();
			const startsInMs = Math.ceil(performance.now() - began);
			await whole.stop();
			removeFolder(whole.folder);
			for (let round = 0; round < ROUNDS; round++) {
				const folder = newFolder();
				// Twice in one folder: what the first left is cut off as well.
				await killedWithin(folder, startsInMs);
				await killedWithin(folder, startsInMs);
				const server = await startServer(UNLIMITED, folder);
				const person = await settled(() => server);
				expect((await person.getVault()).manifest.seq).toBe(1);
				expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
				await server.stop();
				removeFolder(folder);
			}
			record('first starts, each killed twice', 2 * ROUNDS, 'all finished by the next start');
		},
		ROUNDS * HANGS_AFTER_MS
	);
});
