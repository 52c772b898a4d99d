/** Reading from a replica of the libSQL server: what was written is read, whatever it knows. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Host } from '../server/host.ts';
import { UNLIMITED } from '../server/mailing.ts';
import { sheet, someone, type Person } from '../server/person.ts';
import { SQLD_MISSING } from '../sqld/program.ts';
import { Relay } from '../sqld/relay.ts';
import { Door, Sqld } from '../sqld/server.ts';

let primary: Sqld;
let replica: Sqld;
let relay: Relay;
let toPrimary: Door;
let toReplica: Door;
let host: Host;
let person: Person;

beforeAll(async () => {
	primary = await Sqld.primary();
	relay = await Relay.to(primary.ports.grpc);
	replica = await Sqld.replicaOf(relay.port);
	[toPrimary, toReplica] = [await Door.to(primary), await Door.to(replica)];
	await primary.makeNamespace('replicated');
});

beforeEach(async () => {
	host = await Host.open({
		...UNLIMITED,
		DATABASE_URL: toPrimary.url('replicated'),
		DATABASE_READ_URL: toReplica.url('replicated')
	});
	person = await someone(host);
});

afterEach(async () => {
	await host.remove();
});

afterAll(async () => {
	for (const way of [toPrimary, toReplica, relay]) way.close();
	for (const sqld of [replica, primary]) await sqld.remove();
});

/** How many requests each was sent for one list, and the seq that came. */
async function listed() {
	const before = [toPrimary.requests, toReplica.requests];
	const { manifest, sheets } = await person.getVault();
	expect(sheets).toHaveLength(manifest.seq - 1);
	const [primarys = 0, replicas = 0] = [toPrimary.requests, toReplica.requests].map(
		(now, each) => now - (before[each] ?? 0)
	);
	return { seq: manifest.seq, primarys, replicas };
}

/** Until the list comes from the replica. */
async function untilItIsNear(): Promise<void> {
	const asked = async () => (await listed()).primarys;
	await expect.poll(asked, { timeout: 60_000, interval: 50 }).toBe(2);
}

async function write(): Promise<void> {
	expect((await person.commit(person.commitOf({ sheets: [sheet()] }))).outcome).toBe('stored');
}

describe.skipIf(SQLD_MISSING)('a list', () => {
	test('comes from the replica once that knows of the last write', async () => {
		await write();
		await untilItIsNear();
		expect(await listed()).toEqual({ seq: 2, primarys: 2, replicas: 1 });
	});

	test('comes from the primary while the replica trails', async () => {
		await write();
		await untilItIsNear();
		relay.cut();
		await write();
		expect(await listed()).toMatchObject({ seq: 3, primarys: 3, replicas: 1 });
		relay.mend();
		await untilItIsNear();
	});

	test('is always that after the last write, with a replica that is as late as it likes', async () => {
		for (let n = 0; n < 10; n++) {
			await write();
			expect((await listed()).seq).toBe(n + 2);
		}
	});

	test('comes from the primary when the replica was killed, and from it again once it is back', async () => {
		await write();
		await untilItIsNear();
		await replica.kill();
		await write();
		expect(await listed()).toMatchObject({ seq: 3, primarys: 3 });
		await replica.start();
		await untilItIsNear();
	});

	test('comes from the primary when the replica is gone, and does not ask it each time', async () => {
		toReplica.shut = true;
		await write();
		expect(await listed()).toEqual({ seq: 2, primarys: 3, replicas: 1 });
		expect(await listed()).toEqual({ seq: 2, primarys: 3, replicas: 0 });
		toReplica.shut = false;
	});
});
