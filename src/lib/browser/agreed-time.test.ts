import { describe, expect, test } from 'vitest';
import { agreedTime } from '#lib/browser/agreed-time.ts';

describe('agreedTime', () => {
	test.each([
		['the server, where this device runs ahead', 9_000, 2_000],
		['this device, where the server runs ahead', 2_000, 9_000]
	])('is that of %s', async (_whose, device, server) => {
		expect(await agreedTime({ now: () => device }, () => Promise.resolve(server))()).toBe(2_000);
	});
});
