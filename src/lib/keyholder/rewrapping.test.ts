import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Device } from '../../../tests/hostile/harness.ts';
import { EMAIL, errorOf, PASSWORD, World } from '../../../tests/hostile/harness.ts';

const NEXT = 'another staple than before';
const NEW_EMAIL = 'ada@lovelace.example';

/** Two tabs of one browser, both open. */
async function tabs(): Promise<{ world: World; one: Device; other: Device }> {
	const world = new World();
	const { one, other } = await world.tabs();
	await other.unlock();
	return { world, one, other };
}

describe('a password that is wrapped anew', () => {
	test('does not go over one that another tab has set before it is sent once more', async () => {
		const { world, one, other } = await tabs();
		one.wire.before = async (path) => {
			if (!path.endsWith('/account/commits')) return;
			one.wire.before = undefined;
			await other.keyholder.ways.changePassword(PASSWORD, NEXT);
			throw new TypeError('connection lost');
		};
		const change = () => one.keyholder.ways.changePassword(PASSWORD, 'a third of my passwords');
		expect(await errorOf(change)).toMatchObject({
			code: 'proof',
			message: 'the password was changed meanwhile'
		});
		await world.device().unlock(EMAIL, NEXT);
	});

	test('is given up after five races that were lost, and may be asked for again', async () => {
		const { world, one, other } = await tabs();
		const change = () => one.keyholder.ways.changePassword(PASSWORD, NEXT);
		let themes = 0;
		one.wire.tamper = async (_, { path, body }) => {
			if (!path.endsWith('/auth/challenge') || !body.includes('"purpose":3')) return undefined;
			await other.set({ theme: themes++ % 2 === 0 ? 'dark' : 'light' });
			return undefined;
		};
		expect(await change()).toEqual({ outcome: 'conflict' });
		expect(themes).toBe(5);
		one.wire.tamper = undefined;
		expect([...one.pins.emails.values()]).toEqual([{ account: world.stored().id, profile: 1 }]);
		expect(await change()).toEqual({ outcome: 'changed' });
	});

	test('leaves what the email means here', async () => {
		const { one } = await tabs();
		const before = [...one.pins.emails];
		await one.keyholder.ways.changePassword(PASSWORD, NEXT);
		expect([...one.pins.emails]).toEqual(before);
	});

	test('raises what the email costs here', async () => {
		const { world, one } = await tabs();
		one.keyholder.lock();
		const later = world.device(one.pins, { defaultProfile: 2 });
		await later.unlock();
		await later.keyholder.refresh();
		expect([...later.pins.emails.values()]).toEqual([{ account: world.stored().id, profile: 2 }]);
	});
});

describe('an email that was another account’s here', () => {
	test('means the account that has it now', async () => {
		const world = new World();
		const device = await world.account([], NEW_EMAIL);
		const former = world.stored(NEW_EMAIL);
		former.email = 'gone@example.org';
		device.keyholder.lock();
		await device.keyholder.prepare(EMAIL, PASSWORD);
		await device.keyholder.register();
		const { ways } = device.keyholder;
		expect(await ways.changeEmail(NEW_EMAIL, PASSWORD)).toEqual({ outcome: 'changed' });
		const { id } = world.stored(NEW_EMAIL);
		expect([...device.pins.emails.values()]).toEqual([{ account: id, profile: 1 }]);
	});
});

describe('what signs for a new password', () => {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	});

	afterEach(() => {
		vi.useRealTimers();
	});

	test('is forgotten once it is written, or is not', async () => {
		const { one } = await tabs();
		await one.keyholder.ways.changePassword(PASSWORD, NEXT);
		expect(vi.getTimerCount()).toBe(0);
		one.wire.tamper = (_, { body }) => (body.includes('"purpose":3') ? 'nothing' : undefined);
		await errorOf(() => one.keyholder.ways.changePassword(NEXT, PASSWORD));
		expect(vi.getTimerCount()).toBe(0);
	});
});
