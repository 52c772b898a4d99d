/** H18: a server that acknowledges writes and discards them, or never takes one. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { errorOf, newKey, World, type Device } from './harness.ts';
import { changing, vaultPath } from './moves.ts';
import { copyOf } from './reference-records.ts';
import { refusal } from '../refusals.ts';

/** A device whose last write was acknowledged and thrown away. */
async function discarded(world: World): Promise<Device> {
	const device = await world.account(['a']);
	const before = copyOf(world.stored());
	await device.add('lost');
	world.putBack(before);
	return device;
}

describe('a server that acknowledges a write and discards it', () => {
	test('is found out by the next refresh', async () => {
		const world = new World();
		const device = await discarded(world);
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(device, 'rollback', () => device.keyholder.refresh());
		expect(device.names).toEqual(['a', 'lost']);
	});

	test('is found out by the next write, whose conflict it must answer with', async () => {
		const world = new World();
		const device = await discarded(world);
		device.wire.tamper = ({ status, json }) => (status === 409 ? { json } : undefined);
		await world.refused(device, 'rollback', () => device.add('b'));
	});

	test('and goes on with another device is found out as a fork', async () => {
		const world = new World();
		const device = await discarded(world);
		const other = world.device();
		await other.unlock();
		await other.add('x', 'y');
		await other.add('z');
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(device, 'fork', () => device.keyholder.refresh());
	});

	test('is found out after a lock and a new unlock too', async () => {
		const world = new World();
		const device = await discarded(world);
		device.keyholder.lock();
		world.server.endSessions();
		device.wire.tamper = changing(vaultPath(world), (json) => json);
		await world.refused(device, 'rollback', () => device.unlock());
	});

	test('and claims another seq for it: refused, and the pins stay', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.wire.tamper = changing('/commits', (json) => ({ ...json, seq: 9 }));
		await world.refused(device, 'integrity', () => device.add('b'));
	});
});

describe('a server that answers conflict for ever', () => {
	test('with the head that is known: five tries, then told, and nothing is changed', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const head = { manifest: headOf(world), chain: [], sheets: [] };
		device.wire.tamper = (_, { path }) =>
			path.endsWith('/commits') ? { status: 409, json: { outcome: 'conflict', head } } : undefined;
		const before = device.pins.snapshot();
		const edit = { kind: 'add', vault: device.vault.id, ...newKey('b') } as const;
		const sent = device.wire.exchanges.length;
		expect(await device.keyholder.save([edit])).toEqual({ outcome: 'conflict' });
		expect(device.wire.exchanges.length - sent).toBe(5);
		expect(device.names).toEqual(['a']);
		expect(device.pins.snapshot()).toBe(before);
		await world.expectSilent(device);
	});

	test('with an older head: refused', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const old = { manifest: headOf(world), chain: [], sheets: [] };
		await device.add('b');
		device.wire.tamper = changing('/commits', () => ({ outcome: 'conflict', head: old }));
		await world.refused(device, 'rollback', () => device.add('c'));
	});
});

describe('a server that breaks the connection after each write', () => {
	test('is believed what the chain shows: the write is there once', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.wire.tamper = (_, { path }) => (path.endsWith('/commits') ? 'nothing' : undefined);
		await device.add('b');
		expect(device.names).toEqual(['a', 'b']);
		expect(world.storedVault().chain.seq).toBe(3);
	});

	test('and before it: told, and the key is not shown as saved', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const before = copyOf(world.stored());
		device.wire.tamper = (_, { path }) => {
			if (!path.endsWith('/commits')) return undefined;
			world.putBack(copyOf(before));
			return 'nothing';
		};
		expect(await errorOf(() => device.add('b'))).toMatchObject(refusal('offline'));
		expect(device.names).toEqual(['a']);
	});
});

describe('a server that does not take a write, and shows its hash in a chain that leads nowhere', () => {
	test('after it broke the connection: refused, not called saved', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const before = copyOf(world.stored());
		let hash = '';
		device.wire.tamper = ({ json }, { path, body }) => {
			if (!path.endsWith('/commits')) return { json: { ...Object(json), chain: [hash] } };
			hash = manifestHash(body);
			world.putBack(copyOf(before));
			return 'nothing';
		};
		await world.refused(device, 'integrity', () => device.add('b'), 1);
		expect(device.names).toEqual(['a']);
	});

	test('with a conflict: refused, not called saved', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const manifest = headOf(world);
		device.wire.tamper = (_, { body }) => {
			const head = { manifest, chain: [manifestHash(body)], sheets: [] };
			return { status: 409, json: { outcome: 'conflict', head } };
		};
		await world.refused(device, 'integrity', () => device.add('b'));
		expect(device.names).toEqual(['a']);
	});

	test('of settings: refused, not called saved', async () => {
		const world = new World();
		const device = await world.account();
		const before = copyOf(world.stored());
		let hash = '';
		device.wire.tamper = ({ json }, { path, body }) => {
			if (!path.endsWith('/commits')) return { json: { ...Object(json), chain: [hash] } };
			hash = manifestHash(body);
			world.putBack(copyOf(before));
			return 'nothing';
		};
		await world.refused(device, 'integrity', () => device.set({ theme: 'dark' }), 1);
		expect(device.keyholder.view().settings.theme).toBeUndefined();
	});
});

/** SHA-256 of the manifest that a commit carries. */
function manifestHash(body: string): string {
	const { manifest } = JSON.parse(body) as { manifest: string };
	return createHash('sha256').update(Buffer.from(manifest, 'base64url')).digest('base64url');
}

function headOf(world: World) {
	const { chain, generation } = world.storedVault();
	return { seq: chain.seq, generation, blob: chain.blob };
}
