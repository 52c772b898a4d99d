import { afterEach, describe, expect, test, vi } from 'vitest';
import { COMMIT_BODY_BYTES } from '#lib/api/limits.ts';
import { recordJsonBytes } from '#lib/keyholder/commit-records.ts';
import { checkRotationSize } from '#lib/keyholder/rotation-records.ts';
import { Authenticator } from '../../../tests/hostile/authenticator.ts';
import { newKey, ORIGIN, PASSWORD, World } from '../../../tests/hostile/harness.ts';
import { NEXT_PASSWORD, plan, rotate, stepsOf } from '../../../tests/hostile/rotating.ts';
import { addVault } from '../../../tests/hostile/second-vault.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { refusal } from '../../../tests/refusals.ts';

const ID = 'AAECAwQFBgcICQoLDA0ODw';
const slot = { id: ID, kind: 3, revision: 2, wrap: new Uint8Array(117) } as const;
const vault = {
	id: ID,
	expected: { seq: 1, head: new Uint8Array(32) },
	secretCount: 0,
	keyWrap: new Uint8Array(117),
	manifest: new Uint8Array(300)
};
const settings = new Uint8Array(3_000);

/** A request of two ways in and two vaults, with an account manifest that makes it so large. */
function requestOf(size: number, more: { readonly settings?: typeof settings } = {}) {
	const each = recordJsonBytes(vault.keyWrap) + recordJsonBytes(vault.manifest);
	const rest = size - 2 * 1_024 - 2 * each - recordJsonBytes(new Uint8Array(0));
	const length = Math.floor((rest * 3) / 4);
	expect(recordJsonBytes(new Uint8Array(length))).toBe(rest + recordJsonBytes(new Uint8Array(0)));
	const manifest = new Uint8Array(length);
	return { slots: [slot, slot], vaults: [vault, vault], manifest, ...more };
}

describe('the request that switches', () => {
	test('may be as large as the server takes', () => {
		expect(() => {
			checkRotationSize(requestOf(COMMIT_BODY_BYTES));
		}).not.toThrow();
	});

	test('is not begun if it is larger', () => {
		const detail = { size: COMMIT_BODY_BYTES + 2, limit: COMMIT_BODY_BYTES };
		expect(() => {
			checkRotationSize(requestOf(COMMIT_BODY_BYTES + 2));
		}).toThrow(expect.objectContaining({ ...refusal('too-large'), detail }));
	});

	test('has its settings counted too', () => {
		const size = COMMIT_BODY_BYTES - recordJsonBytes(settings);
		expect(() => {
			checkRotationSize(requestOf(size, { settings }));
		}).not.toThrow();
		expect(() => {
			checkRotationSize(requestOf(size + 2, { settings }));
		}).toThrow(expect.objectContaining(refusal('too-large')));
	});
});

/** An account with a passkey besides its password. */
async function withKeyRing() {
	const world = new World();
	const device = await world.account();
	const ring = new Authenticator(ORIGIN);
	const made = ring.make(await device.keyholder.ways.offerPasskey());
	await device.keyholder.ways.addPasskey({ ...made, name: 'key ring' }, PASSWORD);
	return { world, device, ring, made };
}

describe('the account that is switched to', () => {
	test('has the ways in that it had, each at its next revision, the second time too', async () => {
		const { world, device, ring } = await withKeyRing();
		const { rotations } = device.keyholder;
		const shown = () => new Map(device.keyholder.view().slots.map(({ id, kind }) => [kind, id]));
		const before = shown();
		for (let times = 0; times < 2; times++) {
			const { dropped } = await plan(device);
			const id = dropped[0]?.id ?? '';
			await rotations.keepPasskey(id, ring.touch(await rotations.askPasskey(id)));
			expect(await rotations.run()).toEqual({ outcome: 'rotated' });
		}
		expect(shown()).toEqual(before);
		expect(world.stored().slots.map(({ revision }) => revision)).toEqual([3, 3, 3]);
	});

	test('proves and asks with the ways in as they are now, without another look', async () => {
		const { device, ring, made } = await withKeyRing();
		const { rotations, ways } = device.keyholder;
		const id = (await plan(device)).dropped[0]?.id ?? '';
		await rotations.keepPasskey(id, ring.touch(await rotations.askPasskey(id)));
		expect(await rotations.run()).toEqual({ outcome: 'rotated' });
		expect((await ways.offerPasskey()).excluded).toEqual([made.credential]);
		expect(await ways.changePassword(PASSWORD, NEXT_PASSWORD)).toEqual({ outcome: 'changed' });
	});

	test('is read vault by vault, and told so of all of them', async () => {
		const world = new World();
		const device = await world.account(['a', 'b']);
		const vault = await addVault(world);
		await device.keyholder.refresh();
		await device.keyholder.save([{ kind: 'add', vault, ...newKey('c') }]);
		await plan(device);
		const read = (await stepsOf(device)).filter(({ step }) => step === 'reading');
		const done = read.flatMap((each) => ('done' in each ? [[each.done, each.total]] : []));
		// The manifest lists vaults by their random ids.
		const first = done[1]?.[0] === 1 ? 1 : 2;
		expect(done).toEqual([
			[0, 3],
			[first, 3],
			[3, 3]
		]);
	});

	test('has no settings where there were none', async () => {
		const world = new World();
		const device = await world.bareAccount();
		expect(world.stored().settings).toBeUndefined();
		await rotate(device);
		expect(world.stored().settings).toBeUndefined();
		await world.device().unlock();
	});
});

describe('the keys of a rotation that is not built', () => {
	afterEach(() => {
		vi.restoreAllMocks();
	});

	test.each(['is spoiled', 'is written anew meanwhile'])(
		'are gone where a secret %s',
		async (how) => {
			const world = new World();
			const device = await world.account(['a']);
			const rival = world.device();
			await rival.unlock();
			device.keyholder.lock();
			const memory = new SecretMemory();
			await device.unlock();
			const held = memory.left();
			await plan(device);
			device.wire.before = async (path) => {
				if (!path.endsWith('/secrets')) return;
				device.wire.before = undefined;
				if (how !== 'is spoiled') return rival.rewrite('a', 'theirs');
				const { secrets } = world.storedVault();
				for (const [item, each] of secrets) secrets.set(item, { ...each, revision: 1 });
			};
			const answer = await device.keyholder.rotations.run().catch((error: unknown) => error);
			expect(answer).toMatchObject(
				how === 'is spoiled' ? refusal('integrity') : { outcome: 'conflict' }
			);
			await device.keyholder.rotations.drop();
			rival.keyholder.lock();
			expect(memory.left()).toEqual(held);
		}
	);
});
