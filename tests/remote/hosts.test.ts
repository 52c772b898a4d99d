/** The databases that the server's tests make, each for a host of its own, on one libSQL server. */
import { createClient } from '@libsql/client';
import { describe, expect, test } from 'vitest';
import { Host } from '../server/host.ts';
import { SQLD_MISSING } from '../sqld/program.ts';

describe.skipIf(SQLD_MISSING)('a host with a database of its own', () => {
	test('takes it along, so that a run of any length leaves the server none', async () => {
		const host = await Host.open();
		const client = createClient({ url: host.remote ?? '' });
		const ask = () => client.execute('SELECT 1');
		await expect(ask()).resolves.toBeDefined();
		await host.remove();
		await expect(ask()).rejects.toThrow('404');
		client.close();
	});
});
