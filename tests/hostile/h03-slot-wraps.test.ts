/** H03: a server that answers with another slot wrap than the one of the slot that proved. */
import { describe, expect, test } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { decode, encode } from '#lib/encoding/base64url.ts';
import { passwordDescriptor } from '#lib/protocol/slots.ts';
import { wrapAccountKey, wrapVaultKey } from '#lib/protocol/wrapped-keys.ts';
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

	test('for one of the very same key that nobody listed, as a left-over of another write is', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const { id: account, slots } = world.stored();
		const slot = slots.find(({ kind }) => kind === 1);
		const wrapped = await wrapAccountKey({
			account,
			slot: slot?.id ?? '',
			descriptor: await passwordDescriptor(1, decode(String(slot?.['salt']))),
			revision: 1,
			generation: 1,
			kek: await world.key('kek'),
			accountKey: await world.key('account key'),
			random: randomBytes
		});
		device.wire.tamper = changing('/auth/verify', (json) => ({ ...json, wrap: encode(wrapped) }));
		const error = await world.refused(device, 'integrity', () => device.unlock(), 1);
		expect(error.message).toContain('not the listed one');
	});

	test('and wraps of vault keys: one of the very same key that nobody listed', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const { id: account, vaults } = world.stored();
		const wrapped = await wrapVaultKey({
			account,
			vault: [...vaults.keys()][0] ?? '',
			accountGeneration: 1,
			generation: 1,
			key: await world.key('vault wrap key'),
			vaultKey: await world.key('vault key'),
			random: randomBytes
		});
		device.wire.tamper = changing('/account', (json) => ({
			...json,
			vaults: (json['vaults'] as object[]).map((each) => ({ ...each, keyWrap: encode(wrapped) }))
		}));
		await world.refused(device, 'integrity', () => device.unlock());
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
