import { describe, expect, test } from 'vitest';
import { openingRoutes } from '#lib/api/opening-routes.ts';
import { Holding, inVault, pinChange, wholeVault } from '#lib/keyholder/holding.ts';
import { pinOf, type OpenAccount } from '#lib/keyholder/open-account.ts';
import type { AccountPin } from '#lib/keyholder/pins.ts';
import { errorOf, NOW, World } from '../../../tests/hostile/harness.ts';
import { MemoryPins } from '../../../tests/hostile/memory-pins.ts';
import { ACCOUNT, accountOf, bytes, vaultNamed } from '../../../tests/hostile/open-accounts.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';
import { refusal } from '../../../tests/refusals.ts';

const HASH = bytes(77);

/** Pins that stand where a test puts them, whatever is stored. */
class FixedPins extends MemoryPins {
	stored: AccountPin | undefined;

	override account(): Promise<AccountPin | undefined> {
		return Promise.resolve(this.stored);
	}

	override save(): Promise<void> {
		this.saves++;
		return Promise.resolve();
	}
}

/** An account with two vaults, pinned where it stands. */
async function held(answers: readonly (string | object)[] = []) {
	const pins = new FixedPins();
	let now = NOW;
	const { link, life, sent } = scriptedLink(answers, { pins, now: () => now });
	const open = accountOf([await vaultNamed('a'), await vaultNamed('b')]);
	const pin = pinOf(open);
	pins.stored = pin;
	const pass = (ms: number) => (now += ms);
	return { holding: new Holding(link, open), open, link, life, pins, pin, pass, sent };
}

/** The vault after one more commit. */
async function written(seq = 5) {
	return await vaultNamed('a', seq);
}

/** The account after one more commit. */
function accountAfter({ state }: OpenAccount) {
	const head = bytes(88);
	return { ...state, head, manifest: { ...state.manifest, seq: state.manifest.seq + 1 } };
}

describe('pins that are needed', () => {
	test('are those of the account, where they are or further', async () => {
		const { holding, pins, pin } = await held();
		expect(await holding.pin()).toBe(pin);
		pins.stored = { ...pin, seq: 8 };
		expect(await holding.pin()).toBe(pins.stored);
		const further = { generation: 2, seq: 9, head: bytes() };
		pins.stored = { ...pin, vaults: { ...pin.vaults, a: further } };
		expect(await holding.pin()).toBe(pins.stored);
	});

	test.each<[string, (pin: AccountPin) => AccountPin | undefined]>([
		['erased', () => undefined],
		['set back', (pin) => ({ ...pin, seq: 6 })],
		[
			'set back, also with further vaults',
			(pin) => ({ ...pin, seq: 6, vaults: { ...pin.vaults, a: { ...pin, seq: 99 } } })
		],
		[
			'set back in one vault',
			(pin) => ({ ...pin, vaults: { ...pin.vaults, b: { ...pin, seq: 3 } } })
		],
		[
			'set back in one vault, with a later account',
			(pin) => ({ ...pin, seq: 8, vaults: { ...pin.vaults, b: { ...pin, seq: 3 } } })
		],
		['lost of one vault', ({ vaults: { a }, ...pin }) => ({ ...pin, vaults: a ? { a } : {} })]
	])('are refused where they were %s', async (_, change) => {
		const { holding, pins, pin } = await held();
		pins.stored = change(pin);
		expect(await errorOf(() => holding.pin())).toMatchObject(refusal('pins-lost'));
	});

	test('may have no vault that another tab saw go, with a later account', async () => {
		const { holding, pins, pin } = await held();
		const { a } = pin.vaults;
		pins.stored = { ...pin, seq: 8, vaults: a ? { a } : {} };
		expect(await holding.pin()).toBe(pins.stored);
	});
});

