/**
 * A rotation over a network that breaks, and beside other devices that write: old state or new,
 * whole.
 */
import { describe, expect, test } from 'vitest';
import type { Fetch } from '#lib/api/client.ts';
import {
	Device,
	EMAIL,
	errorOf,
	PASSWORD,
	valueOf,
	World
} from '../../../tests/hostile/harness.ts';
import { contentsOf, Cut, NEXT_PASSWORD, plan, standing } from '../../../tests/hostile/rotating.ts';
import { refusal } from '../../../tests/refusals.ts';

const CHOICE = { password: PASSWORD, nextPassword: NEXT_PASSWORD };

/**
 * Of a rotation: the account and its vault are looked at, a challenge and the secrets, a part of
 * sheets and one of secrets, the account and its vault once more, a challenge and the switch.
 */
const REQUESTS = 10;
const SWITCH = REQUESTS - 1;
const EACH = Array.from({ length: REQUESTS }, (_, index) => index);

async function planned(wrap: (inner: Fetch) => Fetch) {
	const world = new World();
	const first = await world.account(['a', 'b']);
	await first.set({ theme: 'dark' });
	const device = new Device(wrap(world.server.device()));
	await device.unlock();
	const { kit } = await plan(device, CHOICE);
	return { world, device, kit };
}

async function cuttable() {
	let cut: Cut | undefined;
	const made = await planned((inner) => {
		cut = new Cut(inner);
		return cut.fetch;
	});
	if (cut === undefined) throw new Error('no network');
	return { ...made, cut };
}

async function expectWhole(world: World): Promise<void> {
	const [account, vault] = standing(world).generations;
	expect(vault).toBe(account);
	const password = account === 1 ? PASSWORD : NEXT_PASSWORD;
	expect(await contentsOf(world, password)).toEqual({ a: valueOf('a'), b: valueOf('b') });
}

test('a rotation is made of a known number of requests', async () => {
	const { device, cut } = await cuttable();
	cut.count = 0;
	expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
	expect(cut.count).toBe(REQUESTS);
	const parts = device.wire.requests().filter((each) => each.endsWith('/parts'));
	expect(parts).toHaveLength(2);
});

describe('a connection that breaks', () => {
	describe.each([
		{ answered: false, once: true },
		{ answered: true, once: true },
		{ answered: false, once: false },
		{ answered: true, once: false }
	])('(%j)', (how) => {
		test.each(EACH)(
			'at request %i leaves the old state or the new one, and a retry works',
			async (index) => {
				const { world, device, kit, cut } = await cuttable();
				cut.at(index, how);
				const answer = await device.keyholder.rotations.run().catch((error: unknown) => error);
				cut.mend();
				await expectWhole(world);
				if (answer instanceof Error) {
					expect(answer).toMatchObject(refusal('offline'));
					expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
				} else {
					expect(answer).toEqual({ outcome: 'rotated' });
				}
				expect(standing(world).generations).toEqual([2, 2]);
				await expectWhole(world);
				await device.add('c');
				const byKit = await world.device().keyholder.unlockWithKit(EMAIL, kit, undefined);
				expect(byKit.outcome).toBe('unlocked');
			}
		);
	});

	test('for good leaves what the next unlock finds', async () => {
		const { world, device, cut } = await cuttable();
		cut.at(SWITCH, { answered: true, once: false });
		await errorOf(() => device.keyholder.rotations.run());
		cut.mend();
		device.keyholder.lock();
		world.server.endSessions();
		const view = await device.unlock(EMAIL, NEXT_PASSWORD);
		expect(view.known).toBe(true);
		expect(device.names).toEqual(['a', 'b']);
	});
});

/** A network on which something happens just before one request leaves. */
function interruptible() {
	let count = 0;
	let at = Infinity;
	let meanwhile: () => Promise<void> = () => Promise.resolve();
	return {
		wrap:
			(inner: Fetch): Fetch =>
			async (url, init) => {
				if (count++ === at) await meanwhile();
				return await inner(url, init);
			},
		before: (index: number, what: () => Promise<void>) => {
			count = 0;
			at = index;
			meanwhile = what;
		}
	};
}

describe('a second device', () => {
	describe.each([
		['writes a key', (rival: Device) => rival.add('theirs')],
		['writes an old key anew', (rival: Device) => rival.rewrite('a', 'theirs')],
		['deletes a key', (rival: Device) => rival.drop('b')],
		['writes settings', (rival: Device) => rival.set({ theme: 'light' })]
	])('that %s', (_, write) => {
		test.each(EACH)('before request %i loses nothing', async (index) => {
			const network = interruptible();
			const { world, device } = await planned(network.wrap);
			const rival = world.device();
			await rival.unlock();
			network.before(index, () => write(rival));
			const run = () => device.keyholder.rotations.run();
			const { outcome } = await run();
			// What was written before the first look is a part of what is read.
			if (index === 0) expect(outcome).toBe('rotated');
			if (index > 1) expect(outcome).toBe('conflict');
			if (outcome === 'conflict') {
				expect(standing(world).generations).toEqual([1, 1]);
				expect(await run()).toEqual({ outcome: 'rotated' });
			}
			const values: Record<string, string | undefined> = {};
			for (const name of rival.names) values[name] = await device.valueOf(name);
			expect(await contentsOf(world, NEXT_PASSWORD)).toEqual(values);
			const { theme } = device.keyholder.view().settings;
			expect(theme).toBe(rival.keyholder.view().settings.theme);
		});
	});

	test('that rotates first wins: the session of the other has ended', async () => {
		const { world, device } = await planned((inner) => inner);
		const rival = world.device();
		await rival.unlock();
		await plan(rival, CHOICE);
		expect(await rival.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		await expect(device.keyholder.rotations.run()).rejects.toMatchObject(refusal('auth'));
		await expectWhole(world);
	});

	test.each(EACH.slice(0, SWITCH))(
		'that locks this one before request %i stops it: nothing is sent any more',
		async (index) => {
			const network = interruptible();
			const { world, device } = await planned(network.wrap);
			network.before(index, () => {
				device.keyholder.lock();
				return Promise.resolve();
			});
			await expect(device.keyholder.rotations.run()).rejects.toMatchObject(refusal('locked'));
			const sent = device.wire.exchanges.length;
			await new Promise((done) => setTimeout(done, 0));
			expect(device.wire.exchanges.length - sent).toBeLessThanOrEqual(1);
			expect(standing(world).generations).toEqual([1, 1]);
			await expectWhole(world);
		}
	);
});

describe('a server that lost what was staged', () => {
	test('is told apart from a race by nothing, and the next try stages anew', async () => {
		const network = interruptible();
		const { world, device } = await planned(network.wrap);
		network.before(SWITCH, () => {
			world.stored().staged.clear();
			return Promise.resolve();
		});
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'conflict' });
		expect(await device.keyholder.rotations.run()).toEqual({ outcome: 'rotated' });
		await expectWhole(world);
	});
});
