import { describe, expect, test } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { newVault } from '#lib/keyholder/new-vault.ts';
import { verifyVault } from '#lib/keyholder/vault-state.ts';
import { Trail } from '#lib/keyholder/descent.ts';
import { MemoryPins } from '../../../tests/hostile/memory-pins.ts';

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