describe('a state that is adopted', () => {
	test('is pinned first, and is the state then', async () => {
		const { holding, pins } = await held();
		const vaults = new Map(holding.open.vaults).set('a', await written());
		await holding.adopt({ vaults });
		expect(holding.open.vaults).toBe(vaults);
		expect(pins.saves).toBe(1);
	});

	test('is none where the pins were erased, and nothing is stored', async () => {
		const { holding, pins, open } = await held();
		pins.stored = undefined;
		const adopting = () => holding.adopt({ mustRotate: true });
		expect(await errorOf(adopting)).toMatchObject(refusal('pins-lost'));
		expect(holding.open).toBe(open);
		expect(pins.saves).toBe(0);
	});

	test('is none after a lock, and nothing is stored', async () => {
		const { holding, life, pins, open } = await held();
		life.end();
		const adopting = () => holding.adopt({ mustRotate: true });
		expect(await errorOf(adopting)).toMatchObject(refusal('locked'));
		expect(holding.open).toBe(open);
		expect(pins.saves).toBe(0);
	});

	test('is verified as of now in the vaults that are others, and no sooner', async () => {
		const { holding, pins, pass } = await held();
		const adopt = async (vaults: OpenAccount['vaults']) => {
			await holding.adopt({ vaults });
			pins.stored = pinOf(holding.open);
			pass(1_000);
		};
		await adopt(holding.open.vaults);
		expect([...holding.open.verifiedSince]).toEqual([]);
		await adopt(new Map(holding.open.vaults).set('a', await written()));
		expect([...holding.open.verifiedSince]).toEqual([['a', NOW + 1_000]]);
		await adopt(new Map(holding.open.vaults).set('c', await vaultNamed('c')));
		expect([...holding.open.verifiedSince]).toEqual([
			['a', NOW + 1_000],
			['c', NOW + 2_000]
		]);
	});
});

describe('a commit that the server says it has stored', () => {
	test('is the state of its vault, was met on the way, and nothing more is asked', async () => {
		const { holding, link, pins, pin, sent } = await held();
		const vault = await written();
		const { seq, generation } = vault.manifest;
		pins.stored = { ...pin, vaults: { ...pin.vaults, a: { generation, seq, head: vault.head } } };
		expect(holding.hasPassed(HASH)).toBe(false);
		await holding.wroteVault(vault, HASH);
		expect(holding.open.vaults.get('a')).toBe(vault);
		expect(holding.hasPassed(HASH)).toBe(true);
		expect(link.trail.has(vault.head)).toBe(true);
		expect(sent).toEqual([]);
	});

	test.each([
		['further', { generation: 2, seq: 6, head: bytes(5) }],
		['in another history', { generation: 2, seq: 5, head: bytes(6) }]
	])('is looked at where the vault’s pin is %s', async (_, a) => {
		const { holding, pins, pin, sent } = await held();
		pins.stored = { ...pin, vaults: { ...pin.vaults, a } };
		const writing = async () => holding.wroteVault(await written(), HASH);
		expect(await errorOf(writing)).toMatchObject(refusal('offline'));
		expect(sent.map(({ request }) => request)).toEqual(['GET /api/v1/vaults/a?after=5']);
	});

	test('is looked at where another tab saw the vault go', async () => {
		const { holding, pins, pin } = await held(['not-found']);
		const { b } = pin.vaults;
		pins.stored = { ...pin, seq: 8, vaults: b ? { b } : {} };
		const writing = async () => holding.wroteVault(await written(), HASH);
		expect(await errorOf(writing)).toMatchObject(refusal('gone'));
	});

	test.each(['wroteAccount', 'switched'] as const)(
		'of the account is its state, and nothing more is asked: %s',
		async (how) => {
			const { holding, open, link, pins, pin, sent } = await held();
			const state = accountAfter(open);
			const vault = await written();
			const vaults = new Map(open.vaults).set('a', vault);
			const a = { generation: 2, seq: 5, head: vault.head };
			pins.stored = { ...pin, seq: 8, head: state.head, vaults: { ...pin.vaults, a } };
			if (how === 'switched') await holding.switched({ state, vaults }, HASH);
			else await holding.wroteAccount(state, vaults, HASH);
			expect(holding.open).toMatchObject({ state, mustRotate: false });
			expect(holding.open.vaults).toBe(vaults);
			expect([state.head, vault.head].map((head) => link.trail.has(head))).toEqual([true, true]);
			expect(holding.hasPassed(HASH)).toBe(true);
			expect(sent).toEqual([]);
		}
	);

	test.each([
		['wroteAccount', 'further', { seq: 9, head: bytes(88) }],
		['wroteAccount', 'in another history', { seq: 8, head: bytes(89) }],
		['switched', 'further', { seq: 9, head: bytes(88) }],
		['switched', 'in another history', { seq: 8, head: bytes(89) }]
	])('of the account is looked at (%s) where its pin is %s', async (how, _, there) => {
		const { holding, open, pins, pin, sent } = await held();
		pins.stored = { ...pin, ...there };
		const state = accountAfter(open);
		const { vaults } = open;
		const writing = () =>
			how === 'switched'
				? holding.switched({ state, vaults }, HASH)
				: holding.wroteAccount(state, vaults, HASH);
		expect(await errorOf(writing)).toMatchObject(refusal('offline'));
		expect(sent.map(({ request }) => request)).toEqual(['GET /api/v1/account?after=8']);
	});

	test('ends what had to be replaced first, if it was a rotation', async () => {
		const { holding, open, pins, pin } = await held();
		await holding.adopt({ mustRotate: true });
		const state = accountAfter(open);
		pins.stored = { ...pin, seq: 8, head: state.head };
		await holding.wroteAccount(state, open.vaults, HASH);
		expect(holding.open.mustRotate).toBe(true);
		await holding.switched({ state, vaults: open.vaults }, HASH);
		expect(holding.open.mustRotate).toBe(false);
	});
});

