/** What a container engine runs, in the folder that the Dockerfile makes, without an engine. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freePort, newFolder, removeFolder, startServer } from '../server-process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HEALTH = join(ROOT, 'scripts', 'health.js');

function health(port: number): number | null {
	const env = { PATH: process.env['PATH'], PORT: String(port) };
	return spawnSync(process.execPath, [HEALTH], { env }).status;
}

test('a server that serves is healthy, and one that is gone is not', async () => {
	const server = await startServer();
	expect(health(server.port)).toBe(0);
	await server.stop();
	expect(health(server.port)).toBe(1);
	removeFolder(server.folder);
});

test('nothing that listens there is not healthy', async () => {
	expect(health(await freePort())).toBe(1);
});

test('what the Dockerfile copies is enough for the server and the host’s command to start', () => {
	const text = readFileSync(join(ROOT, 'deploy', 'Dockerfile'), 'utf8');
	const copied = [...text.matchAll(/^COPY --from=build (.+) \S+$/gm)]
		.flatMap(([, sources = '']) => sources.split(' '))
		.map((source) => source.replace('/src/', ''));
	const folder = newFolder();
	mkdirSync(join(folder, 'data'));
	for (const name of copied) {
		expect(existsSync(join(ROOT, name)), name).toBe(true);
		if (name === 'node_modules') symlinkSync(join(ROOT, name), join(folder, name));
		else cpSync(join(ROOT, name), join(folder, name), { recursive: true });
	}
	const run = (...words: string[]) =>
		spawnSync(process.execPath, words, {
			cwd: folder,
			env: { PATH: process.env['PATH'], PORT: '0' },
			encoding: 'utf8'
		});
	// The environment is what it stops at, so everything before it was found.
	expect(run('server.js').stderr).toContain('PORT: must be a whole number');
	expect(run('scripts/admin.js', '--help').status).toBe(0);
	removeFolder(folder);
});
