/** What a container engine runs, in the folder that the Dockerfile makes, without an engine. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	freePort,
	newFolder,
	removeFolder,
	startServer,
	type ServerProcess
} from '../server-process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function health(port: number, cwd = ROOT): number | null {
	const env = { PATH: process.env['PATH'], PORT: String(port) };
	return spawnSync(process.execPath, ['scripts/health.js'], { cwd, env }).status;
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

describe('what the Dockerfile copies', () => {
	const program = newFolder();
	const data = newFolder();
	let server: ServerProcess;

	beforeAll(async () => {
		for (const name of copied()) {
			if (name === 'node_modules') copyPackages(program);
			else cpSync(join(ROOT, name), join(program, name), { recursive: true });
		}
		server = await startServer(variables(), data, join(program, 'server.js'));
	});

	afterAll(async () => {
		await server.stop();
		removeFolder(program);
		removeFolder(data);
	});

	/** As the image has it, and a host adds. */
	function variables(): Record<string, string> {
		return {
			NODE_ENV: 'production',
			ORIGIN: 'https://keys.example.org',
			DATA_DIR: data,
			ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64url')
		};
	}

	test('is a server that serves pages and its own API', async () => {
		const ask = async (path: string) =>
			(await fetch(`http://127.0.0.1:${server.port}${path}`)).status;
		expect([await ask('/readyz'), await ask('/login'), await ask('/api/v1/server')]).toEqual([
			200, 200, 200
		]);
	});

	test('is a health check that finds it', () => {
		expect(health(server.port, program)).toBe(0);
	});

	test('is the host’s command, which reaches it', () => {
		// Beside a server that runs, only through the server's socket.
		const { status, stdout } = spawnSync(process.execPath, ['scripts/admin.js', 'accounts'], {
			cwd: program,
			env: { PATH: process.env['PATH'], ...variables() },
			encoding: 'utf8'
		});
		expect([status, stdout]).toEqual([0, 'There is no account.\n']);
	});
});

function copied(): string[] {
	const text = readFileSync(join(ROOT, 'deploy', 'Dockerfile'), 'utf8');
	return [...text.matchAll(/^COPY --from=build (.+) \S+$/gm)]
		.flatMap(([, sources = '']) => sources.split(' '))
		.map((source) => source.replace('/src/', ''));
}

/** Those that `npm prune --omit=dev` leaves, and no other in reach. */
function copyPackages(to: string): void {
	const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
		packages: Record<string, { dev?: true; link?: true }>;
	};
	for (const [place, { dev, link }] of Object.entries(lock.packages)) {
		const left = place.startsWith('node_modules/') && dev !== true && link !== true;
		// Of an optional one only that of this machine is there.
		if (!left || !existsSync(join(ROOT, place))) continue;
		// Types and maps, half of all files, are not run.
		const filter = (file: string) => !/\.([cm]?ts|map)$/.test(file);
		cpSync(join(ROOT, place), join(to, place), { recursive: true, filter });
	}
}