describe('what is asked of the server', () => {
	test('is what came after the state that is held', async () => {
		const { holding, pin, sent } = await held();
		expect(await errorOf(() => holding.refresh())).toMatchObject(refusal('offline'));
		expect(await errorOf(() => holding.catchUpVault('a', pin))).toMatchObject(refusal('offline'));
		expect(sent.map(({ request }) => request)).toEqual([
			'GET /api/v1/account?after=7',
			'GET /api/v1/vaults/a?after=4'
		]);
	});

	test('is all sheets of a vault that is new here, and its chain from the pin on', () => {
		expect(wholeVault('v', undefined)).toEqual({ params: { vault: 'v' } });
		const pin = { generation: 1, seq: 3, head: bytes() };
		expect(wholeVault('v', pin)).toEqual({
			params: { vault: 'v' },
			query: { after: '0', chain: '3' }
		});
	});

	test('is refused of a vault that is not there as gone, and else as it is', async () => {
		const { link } = scriptedLink(['not-found', 'limited']);
		const ask = () => inVault(() => link.call(openingRoutes.vault, { params: { vault: ACCOUNT } }));
		expect(await errorOf(ask)).toMatchObject(refusal('gone'));
		expect(await errorOf(ask)).toMatchObject({ name: 'ApiError', code: 'limited' });
	});

	test('of keys of a later generation is nothing: they are to be unlocked anew', async () => {
		const { holding } = await held();
		const { head, place } = await vaultNamed('a');
		const pin = await holding.pin();
		const served = {
			...{ id: 'a', generation: 1, keyWrap: head, chain: [], sheets: [] },
			manifest: { seq: 5, generation: place.generation + 2, blob: head }
		};
		const catching = () => holding.catchUpVault('a', pin, served);
		expect(await errorOf(catching)).toMatchObject(refusal('auth'));
	});
});

describe('the pins of a state', () => {
	test('follow any state that it was seen to come from', async () => {
		const { link, open } = await held();
		const { id, pin, descendsFrom } = pinChange(link, open);
		expect({ id, pin }).toEqual({ id: ACCOUNT, pin: pinOf(open) });
		expect(descendsFrom(bytes(5))).toBe(false);
		link.trail.add([bytes(5)]);
		expect(descendsFrom(bytes(5))).toBe(true);
	});
});

describe('an account that another device has written', () => {
	async function two() {
		const world = new World();
		const device = await world.account(['a']);
		const other = world.device();
		await other.unlock();
		return { world, device, other };
	}

	function vaultRequests(requests: readonly { path: string }[]): string[] {
		return requests.map(({ path }) => path).filter((path) => path.startsWith('/api/v1/vaults/'));
	}

	test('is asked for its vaults that lag behind, and for no others', async () => {
		const { device, other } = await two();
		await other.set({ theme: 'dark' });
		let before = device.wire.exchanges.length;
		await device.set({ density: 'compact' });
		expect(vaultRequests(device.wire.exchanges.slice(before))).toEqual([]);
		await other.add('b');
		await other.keyholder.refresh();
		await other.set({ theme: 'light' });
		before = device.wire.exchanges.length;
		await device.set({ theme: 'dark' });
		expect(vaultRequests(device.wire.exchanges.slice(before))).toHaveLength(1);
		expect(device.names).toEqual(['a', 'b']);
	});

	test('is asked for what is new in a vault that is held, and for all of one that is not', async () => {
		const { device, other } = await two();
		await other.keyholder.vaults.make('Second');
		const before = device.wire.exchanges.length;
		await device.keyholder.refresh();
		const queries = vaultRequests(device.wire.exchanges.slice(before)).map(
			(path) => path.split('?')[1]
		);
		expect(queries.sort()).toEqual(['after=2', undefined]);
	});
});
