import { describe, expect, test } from 'vitest';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { cheapRoot, Device, errorOf, PASSWORD, World } from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

/** Lets the test decide when `fetch` goes on. */
class Gate {
	#open: () => void = () => undefined;
	#reached: () => void = () => undefined;
	readonly opened = new Promise<void>((resolve) => {
		this.#open = resolve;
	});
	readonly reached = new Promise<void>((resolve) => {
		this.#reached = resolve;
	});

	open(): void {
		this.#open();
	}

	async pass(): Promise<void> {
		this.#reached();
		await this.opened;
	}
}

/** A device whose answers to `path` wait behind a gate, once `armed`. */
function gated(world: World, path: string): { device: Device; gate: Gate; arm: () => void } {
	const inner = world.server.device();
	const gate = new Gate();
	let armed = false;
	const device = new Device(async (url, init) => {
		const response = await inner(url, init);
		if (armed && new URL(url).pathname.endsWith(path)) await gate.pass();
		return response;
	});
	return {
		device,
		gate,
		arm: () => {
			armed = true;
		}
	};
}

describe('locking', () => {
	test('hides everything', async () => {
		const device = await new World().account(['a']);
		const row = device.row('a');
		device.keyholder.lock();
		expect(() => device.keyholder.view()).toThrow(KeyholderError);
		const { keyholder } = device;
		for (const operation of [
			() => keyholder.refresh(),
			() => keyholder.read(row, 'copy'),
			() => keyholder.save([]),
			() => keyholder.saveSettings({ v: 1, vaults: {} }, { v: 1, vaults: {} }),
			() => keyholder.prove(PASSWORD),
			() => keyholder.readAll(),
			() => keyholder.register(),
			() => keyholder.fingerprint(row.vault, 'x')
		]) {
			expect(await errorOf(operation)).toMatchObject(refusal('locked'));
		}
	});

	test('overwrites the keys that are bytes', async () => {
		const drawn: Bytes[] = [];
		const roots: Bytes[] = [];
		const world = new World();
		await world.account(['a']);
		const device = world.device(undefined, {
			derive: (password, salt, profile) => {
				drawn.push(password);
				const root = cheapRoot(password, salt, profile);
				roots.push(root);
				return Promise.resolve(root);
			}
		});
		await device.unlock();
		device.keyholder.lock();
		for (const bytes of [...drawn, ...roots]) expect(bytes.every((byte) => byte === 0)).toBe(true);
	});

	test('while unlocking ends it: it never becomes unlocked', async () => {
		const world = new World();
		await world.account(['a']);
		const { device, gate, arm } = gated(world, '/account');
		arm();
		const unlocking = errorOf(() => device.unlock());
		await gate.reached;
		device.keyholder.lock();
		expect(await unlocking).toMatchObject(refusal('locked'));
		const sent = device.wire.exchanges.length;
		const pins = device.pins.snapshot();
		gate.open();
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(() => device.keyholder.view()).toThrow('locked');
		expect(device.wire.exchanges.length - sent).toBeLessThanOrEqual(1);
		expect(device.pins.snapshot()).toBe(pins);
	});

	test('while a save is under way ends it, and leaves no pin of it', async () => {
		const world = new World();
		await world.account(['a']);
		const { device, gate, arm } = gated(world, '/commits');
		await device.unlock();
		arm();
		const saving = errorOf(() => device.add('b'));
		await gate.reached;
		const pins = device.pins.snapshot();
		device.keyholder.lock();
		expect(await saving).toMatchObject(refusal('locked'));
		gate.open();
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(device.pins.snapshot()).toBe(pins);
		await device.unlock();
		expect(device.names).toEqual(['a', 'b']);
	});

	test('lets nothing out that was made while keys were being wiped', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const sent = device.wire.exchanges.length;
		const saving = errorOf(() => device.add('b'));
		device.keyholder.lock();
		expect(await saving).toMatchObject(refusal('locked'));
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(device.wire.exchanges).toHaveLength(sent);
	});

	test('does not wait for a server that never answers', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const silent = new Device(() => new Promise<Response>(() => undefined), device.pins);
		const unlocking = errorOf(() => silent.unlock());
		silent.keyholder.lock();
		expect(await unlocking).toMatchObject(refusal('locked'));
	});
});
