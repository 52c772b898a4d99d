/** What a server does when its files are gone: it ends, before it acknowledges what it would lose. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Host } from './host.ts';

let host: Host;

beforeEach(async () => {
	host = await Host.open();
});

afterEach(async () => {
	await host.remove();
});

describe('a server whose files are taken away, and that would lose every write', () => {
	test('says so in its log', async () => {
		rmSync(host.file);
		await host.readiness();
		expect(host.lines.at(-1)).toContain('"reason":"the database file is gone"');
	});

	test.each(['', '-wal'])('ends when keyhold.db%s is deleted', async (end) => {
		rmSync(host.file + end);
		expect(await host.readiness()).toBe(503);
		expect(host.exits).toBe(1);
	});

	test('ends when a restored copy takes the place of the file', async () => {
		renameSync(host.file, `${host.file}.old`);
		writeFileSync(host.file, '');
		expect(await host.readiness()).toBe(503);
		expect(host.exits).toBe(1);
	});

	test('ends without being asked', async () => {
		rmSync(host.file);
		await expect.poll(() => host.exits, { timeout: 15_000 }).toBe(1);
	});

	test('takes no more writes', async () => {
		rmSync(host.file);
		await host.readiness();
		await expect(host.server.database.write([])).rejects.toMatchObject({ code: 'busy' });
	});
});
