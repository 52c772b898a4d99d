/** H03: a server that answers with another slot wrap than the one of the slot that proved. */
import { describe, test } from 'vitest';
import { World } from './harness.ts';
import { changing } from './moves.ts';

describe('a server that swaps slot wraps is refused', () => {
	test('between two accounts with one password', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		await world.account([], 'eve@example.org');
		const wrap = world.stored('eve@example.org').slots[0]?.wrap;
		device.wire.tamper = changing('/auth/verify', (json) => ({ ...json, wrap }));
		await world.refused(device, 'integrity', () => device.unlock(), 1);
	});

	test('between the kinds of one account', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const wrap = world.stored().slots.find(({ kind }) => kind === 2)?.wrap;
		device.wire.tamper = changing('/auth/verify', (json) => ({ ...json, wrap }));
		await world.refused(device, 'integrity', () => device.unlock(), 1);
	});

	test('and says so by naming the other slot', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const other = world.stored().slots.find(({ kind }) => kind === 2);
		device.wire.tamper = changing('/auth/verify', () => ({ slot: other?.id, wrap: other?.wrap }));
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('and exchanges the ids of the listed slots too', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		device.wire.tamper = changing('/account', (json) => {
			const [first, second] = json['slots'] as { id: string }[];
			return {
				...json,
				slots: [
					{ ...first, id: second?.id },
					{ ...second, id: first?.id }
				]
			};
		});
		await world.refused(device, 'integrity', () => device.unlock());
	});

	test('for a vault key', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const { keyWrap } = world.storedVault();
		device.wire.tamper = changing('/auth/verify', (json) => ({ ...json, wrap: keyWrap }));
		await world.refused(device, 'integrity', () => device.unlock(), 1);
	});

	test('in a list: another public key, revision, kind, profile, or one slot twice', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const foreign = (await world.account([], 'eve@example.org'), world.stored('eve@example.org'));
		const changes: ((slots: object[]) => object[])[] = [
			([a, b]) => [{ ...a, authPublicKey: foreign.slots[0]?.authPublicKey }, b ?? {}],
			([a, b]) => [a ?? {}, { ...b, authPublicKey: foreign.slots[1]?.authPublicKey }],
			([a, b]) => [{ ...a, revision: 2 }, b ?? {}],
			([a, b]) => [{ ...a, profile: 2 }, b ?? {}],
			([a]) => [a ?? {}, a ?? {}],
			([a, b]) => [a ?? {}, b ?? {}, { ...b, id: foreign.slots[1]?.id }]
		];
		for (const change of changes) {
			world.server.endSessions();
			device.wire.forgeries = 0;
			device.wire.tamper = changing('/account', (json) => ({
				...json,
				slots: change(json['slots'] as object[])
			}));
			await world.refused(device, 'integrity', () => device.unlock());
		}
	});
});
