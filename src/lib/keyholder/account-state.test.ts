import { describe, expect, test } from 'vitest';
import type { AccountHead } from '#lib/api/account.ts';
import type { SpokenSlot } from '#lib/api/slots.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { idText } from '#lib/encoding/id.ts';
import { passwordSlotOf, verifyAccount, type OpenedSlot } from '#lib/keyholder/account-state.ts';
import { Trail } from '#lib/keyholder/descent.ts';
import { accountKeys } from '#lib/protocol/account-keys.ts';
import {
	openAccountManifest,
	sealAccountManifest,
	type AccountManifest,
	type ManifestSlot
} from '#lib/protocol/account-manifest.ts';
import { head } from '#lib/protocol/chain.ts';
import { noHash } from '#lib/protocol/manifest-fields.ts';
import { sealSettings } from '#lib/protocol/settings.ts';
import { wrapVaultKey } from '#lib/protocol/wrapped-keys.ts';
import { errorOf, NOW } from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

const newId = () => idText(randomBytes(16));
const unknown = () => ({ from: undefined, pin: undefined, trail: new Trail() });

function slotsOf(kinds: readonly SpokenSlot['kind'][]) {
	const served = kinds.map((kind): SpokenSlot => {
		const own = { id: newId(), revision: 1, authPublicKey: randomBytes(32) };
		if (kind === 1) return { ...own, kind, profile: 1, salt: randomBytes(16) };
		if (kind === 2) return { ...own, kind, locator: randomBytes(16) };
		return { id: own.id, revision: 1, kind, credential: randomBytes(16), createdAtMs: NOW };
	});
	const listed = served.map((slot): ManifestSlot => {
		const { id, kind } = slot;
		const authPublicKey = kind === 3 ? noHash() : slot.authPublicKey;
		const profile = kind === 1 ? slot.profile : 0;
		return { id, kind, profile, authPublicKey, createdMs: NOW, wrapHash: randomBytes(32) };
	});
	return { served, listed };
}

/** An account with a password, a kit, a passkey, two vaults and settings; and its answer. */
async function made() {
	const account = newId();
	const keys = await accountKeys(randomBytes(32));
	const { served: slots, listed } = slotsOf([1, 2, 3]);
	const vaults = await Promise.all(
		[1, 2].map(async (generation) => {
			const id = newId();
			const keyWrap = await wrapVaultKey({
				...{ account, vault: id, accountGeneration: 2, generation, key: keys.vaultWrap },
				...{ vaultKey: randomBytes(32), random: randomBytes }
			});
			return { id, generation, keyWrap };
		})
	);
	const at = { account, generation: 2, seq: 3 };
	const settings = await sealSettings(keys.settings, at, { v: 1, theme: 'dark' }, randomBytes);
	const manifest: AccountManifest = {
		...{ ...at, prev: randomBytes(32), minSuite: 1, minProfile: 1, unixMs: NOW, device: newId() },
		settingsHash: await sha256(settings),
		slots: listed,
		vaults: await Promise.all(
			vaults.map(async ({ id, generation, keyWrap }) => {
				return { id, generation, keyWrapHash: await sha256(keyWrap), floorSeq: 1 };
			})
		)
	};
	const blob = await sealAccountManifest(keys.manifest, manifest, randomBytes);
	const served: AccountHead = {
		...{ account, email: 'ada@example.org', generation: 2, slots, vaults, settings },
		...{ manifest: { seq: 3, blob }, chain: [] }
	};
	const [own] = listed;
	if (own === undefined) throw new Error('no slot');
	const { id, profile, authPublicKey, wrapHash } = own;
	const slot: OpenedSlot = { id, kind: 1, profile, authPublicKey, wrapHash };
	return { verifying: { account, keys, slot }, served, manifest };
}

type Made = Awaited<ReturnType<typeof made>>;

/** One of a list exchanged for what `change` makes of it. */
function exchanged<T>(list: readonly T[], place: number, change: (one: T) => T): T[] {
	return list.map((one, index) => (index === place ? change(one) : one));
}

