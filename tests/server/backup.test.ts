/** Backups and restores as docs/operations.md says them, beside a server that writes. */
import { execFile } from 'node:child_process';
import {
	copyFileSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Host } from './host.ts';
import { secret, sheet, someone } from './person.ts';

vi.setConfig({ testTimeout: 60_000 });

const SCRIPT = fileURLToPath(new URL('../../scripts/backup.js', import.meta.url));

let directory: string;
let copy: string;
let host: Host;

beforeEach(async () => {
	directory = mkdtempSync(join(tmpdir(), 'keyhold-backup-'));
	copy = join(directory, 'copy.db');
	host = await Host.open({ LIMIT_REQUESTS: '100000/m', LIMIT_COMMITS: '100000/m' });
});

afterEach(async () => {
	await host.remove();
	rmSync(directory, { recursive: true, force: true });
});

/** Resolves to what the script wrote. */
function backUp(...words: string[]): Promise<{ failed: boolean; output: string }> {
	return new Promise((resolve) => {
		execFile(process.execPath, [SCRIPT, ...words], (error, stdout, stderr) => {
			resolve({ failed: error !== null, output: stdout + stderr });
		});
	});
}

/** As the manual says: away with the log of the database that was, then the copy in its place. */
async function restore(): Promise<void> {
	await host.stop();
	for (const end of ['', '-wal', '-shm']) rmSync(host.file + end, { force: true });
	copyFileSync(copy, host.file);
	await host.start();
}

describe('a backup', () => {
	test('holds every write that was acknowledged, also those still in the write-ahead log', async () => {
		const person = await someone(host);
		expect(statSync(`${host.file}-wal`).size).toBeGreaterThan(0);
		expect(await backUp(host.file, copy)).toMatchObject({ failed: false });
		await restore();
		expect((await person.send(`/api/v1/vaults/${person.vault}`)).status).toBe(200);
	});

	test('is made while commits arrive, loses none of them and makes none fail', async () => {
		const person = await someone(host);
		const progress = { ended: false };
		const backup = backUp(host.file, copy).finally(() => (progress.ended = true));
		let commits = 0;
		do {
			const commit = person.commitOf({ sheets: [sheet()], secrets: [secret()] });
			expect((await person.commit(commit)).outcome).toBe('stored');
			commits++;
		} while (!progress.ended);
		expect((await backup).failed).toBe(false);
		expect(host.exits).toBe(0);
		expect(await host.sql('select count(*) as n from sheets')).toMatchObject([{ n: commits }]);
	});

	test('is for its owner only, and whole as soon as it has its name', async () => {
		await backUp(host.file, copy);
		expect(statSync(copy).mode & 0o777).toBe(0o600);
		expect(existsSync(`${copy}.part`)).toBe(false);
	});

	test('never replaces another', async () => {
		writeFileSync(copy, 'older');
		const { failed, output } = await backUp(host.file, copy);
		expect(failed).toBe(true);
		expect(output).toContain('is there already');
		expect(readFileSync(copy, 'utf8')).toBe('older');
	});

	test('of a database that is not there is refused, and makes none', async () => {
		const missing = join(directory, 'missing.db');
		expect((await backUp(missing, copy)).failed).toBe(true);
		expect(existsSync(missing)).toBe(false);
	});

	test('needs both names', async () => {
		expect((await backUp(host.file)).output).toContain('Use:');
	});
});

describe('a restore', () => {
	test('brings back the moment of the backup, not what came after it', async () => {
		const person = await someone(host);
		await backUp(host.file, copy);
		const later = await someone(host);
		await restore();
		expect((await person.send('/api/v1/account')).status).toBe(200);
		expect((await later.send('/api/v1/account')).status).toBe(401);
	});
});
