/** H14: a server that offers kinds of slots which this version reserves, or that are no password. */
import { describe, expect, test } from 'vitest';
import type { KeyholderErrorCode } from '#lib/keyholder/errors.ts';
import { World } from './harness.ts';
import { changing, vaultPath } from './moves.ts';

const KINDS: [number, KeyholderErrorCode][] = [
	[2, 'format'],
	[3, 'format'],
	[4, 'unsupported'],
	[9, 'unsupported'],
	[15, 'unsupported'],
	[255, 'unsupported'],
	[0, 'format'],
	[256, 'format']
];

describe('a server that offers', () => {
	test.each(KINDS)(
		'a challenge for a slot of kind %i: refused before anything is derived',
		async (kind, code) => {
			const world = new World();
			await world.account();
			const device = world.device();
			device.wire.tamper = changing('/auth/challenge', (json) => ({ ...json, kind }));
			await world.refused(device, code, () => device.unlock());
			expect(device.derived).toEqual([]);
		}
	);

	test.each([
		[0, 'format'],
		[3, 'unsupported'],
		[4, 'unsupported'],
		[9, 'unsupported'],
		[255, 'unsupported'],
		[256, 'format']
	] as const)('a listed slot of kind %i: refused as %s', async (kind, code) => {
		const world = new World();
		const device = await world.knownDevice();
		device.wire.tamper = changing('/account', (json) => {
			const [password, kit] = json['slots'] as object[];
			return { ...json, slots: [password, { ...kit, kind }] };
		});
		await world.refused(device, code, () => device.unlock());
	});

	test('a passkey with the members that a later version gives it: refused as unsupported', async () => {
		const world = new World();
		const device = await world.knownDevice();
		const passkey = {
			id: 'AAAAAAAAAAAAAAAAAAAAAA',
			kind: 3,
			credential: 'AAAA',
			rpId: 'a',
			revision: 1
		};
		device.wire.tamper = changing('/account', (json) => ({
			...json,
			slots: [...(json['slots'] as object[]), passkey]
		}));
		await world.refused(device, 'unsupported', () => device.unlock());
	});

	test('one kind of record where another is due: refused', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const account = world.stored();
		const { chain, keyWrap } = world.storedVault();
		const records: [path: string, blob: string | undefined, code: KeyholderErrorCode][] = [
			// A vault's manifest with one sheet is shorter than any account's.
			['/account', chain.blob, 'format'],
			['/account', account.settings, 'integrity'],
			[vaultPath(world), account.chain.blob, 'integrity'],
			[vaultPath(world), `${keyWrap}${'A'.repeat(79)}`, 'integrity']
		];
		for (const [path, blob, code] of records) {
			world.server.endSessions();
			device.wire.forgeries = device.wire.sentAfterForgery = 0;
			device.wire.tamper = changing(path, (json) => ({
				...json,
				manifest: { ...(json['manifest'] as object), blob }
			}));
			await world.refused(device, code, () => device.unlock());
		}
	});
});
