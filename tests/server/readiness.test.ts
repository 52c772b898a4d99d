/** Whether the server says that it can serve. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Host, READINESS_REPEATED_MS } from './host.ts';

let host: Host;

beforeEach(async () => {
	host = await Host.open();
});

afterEach(async () => {
	await host.remove();
});

async function refuseWrites(): Promise<void> {
	await host.sql(`create trigger refuse before insert on counters
		begin select raise(abort, 'refused'); end`);
}

describe('/readyz', () => {
	test('is well while the database takes writes', async () => {
		expect(await host.readiness()).toBe(200);
		expect(host.exits).toBe(0);
	});

	test('is not well when the database answers reads and takes no writes', async () => {
		await refuseWrites();
		expect(await host.readiness()).toBe(503);
		await host.sql('drop trigger refuse');
		expect(await host.readiness()).toBe(200);
	});

	test('a stranger who asks without end makes the server write once in a while only', async () => {
		expect(await host.readiness()).toBe(200);
		await refuseWrites();
		for (let n = 0; n < 20; n++) expect((await host.send('/readyz')).status).toBe(200);
		expect(await host.readiness()).toBe(503);
	});

	test('tells a clock that was set back nothing old', async () => {
		expect(await host.readiness()).toBe(200);
		await refuseWrites();
		host.ahead -= 10 * READINESS_REPEATED_MS;
		expect((await host.send('/readyz')).status).toBe(503);
	});
});
