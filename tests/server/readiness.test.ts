/** Whether the server says that it can serve. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Host } from './host.ts';

/** Longer than an answer of `/readyz` is repeated. */
const LATER_MS = 10_000;

let host: Host;

beforeEach(async () => {
	host = await Host.open();
});

afterEach(async () => {
	await host.remove();
});

async function status(): Promise<number> {
	host.ahead += LATER_MS;
	return (await host.send('/readyz')).status;
}

async function refuseWrites(): Promise<void> {
	await host.sql(`create trigger refuse before insert on counters
		begin select raise(abort, 'refused'); end`);
}

describe('/readyz', () => {
	test('is well while the database takes writes', async () => {
		expect(await status()).toBe(200);
		expect(host.exits).toBe(0);
	});

	test('is not well when the database answers reads and takes no writes', async () => {
		await refuseWrites();
		expect(await status()).toBe(503);
		await host.sql('drop trigger refuse');
		expect(await status()).toBe(200);
	});

	test('a stranger who asks without end makes the server write once in a while only', async () => {
		expect(await status()).toBe(200);
		await refuseWrites();
		for (let n = 0; n < 20; n++) expect((await host.send('/readyz')).status).toBe(200);
		expect(await status()).toBe(503);
	});

	test('tells a clock that was set back nothing old', async () => {
		expect(await status()).toBe(200);
		await refuseWrites();
		host.ahead -= 10 * LATER_MS;
		expect((await host.send('/readyz')).status).toBe(503);
	});
});
