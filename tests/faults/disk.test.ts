/** Disks that are full, and logs that are torn: what was acknowledged, or an older state, but whole. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { settled, UNLIMITED } from '../build/traveller.ts';
import {
	freePort,
	newFolder,
	removeFolder,
	startServer,
	type ServerProcess
} from '../server-process.ts';
import type { Person } from '../server/person.ts';
import { Versions } from './versions.ts';

const WRITES = 12;
/** SQLite's log: a header, then frames of a header and a page. */
const LOG_HEADER_BYTES = 32;
const FRAME_BYTES = 24 + 4_096;

const folders: string[] = [];

afterEach(() => {
	for (const folder of folders.splice(0)) removeFolder(folder);
});

/** Starts on a port that stays the same over restarts in one folder. */
async function start(folder = newFolder()): Promise<ServerProcess> {
	const port = String(await freePort());
	return await startServer({ ...UNLIMITED, LOG_LEVEL: 'error', PORT: port }, folder);
}

async function kill({ child, ended }: ServerProcess): Promise<void> {
	child.kill('SIGKILL');
	await ended;
}

function restart({ folder, port }: ServerProcess): Promise<ServerProcess> {
	return startServer({ ...UNLIMITED, LOG_LEVEL: 'error', PORT: String(port) }, folder);
}

describe('a log that a crash of the machine has torn', () => {
	let server: ServerProcess;
	let killed: ServerProcess;
	let vault: Versions;
	/** Where the vault was when the server was killed. */
	let written: Pick<Versions, 'acknowledged'> & Pick<Person, 'seq' | 'head'>;

	/** A server that was killed, with a log that no checkpoint took over. */
	beforeAll(async () => {
		server = await start();
		const person = await settled(() => server);
		vault = new Versions(person);
		for (let n = 0; n < WRITES; n++) await vault.write();
		written = { acknowledged: vault.acknowledged, seq: person.seq, head: person.head };
		await kill(server);
		killed = server;
	});

	afterAll(() => {
		removeFolder(killed.folder);
	});

	/** What became of the log, and whether everything acknowledged must still be there. */
	const TEARS: [string, (log: string) => void, boolean][] = [
		[
			'with half a frame behind its end',
			(log) => {
				writeFileSync(log, readFileSync(log).subarray(-FRAME_BYTES / 2), { flag: 'a' });
			},
			true
		],
		[
			'with noise behind its end',
			(log) => {
				writeFileSync(log, Buffer.alloc(3 * FRAME_BYTES, 0x5a), { flag: 'a' });
			},
			true
		],
		[
			'in the middle of its last frame',
			(log) => {
				truncateSync(log, statSync(log).size - FRAME_BYTES / 2);
			},
			false
		],
		[
			'in the middle',
			(log) => {
				truncateSync(log, Math.floor(statSync(log).size / 2));
			},
			false
		],
		[
			'by a page in the middle that never reached the disk',
			(log) => {
				const bytes = readFileSync(log);
				const frame = Math.floor((bytes.length - LOG_HEADER_BYTES) / FRAME_BYTES / 2);
				bytes.fill(
					0,
					LOG_HEADER_BYTES + frame * FRAME_BYTES + 24,
					LOG_HEADER_BYTES + (frame + 1) * FRAME_BYTES
				);
				writeFileSync(log, bytes);
			},
			false
		]
	];

	test.each(TEARS)('%s: the vault is one version, whole', async (_, tear, nothingLost) => {
		const { acknowledged, seq, head } = written;
		vault.acknowledged = acknowledged;
		Object.assign(vault.person, { seq, head });
		const folder = newFolder();
		folders.push(folder);
		cpSync(killed.folder, folder, {
			recursive: true,
			// The socket of the host's command.
			filter: (source) => !source.endsWith('.sock')
		});
		const log = join(folder, 'data/keyhold.db-wal');
		expect(statSync(log).size).toBeGreaterThan(LOG_HEADER_BYTES + 2 * FRAME_BYTES);
		tear(log);
		server = await restart({ ...killed, folder });
		try {
			// The session is older than the last frames.
			if (nothingLost) expect(await vault.expectNothingLost()).toBe('acknowledged');
			else expect(await vault.find()).toBeLessThanOrEqual(WRITES + 1);
			expect(await vault.write()).toBe('acknowledged');
		} finally {
			await kill(server);
		}
	});
});