describe('verifyAccount', () => {
	test('gives what was served, once it is what the manifest lists', async () => {
		const { verifying, served, manifest } = await made();
		const state = await verifyAccount(verifying, served, unknown());
		const { account, keys, slot } = verifying;
		expect(state).toMatchObject({
			...{ account, keys, servedEmail: served.email, slots: served.slots },
			settings: { v: 1, theme: 'dark' },
			head: await head(manifest.prev, served.manifest.blob)
		});
		expect(state.slot).toEqual({ id: slot.id, kind: 1 });
		expect(state.manifest).toEqual(
			await openAccountManifest(keys.manifest, manifest, served.manifest.blob)
		);
		const wanted = state.manifest.vaults.map((listed) => ({ ...listed, account }));
		expect(state.vaults).toMatchObject(wanted);
	});

	test('takes the slots and the vaults in whatever order they are served', async () => {
		const { verifying, served } = await made();
		const { slots, vaults } = served;
		const turned = { ...served, slots: slots.toReversed(), vaults: vaults.toReversed() };
		const state = await verifyAccount(verifying, turned, unknown());
		expect(state.vaults.map(({ id }) => id).sort()).toEqual(vaults.map(({ id }) => id).sort());
	});

	test('does not unwrap anew what the state before holds, and else it does', async () => {
		const { verifying, served } = await made();
		const before = await verifyAccount(verifying, served, unknown());
		const again = await verifyAccount(verifying, served, unknown(), before.vaults);
		expect(again.vaults.map(({ keys }) => keys)).toEqual(before.vaults.map(({ keys }) => keys));
		for (const [index, { keys }] of again.vaults.entries()) {
			expect(keys).toBe(before.vaults[index]?.keys);
		}
		for (const other of [{ generation: 9 }, { keyWrapHash: randomBytes(32) }, { id: newId() }]) {
			const changed = before.vaults.map((place) => ({ ...place, ...other }));
			const { vaults } = await verifyAccount(verifying, served, unknown(), changed);
			for (const [index, { keys }] of vaults.entries()) {
				expect(keys).not.toBe(before.vaults[index]?.keys);
			}
		}
	});

	test('leaves the keys of the state before alone if a later vault does not hold', async () => {
		const { verifying, served } = await made();
		const before = await verifyAccount(verifying, served, unknown());
		const last = before.vaults[1]?.id;
		const vaults = served.vaults.map((vault) =>
			vault.id === last ? { ...vault, generation: 7 } : vault
		);
		const attempt = () => verifyAccount(verifying, { ...served, vaults }, unknown(), before.vaults);
		expect(await errorOf(attempt)).toMatchObject(refusal('integrity'));
		for (const { keys } of before.vaults) expect(keys.manifest).not.toEqual(noHash());
	});

	test('takes an account that has no settings, and refuses some that are not listed', async () => {
		const { verifying, served, manifest } = await made();
		const without = { ...manifest, settingsHash: undefined };
		const blob = await sealAccountManifest(verifying.keys.manifest, without, randomBytes);
		const bare = { ...served, manifest: { seq: 3, blob } };
		const error = await errorOf(() => verifyAccount(verifying, bare, unknown()));
		expect(error).toMatchObject(refusal('integrity'));
		const state = await verifyAccount(verifying, { ...bare, settings: undefined }, unknown());
		expect(state.settings).toBeUndefined();
	});

	type Change = (made: Made) => Partial<AccountHead>;

	const inSlots =
		(place: number, change: (slot: SpokenSlot) => object): Change =>
		({ served: { slots } }) => ({
			slots: exchanged(slots, place, (slot) => ({ ...slot, ...change(slot as SpokenSlot) }))
		});

	const inVaults =
		(change: () => object): Change =>
		({ served: { vaults } }) => ({
			vaults: exchanged(vaults, 0, (vault) => ({ ...vault, ...change() }))
		});

	const wrongs: [string, string, Change][] = [
		['of another account', 'another account', () => ({ account: newId() })],
		['with a slot less', 'number of slots', ({ served }) => ({ slots: served.slots.slice(1) })],
		['with a slot of another id', 'slot is missing', inSlots(1, () => ({ id: newId() }))],
		[
			'with a slot twice and one missing',
			'slot is missing',
			({ served: { slots } }) => ({ slots: [...slots.slice(1), ...slots.slice(1, 2)] })
		],
		[
			'with a slot of another kind',
			'another kind',
			inSlots(1, ({ id }) => ({ ...slotsOf([3]).served[0], id }))
		],
		['with another profile', 'another profile', inSlots(0, () => ({ profile: 2 }))],
		[
			'with another public key of the password',
			'another key',
			inSlots(0, () => ({ authPublicKey: randomBytes(32) }))
		],
		[
			'with another public key of the kit',
			'another key',
			inSlots(1, () => ({ authPublicKey: randomBytes(32) }))
		],
		['without a vault', 'number of vaults', ({ served }) => ({ vaults: served.vaults.slice(1) })],
		['with a vault of another id', 'vault is missing', inVaults(() => ({ id: newId() }))],
		[
			'with a vault key of another generation',
			'another generation',
			inVaults(() => ({ generation: 7 }))
		],
		['with another vault key', 'another vault key', inVaults(() => ({ keyWrap: randomBytes(77) }))],
		['without the settings', 'not listed', () => ({ settings: undefined })],
		['with other settings', 'other settings', () => ({ settings: randomBytes(500) })]
	];

	test.each(wrongs)('refuses an answer %s', async (_, why, change) => {
		const here = await made();
		const served = { ...here.served, ...change(here) };
		const error = await errorOf(() => verifyAccount(here.verifying, served, unknown()));
		expect(error).toMatchObject(refusal('integrity'));
		expect(error).toHaveProperty('message', expect.stringContaining(why));
	});

	test('calls an answer with a slot of a later kind unsupported', async () => {
		const { verifying, served } = await made();
		const slots = exchanged(served.slots, 2, ({ id }) => ({ id, kind: 4 }));
		const error = await errorOf(() => verifyAccount(verifying, { ...served, slots }, unknown()));
		expect(error).toMatchObject(refusal('unsupported'));
	});

	test.each([
		['that is not listed', 'slot that was used', () => ({ id: newId() })],
		['with another wrap', 'the wrap', () => ({ wrapHash: randomBytes(32) })],
		['with another profile', 'the profile', () => ({ profile: 2 })],
		['with another key', 'the key that signed', () => ({ authPublicKey: randomBytes(32) })]
	])('refuses that one was let in by a slot %s', async (_, why, change) => {
		const { verifying, served } = await made();
		const slot = { ...verifying.slot, ...change() };
		const error = await errorOf(() => verifyAccount({ ...verifying, slot }, served, unknown()));
		expect(error).toMatchObject(refusal('integrity'));
		expect(error).toHaveProperty('message', expect.stringContaining(why));
	});

	test('asks nothing more of the slot afterwards than that it is listed', async () => {
		const { verifying, served } = await made();
		const { id, kind } = verifying.slot;
		const state = await verifyAccount({ ...verifying, slot: { id, kind } }, served, unknown());
		expect(state.slot).toEqual({ id, kind });
		const none = { ...verifying, slot: { id: newId(), kind } };
		const error = await errorOf(() => verifyAccount(none, served, unknown()));
		expect(error).toMatchObject(refusal('integrity'));
	});
});

describe('passwordSlotOf', () => {
	test('is the password’s slot, with what the manifest says of it', async () => {
		const { verifying, served } = await made();
		const state = await verifyAccount(verifying, served, unknown());
		const { wrapHash } = verifying.slot;
		expect(passwordSlotOf(state)).toEqual({ ...served.slots[0], wrapHash });
	});

	test('refuses an account that has none, or whose manifest lists none', async () => {
		const { verifying, served } = await made();
		const state = await verifyAccount(verifying, served, unknown());
		const { slots, manifest } = state;
		const others = { ...manifest, slots: manifest.slots.filter(({ kind }) => kind !== 1) };
		for (const without of [{ slots: slots.slice(1) }, { manifest: others }]) {
			const error = await errorOf(async () => {
				await Promise.resolve();
				passwordSlotOf({ ...state, ...without });
			});
			expect(error).toMatchObject(refusal('integrity'));
		}
	});
});
