import { describe, expect, test, vi } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { Life } from '#lib/keyholder/life.ts';
import { Link } from '#lib/keyholder/link.ts';
import { enrolKit, enrolPasskey, sameSlots } from '#lib/keyholder/rotation-slots.ts';
import { World } from '../../../tests/hostile/harness.ts';
import { MemoryPins } from '../../../tests/hostile/memory-pins.ts';
import { plan } from '../../../tests/hostile/rotating.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { refusal } from '../../../tests/refusals.ts';

const ACCOUNT = 'AAECAwQFBgcICQoLDA0ODw';
const ONE = 'EBESExQVFhcYGRobHB0eHw';
const OTHER = 'ICEiIyQlJicoKSorLC0uLw';
const NOW = 1_700_000_000_000;

const link = new Link(
	{
		origin: 'https://vault.example.org',
		fetch: () => Promise.reject(new TypeError('nothing is sent here')),
		now: () => NOW,
		random: randomBytes,
		pins: new MemoryPins(),
		derive: () => Promise.reject(new TypeError('nothing is derived here'))
	},
	new Life()
);

function listed(id: string, hash = 1) {
	const wrapHash = new Uint8Array(32).fill(hash);
	return { id, kind: 1, profile: 1, createdMs: 0, authPublicKey: new Uint8Array(32), wrapHash };
}

function wrapping() {
	return { account: ACCOUNT, generation: 2, accountKey: randomBytes(32) };
}

describe('the keys of a slot', () => {
	test('are gone once it is enrolled', async () => {
		const device = await new World().account();
		device.keyholder.lock();
		const memory = new SecretMemory();
		try {
			await device.unlock();
			const held = memory.left().length;
			await plan(device);
			expect(memory.left()).toHaveLength(held);
		} finally {
			vi.restoreAllMocks();
		}
	});
});

describe('a kit of an account that has none', () => {
	test('gets a slot of its own, at its first revision', async () => {
		const { slot, listed: shown } = await enrolKit(
			link,
			wrapping(),
			{ slots: [] },
			randomBytes(20)
		);
		expect(slot).toMatchObject({ kind: 2, revision: 1 });
		expect(shown).toMatchObject({ id: slot.id, kind: 2, profile: 0, createdMs: NOW });
	});
});

describe('a passkey', () => {
	const credential = randomBytes(32);
	const before = { id: ONE, kind: 3, revision: 4, credential, createdAtMs: 5 } as const;
	const keys = { kek: randomBytes(32), credential };

	test('keeps its place and its age, at its next revision', async () => {
		const state = { manifest: { slots: [listed(OTHER), { ...listed(ONE), createdMs: 7 }] } };
		const { slot, listed: shown } = await enrolPasskey(link, wrapping(), state, before, keys);
		expect(slot).toMatchObject({ id: ONE, kind: 3, revision: 5 });
		expect(shown).toMatchObject({ id: ONE, kind: 3, createdMs: 7 });
	});

	test('is not enrolled if it is not listed', async () => {
		const state = { manifest: { slots: [listed(OTHER)] } };
		await expect(enrolPasskey(link, wrapping(), state, before, keys)).rejects.toMatchObject(
			refusal('integrity')
		);
	});
});

describe('two lists of ways in', () => {
	test('are the same in any order', () => {
		const [one, other] = [listed(ONE, 1), listed(OTHER, 2)];
		expect(sameSlots([one, other], [other, one])).toBe(true);
	});

	test.each([
		['one is missing', [listed(ONE)]],
		['one is there besides', [listed(ONE), listed(OTHER, 2), listed(ACCOUNT, 3)]],
		['one is another', [listed(ONE), listed(ACCOUNT, 2)]],
		['one was wrapped anew', [listed(ONE), listed(OTHER, 3)]],
		['two have each other’s wraps', [listed(ONE, 2), listed(OTHER, 1)]]
	])('are not the same if %s', (_, slots) => {
		expect(sameSlots([listed(ONE), listed(OTHER, 2)], slots)).toBe(false);
	});
});
