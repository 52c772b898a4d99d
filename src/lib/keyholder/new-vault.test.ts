import { describe, expect, test, vi } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { newVault } from '#lib/keyholder/new-vault.ts';
import { verifyVault } from '#lib/keyholder/vault-state.ts';
import { Trail } from '#lib/keyholder/descent.ts';
import { World } from '../../../tests/hostile/harness.ts';
import { MemoryPins } from '../../../tests/hostile/memory-pins.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { refusal } from '../../../tests/refusals.ts';

const ACCOUNT = 'AAECAwQFBgcICQoLDA0ODw';
const NOW = 1_700_000_000_000;

describe('a vault as it begins', () => {
	function ports(random = randomBytes) {
		return {
			origin: 'https://vault.example.org',
			fetch: () => Promise.reject(new TypeError('nothing is sent here')),
			now: () => NOW,
			random,
			pins: new MemoryPins(),
			derive: () => Promise.reject(new TypeError('nothing is derived here'))
		};
	}

	function owner() {
		return { account: ACCOUNT, generation: 3, vaultWrap: randomBytes(32) };
	}

	test('is what a device verifies that is served it', async () => {
		const { sent, state } = await newVault(ports(), owner());
		const served = {
			manifest: { seq: 1, generation: 1, blob: sent.manifest },
			chain: [],
			sheets: []
		};
		const known = { from: undefined, pin: undefined, trail: new Trail() };
		const verified = await verifyVault(state.place, served, known, new Map());
		expect(verified).toEqual(state);
		expect(state.manifest).toMatchObject({ unixMs: NOW, itemCount: 0, sheets: [] });
	});

	test('leaves nothing of its key but what it is held by', async () => {
		const drawn: Uint8Array[] = [];
		await newVault(
			ports((length) => {
				const bytes = randomBytes(length);
				if (length === 32) drawn.push(bytes);
				return bytes;
			}),
			owner()
		);
		expect(drawn[0]).toEqual(new Uint8Array(32));
	});
});

describe('the keys of a new vault', () => {
	test.each([
		['are held once it is made', 'arrives', 2],
		['are held once where the answer was lost, and it was read like any other', 'is lost', 2],
		['are gone if it is not made', 'is not sent', 0]
	])('%s', async (_, commit, more) => {
		const world = new World();
		const device = await world.account();
		device.keyholder.lock();
		const memory = new SecretMemory();
		try {
			await device.unlock();
			const held = memory.left();
			device.wire.before = (path) =>
				commit === 'is not sent' && path.endsWith('/account/commits')
					? Promise.reject(new TypeError('connection lost'))
					: Promise.resolve();
			device.wire.tamper = (_answer, { path }) =>
				commit === 'is lost' && path.endsWith('/account/commits') ? 'nothing' : undefined;
			const made = await device.keyholder.vaults.make('Work').catch((error: unknown) => error);
			expect(made).toMatchObject(more === 0 ? refusal('offline') : { outcome: 'made' });
			expect(memory.left().length - held.length).toBe(more);
			device.keyholder.lock();
			expect(memory.left()).toEqual([]);
		} finally {
			vi.restoreAllMocks();
		}
	});
});