describe('a file that may not grow', () => {
	/** As {@link startServer}, with no file larger than this many KiB. */
	async function startWithin(kibibytes: number, { folder, port }: ServerProcess) {
		const program = join(process.cwd(), 'server.js');
		// Without the trap the kernel would end the process instead of refusing the write.
		const script = `trap '' XFSZ; ulimit -f ${kibibytes}; exec "$0" "$1"`;
		const child = spawn('bash', ['-c', script, process.execPath, program], {
			cwd: folder,
			env: { PATH: process.env['PATH'], ...UNLIMITED, LOG_LEVEL: 'error', PORT: String(port) },
			stdio: ['ignore', 'pipe', 'ignore']
		});
		await new Promise<void>((resolve, reject) => {
			child.once('close', () => {
				reject(new Error('it did not start'));
			});
			child.stdout.on('data', (chunk: Buffer) => {
				if (chunk.toString().includes('listens')) resolve();
			});
		});
		return child;
	}

	test('ends the server rather than losing a write', async () => {
		let server = await start();
		folders.push(server.folder);
		const person = await settled(() => server);
		const vault = new Versions(person);
		await vault.write();
		await server.stop();
		const sizeBytes = statSync(join(server.folder, 'data/keyhold.db')).size;
		const child = await startWithin(Math.ceil(sizeBytes / 1024) + 64, server);
		const ended = once(child, 'close');
		await vault.writeUntilCut();
		expect((await ended)[0]).not.toBe(0);
		server = await restart(server);
		try {
			await vault.expectNothingLost();
			expect(await vault.write()).toBe('acknowledged');
		} finally {
			await kill(server);
		}
	});
});

describe('a disk that is full', () => {
	/** A disk of this size in memory, where the system lets one be mounted. */
	function mounted(folder: string): boolean {
		try {
			execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder], { stdio: 'ignore' });
			return true;
		} catch {
			return false;
		}
	}

	const disk = newFolder();
	// Elsewhere the same is tried with SQLite's own limit, in tests/server/database.test.ts.
	const disks = mounted(disk) ? [disk] : [];

	afterAll(() => {
		if (disks.length > 0) execFileSync('umount', ['--lazy', disk]);
		removeFolder(disk);
	});

	test.each(disks)('refuses writes and loses none; with room it goes on', async (data) => {
		const folder = newFolder();
		folders.push(folder);
		const variables = { ...UNLIMITED, LOG_LEVEL: 'error', DATA_DIR: data };
		let server = await startServer(variables, folder);
		const person = await settled(() => server);
		const vault = new Versions(person);
		for (let n = 0; (await vault.write()) === 'acknowledged'; n++) expect(n).toBeLessThan(1_000);
		expect(await vault.write()).toBe('refused');
		// Reading a key is written into the log first, so that it needs room too.
		execFileSync('mount', ['-o', 'remount,size=64m', data]);
		await vault.expectNothingLost();
		expect(await vault.write()).toBe('acknowledged');
		await kill(server);
		server = await startServer({ ...variables, PORT: String(server.port) }, folder);
		try {
			expect(await vault.expectNothingLost()).toBe('acknowledged');
		} finally {
			await kill(server);
		}
	});
});

describe('a database that another program keeps', () => {
	test('ends the server rather than losing a write', async () => {
		let server = await start();
		folders.push(server.folder);
		const person = await settled(() => server);
		const vault = new Versions(person);
		await vault.write();
		const other = createClient({ url: `file:${join(server.folder, 'data/keyhold.db')}` });
		const held = await other.transaction('write');
		await vault.writeUntilCut();
		expect((await server.ended).code).not.toBe(0);
		await held.rollback();
		other.close();
		server = await restart(server);
		try {
			expect(await vault.expectNothingLost()).toBe('acknowledged');
			expect(await vault.write()).toBe('acknowledged');
		} finally {
			await kill(server);
		}
	});
});
