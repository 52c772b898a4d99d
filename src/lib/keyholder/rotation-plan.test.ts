import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { Authenticator } from '../../../tests/hostile/authenticator.ts';
import { cheapRoot, EMAIL, NOW, ORIGIN, PASSWORD, World } from '../../../tests/hostile/harness.ts';
import { NEXT_PASSWORD, plan, rotate } from '../../../tests/hostile/rotating.ts';
import { refusal } from '../../../tests/refusals.ts';

/** All random bytes of a device, by the memory that holds them: wiping shows. */
function drawing() {
	const drawn: Uint8Array[] = [];
	const random = (length: number) => {
		const bytes = randomBytes(length);
		drawn.push(bytes);
		return bytes;
	};
	return {
		random,
		forget: () => drawn.splice(0),
		/** The account key is the first of 32 that a plan draws, the kit the only 20. */
		isThere: () =>
			[32, 20].map((size) =>
				drawn.find(({ length }) => length === size)?.some((byte) => byte !== 0)
			)
	};
}

describe('what is drawn for a rotation', () => {
	test('is gone with the plan; the kit as soon as it is written down', async () => {
		const { random, forget, isThere } = drawing();
		const device = new World().device(undefined, { random });
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		forget();
		await plan(device);
		expect(isThere()).toEqual([true, false]);
		await device.keyholder.rotations.drop();
		expect(isThere()).toEqual([false, false]);
	});

	test('is gone if the plan cannot be made', async () => {
		const { random, forget, isThere } = drawing();
		let left = Infinity;
		const device = new World().device(undefined, {
			random,
			derive: (password, salt, profile) =>
				left-- > 0
					? Promise.resolve(cheapRoot(password, salt, profile))
					: Promise.reject(new RangeError('no memory'))
		});
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		forget();
		left = 1;
		await expect(plan(device)).rejects.toThrow('no memory');
		expect(isThere()).toEqual([false, false]);
	});
});

describe('what signs for a rotation', () => {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	});

	afterEach(() => {
		vi.useRealTimers();
	});

	test.each<[string, (device: Awaited<ReturnType<World['account']>>) => Promise<unknown>]>([
		['the plan is dropped', ({ keyholder }) => keyholder.rotations.drop()],
		['it is done', ({ keyholder }) => keyholder.rotations.run()],
		[
			'it is locked',
			({ keyholder }) => {
				keyholder.lock();
				return Promise.resolve();
			}
		]
	])('is forgotten once %s', async (_, end) => {
		const device = await new World().account();
		expect(vi.getTimerCount()).toBe(0);
		await plan(device);
		expect(vi.getTimerCount()).toBe(2);
		await end(device);
		expect(vi.getTimerCount()).toBe(0);
	});

	test('is forgotten if the plan cannot be made', async () => {
		let left = Infinity;
		const device = new World().device(undefined, {
			derive: (password, salt, profile) =>
				left-- > 0
					? Promise.resolve(cheapRoot(password, salt, profile))
					: Promise.reject(new RangeError('no memory'))
		});
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		left = 1;
		await expect(plan(device)).rejects.toThrow('no memory');
		expect(vi.getTimerCount()).toBe(0);
	});
});

describe('the age of a way in', () => {
	test('is the password’s own where it stays; a kit is new each time', async () => {
		let now = NOW;
		const device = new World().device(undefined, { now: () => now });
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		const since = () =>
			['password', 'recovery'].map(
				(each) => device.keyholder.view().slots.find(({ kind }) => kind === each)?.createdAtMs
			);
		now = NOW + 1_000;
		await rotate(device);
		expect(since()).toEqual([NOW, NOW + 1_000]);
		now = NOW + 2_000;
		await rotate(device, { password: PASSWORD, nextPassword: NEXT_PASSWORD });
		expect(since()).toEqual([NOW + 2_000, NOW + 2_000]);
	});

	test('is new for a password that is set after opening with a kit', async () => {
		const world = new World();
		const first = world.device();
		const { kit } = await first.keyholder.prepare(EMAIL, PASSWORD);
		await first.keyholder.register();
		const device = world.device(undefined, { now: () => NOW + 1_000 });
		await device.keyholder.unlockWithKit(EMAIL, kit, undefined);
		await rotate(device, { nextPassword: NEXT_PASSWORD });
		const password = device.keyholder.view().slots.find(({ kind }) => kind === 'password');
		expect(password?.createdAtMs).toBe(NOW + 1_000);
	});
});

describe('a next password', () => {
	test('that may not be set is refused before the one of now is looked at', async () => {
		const device = await new World().account();
		const derived = device.derived.length;
		const choice = { password: PASSWORD, nextPassword: 'short' };
		await expect(device.keyholder.rotations.plan(choice)).rejects.toMatchObject(refusal('invalid'));
		expect(device.derived).toHaveLength(derived);
	});

	test('needs the email, which a passkey does not tell', async () => {
		const world = new World();
		const first = await world.account();
		const ring = new Authenticator(ORIGIN);
		const made = ring.make(await first.keyholder.ways.offerPasskey());
		await first.keyholder.ways.addPasskey({ ...made, name: 'key ring' }, PASSWORD);
		const { keyholder } = world.device();
		await keyholder.unlockWithPasskey(ring.touch(await keyholder.askPasskey()));
		const planned = keyholder.rotations.plan({ nextPassword: NEXT_PASSWORD });
		await expect(planned).rejects.toMatchObject(refusal('no-email'));
	});
});
