import { afterEach, describe, expect, test, vi } from 'vitest';
import {
	EMAIL,
	errorOf,
	NOW,
	PASSWORD,
	World,
	type Device
} from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

const CODE = '123456';

/** An account with a second factor, and a device that is locked and signed out. */
async function guarded(...codes: string[]): Promise<{ world: World; device: Device }> {
	const world = new World();
	const device = await world.knownDevice(['a']);
	const { factor } = world.stored();
	factor.on = true;
	for (const code of codes) factor.codes.add(code);
	device.derived.length = 0;
	return { world, device };
}

afterEach(() => {
	vi.useRealTimers();
});

describe('unlocking with a second factor', () => {
	test('asks for the code, and derives nothing again', async () => {
		const { device } = await guarded(CODE);
		expect(await device.keyholder.unlock(EMAIL, PASSWORD)).toEqual({ outcome: 'second-factor' });
		expect(() => device.keyholder.view()).toThrow('locked');
		expect(await device.keyholder.unlockWithCode('123 456')).toEqual({ outcome: 'unlocked' });
		expect(device.names).toEqual(['a']);
		expect(device.derived).toHaveLength(1);
	});

	test('asks again after a wrong code, with a fresh challenge each time', async () => {
		const { device } = await guarded(CODE);
		await device.keyholder.unlock(EMAIL, PASSWORD);
		expect(await device.keyholder.unlockWithCode('000000')).toEqual({ outcome: 'second-factor' });
		expect(await device.keyholder.unlockWithCode(CODE)).toEqual({ outcome: 'unlocked' });
		const tokens = device.wire.exchanges
			.filter(({ path }) => path.endsWith('/auth/verify'))
			.map(({ body }) => (JSON.parse(body) as { token: string }).token);
		expect(new Set(tokens.slice(-3)).size).toBe(3);
	});

	test('takes a backup code as it is written down', async () => {
		const { device } = await guarded('ABCDEFGH01');
		await device.keyholder.unlock(EMAIL, PASSWORD);
		const typed = 'abcde-fghoi';
		expect(await device.keyholder.unlockWithCode(typed)).toEqual({ outcome: 'unlocked' });
	});

	test('sends nothing that cannot be a code', async () => {
		const { device } = await guarded(CODE);
		await device.keyholder.unlock(EMAIL, PASSWORD);
		const sent = device.wire.exchanges.length;
		for (const typed of ['', '12345', '1234567', 'correct horse']) {
			expect(await device.keyholder.unlockWithCode(typed)).toEqual({ outcome: 'second-factor' });
		}
		expect(device.wire.exchanges).toHaveLength(sent);
	});

	test('keeps the keys when the connection is lost, for the same code again', async () => {
		const { device } = await guarded(CODE);
		await device.keyholder.unlock(EMAIL, PASSWORD);
		device.wire.tamper = () => 'nothing';
		const lost = await errorOf(() => device.keyholder.unlockWithCode('000000'));
		expect(lost).toMatchObject(refusal('offline'));
		device.wire.tamper = undefined;
		expect(await device.keyholder.unlockWithCode(CODE)).toEqual({ outcome: 'unlocked' });
	});

	test('does not say whether the password was right to whoever has only the code', async () => {
		const { device } = await guarded(CODE);
		expect(await device.keyholder.unlock(EMAIL, 'another password')).toEqual({
			outcome: 'wrong-password'
		});
		const error = await errorOf(() => device.keyholder.unlockWithCode(CODE));
		expect(error).toMatchObject(refusal('locked'));
	});

	test('pins nothing before the code', async () => {
		const { world } = await guarded(CODE);
		const fresh = world.device();
		await fresh.keyholder.unlock(EMAIL, PASSWORD);
		expect(fresh.pins.saves).toBe(0);
		await fresh.keyholder.unlockWithCode(CODE);
		expect(fresh.pins.saves).toBe(1);
	});

	test('is asked for inside a session too', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.keyholder.lock();
		world.asksForCode(CODE);
		expect(await device.keyholder.unlock(EMAIL, PASSWORD)).toEqual({ outcome: 'second-factor' });
		expect(await device.keyholder.unlockWithCode(CODE)).toEqual({ outcome: 'unlocked' });
	});
});

describe('keys that wait for a code', () => {
	test('are overwritten after two minutes', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		const { device } = await guarded(CODE);
		await device.keyholder.unlock(EMAIL, PASSWORD);
		vi.advanceTimersByTime(120_000);
		const error = await errorOf(() => device.keyholder.unlockWithCode(CODE));
		expect(error).toMatchObject(refusal('locked'));
	});

	test('do not wait longer for a wrong code in between', async () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		let now = NOW;
		const { world } = await guarded(CODE);
		const device = world.device(undefined, { now: () => now });
		await device.keyholder.unlock(EMAIL, PASSWORD);
		now += 90_000;
		vi.advanceTimersByTime(90_000);
		await device.keyholder.unlockWithCode('000000');
		now += 30_000;
		vi.advanceTimersByTime(30_000);
		const error = await errorOf(() => device.keyholder.unlockWithCode(CODE));
		expect(error).toMatchObject(refusal('locked'));
	});

	test('are given up by a clock that jumped, though no timer ran', async () => {
		let now = NOW;
		const { world } = await guarded(CODE);
		const device = world.device(undefined, { now: () => now });
		await device.keyholder.unlock(EMAIL, PASSWORD);
		now += 120_000;
		const error = await errorOf(() => device.keyholder.unlockWithCode(CODE));
		expect(error).toMatchObject(refusal('locked'));
	});

	test('are given up by a lock', async () => {
		const { device } = await guarded(CODE);
		await device.keyholder.unlock(EMAIL, PASSWORD);
		device.keyholder.lock();
		const error = await errorOf(() => device.keyholder.unlockWithCode(CODE));
		expect(error).toMatchObject(refusal('locked'));
	});
});
