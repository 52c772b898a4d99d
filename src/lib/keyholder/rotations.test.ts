import { describe, expect, test, vi } from 'vitest';
import { EMAIL, PASSWORD, World } from '../../../tests/hostile/harness.ts';
import { MemoryPins } from '../../../tests/hostile/memory-pins.ts';
import { copyOf } from '../../../tests/hostile/reference-records.ts';
import { plan, rotate } from '../../../tests/hostile/rotating.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { refusal } from '../../../tests/refusals.ts';

describe('a rotation that waits', () => {
	test('is dropped by no one where there is none, locked or not', async () => {
		const device = await new World().account();
		await device.keyholder.rotations.drop();
		device.keyholder.lock();
		await device.keyholder.rotations.drop();
		await expect(device.keyholder.rotations.run()).rejects.toMatchObject(refusal('locked'));
	});

	test('is done once', async () => {
		const device = await new World().account();
		await rotate(device);
		await expect(device.keyholder.rotations.run()).rejects.toMatchObject(refusal('locked'));
	});

	test('is kept if the password of another plan is wrong', async () => {
		const device = await new World().account();
		await plan(device);
		expect(await device.keyholder.rotations.plan({ password: 'not the password' })).toEqual({
			outcome: 'wrong-password'
		});
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
	});

	test('forgets what signs when another takes its place', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		try {
			const device = await new World().account();
			await plan(device);
			const waiting = vi.getTimerCount();
			await plan(device);
			expect(vi.getTimerCount()).toBe(waiting);
		} finally {
			vi.useRealTimers();
		}
	});
});

describe('a look at what was restored', () => {
	test('sends nothing with what cannot be a code, and leaves what is open as it is', async () => {
		const device = await new World().account(['a']);
		const sent = device.wire.exchanges.length;
		expect(await device.keyholder.rotations.lookAtRestore(EMAIL, PASSWORD, 'no code')).toEqual({
			outcome: 'second-factor'
		});
		expect(device.wire.exchanges).toHaveLength(sent);
		expect(device.names).toEqual(['a']);
	});

	test('locks what was open', async () => {
		const device = await new World().account(['a']);
		await device.keyholder.rotations.lookAtRestore(EMAIL, PASSWORD);
		expect(() => device.keyholder.view()).toThrow(expect.objectContaining(refusal('locked')));
	});

	test('leaves nothing if a lock comes at its very end', async () => {
		class Locking extends MemoryPins {
			lock: () => void = () => undefined;
			override async account(id: string) {
				const pin = await super.account(id);
				this.lock();
				return pin;
			}
		}
		const pins = new Locking();
		const world = new World();
		const device = world.device(pins);
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		device.keyholder.lock();
		world.server.endSessions();
		pins.emails.clear();
		const memory = new SecretMemory();
		try {
			pins.lock = () => {
				device.keyholder.lock();
			};
			const found = device.keyholder.rotations.lookAtRestore(EMAIL, PASSWORD);
			await expect(found).rejects.toMatchObject(refusal('locked'));
			await vi.waitFor(() => {
				expect(memory.left()).toEqual([]);
			});
			const accepting = device.keyholder.rotations.acceptRestore();
			await expect(accepting).rejects.toMatchObject(refusal('locked'));
		} finally {
			vi.restoreAllMocks();
		}
	});

	test('is what a rotation is planned for, dropped for and begun with, until it is accepted', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const backup = copyOf(world.stored());
		await rotate(device);
		device.keyholder.lock();
		world.server.endSessions();
		world.putBack(backup);
		const { rotations } = device.keyholder;
		expect(await rotations.lookAtRestore(EMAIL, PASSWORD)).toMatchObject({ outcome: 'found' });
		const id = 'AAECAwQFBgcICQoLDA0ODw';
		await expect(rotations.askPasskey(id)).rejects.toMatchObject(refusal('locked'));
		await plan(device);
		await expect(rotations.askPasskey(id)).rejects.toMatchObject(refusal('gone'));
		await rotations.drop();
		await expect(rotations.askPasskey(id)).rejects.toMatchObject(refusal('locked'));
		await plan(device);
		expect(await rotations.acceptRestore()).toEqual({ outcome: 'accepted' });
		await rotate(device);
		expect(world.stored().generation).toBe(3);
	});
});
