import { describe, expect, test } from 'vitest';
import type { VaultHead } from '#lib/api/vaults.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { idText } from '#lib/encoding/id.ts';
import { buildCommit } from '#lib/keyholder/commit-records.ts';
import { Trail } from '#lib/keyholder/descent.ts';
import { intentsOf, resolve } from '#lib/keyholder/intents.ts';
import { rowOf } from '#lib/keyholder/open-account.ts';
import {
	indexOf,
	openVault,
	verifyHeading,
	verifyVault,
	type VaultPlace,
	type VaultState
} from '#lib/keyholder/vault-state.ts';
import type { KeyEdit } from '#lib/keyholder/views.ts';
import { head } from '#lib/protocol/chain.ts';
import { openSheet, sealSheet, type SheetEntry } from '#lib/protocol/sheets.ts';
import { vaultKeys } from '#lib/protocol/vault-keys.ts';
import { sealVaultManifest, type VaultManifest } from '#lib/protocol/vault-manifest.ts';
import { errorOf, newKey, NOW, ORIGIN } from '../../../tests/hostile/harness.ts';
import { MemoryPins } from '../../../tests/hostile/memory-pins.ts';
import { refusal } from '../../../tests/refusals.ts';

const newId = () => idText(randomBytes(16));

const ports = {
	origin: ORIGIN,
	fetch: () => Promise.reject(new Error('nothing is sent here')),
	now: () => NOW,
	random: randomBytes,
	pins: new MemoryPins(),
	derive: () => Promise.reject(new Error('nothing is derived here'))
};

/** A vault with one sheet of these overviews, as another client may have written it. */
async function opened(overviews: readonly object[], itemCount = overviews.length) {
	const keys = await vaultKeys(randomBytes(32));
	const keyWrapHash = randomBytes(32);
	const [account, vault, sheet] = [newId(), newId(), newId()];
	const place: VaultPlace = { id: vault, account, generation: 1, keyWrapHash, floorSeq: 1, keys };
	const entries = overviews.map((overview): SheetEntry => {
		return { id: newId(), revision: 2, secretHash: 'A'.repeat(43), overview, strange: [1] };
	});
	const at = { account, vault, generation: 1, sheet, revision: 2 };
	const blob = await sealSheet(keys.sheets, at, entries, randomBytes);
	const manifest = {
		vault,
		generation: 1,
		seq: 2,
		prev: randomBytes(32),
		unixMs: NOW,
		device: newId(),
		itemCount,
		sheets: [{ id: sheet, revision: 2, hash: await sha256(blob) }]
	};
	const served = {
		manifest: { seq: 2, generation: 1, blob: new Uint8Array() },
		chain: [],
		sheets: [{ id: sheet, revision: 2, blob }]
	};
	const state = await openVault(place, served, { manifest, head: randomBytes(32) }, {});
	return { state, entries };
}

const GOOD = newKey('good').overview;
const ODD = [
	{ v: 1, name: 'odd', status: 'sleeping' },
	{ v: 2, name: 'new', members: 'unheard of' },
	{ v: 1, name: 7 },
	{}
];

function rowsOf(state: VaultState) {
	return [...state.items.values()].map((open) => rowOf(state.place.id, open));
}

describe('openVault, with overviews that this version cannot read', () => {
	test('opens all the same, and says which they are', async () => {
		const { state } = await opened([GOOD, ...ODD]);
		const rows = rowsOf(state);
		expect(rows.map(({ unreadable }) => unreadable ?? false)).toEqual([
			false,
			true,
			true,
			true,
			true
		]);
		expect(rows.map(({ overview }) => overview.name)).toEqual(['good', 'odd', 'new', '', '']);
	});

	test('still counts them', async () => {
		expect(await errorOf(() => opened([GOOD, ...ODD], 4))).toMatchObject(refusal('integrity'));
	});

	test('writes them again exactly as they were', async () => {
		const { state, entries } = await opened([GOOD, ...ODD]);
		const edit = { kind: 'add', vault: state.place.id, ...newKey('more') } as const;
		const resolved = await resolve(state, intentsOf([edit], randomBytes), unasked);
		const { request, next } = await buildCommit(ports, state, resolved);
		const [written] = request.sheets;
		if (written === undefined) throw new Error('no sheet was written');
		const { account, id: vault, generation, keys } = next.place;
		const at = { account, vault, generation, sheet: written.id, revision: 3 };
		expect((await openSheet(keys.sheets, at, written.blob)).slice(0, 5)).toEqual(entries);
	});

	test('lets nobody change or drop them', async () => {
		const { state } = await opened([GOOD, ...ODD]);
		const [, base] = rowsOf(state);
		if (base === undefined) throw new Error('no row');
		const edits: KeyEdit[] = [
			{ kind: 'drop', base },
			{ kind: 'change', base, overview: GOOD },
			{ kind: 'change', base, ...newKey('other') }
		];
		for (const edit of edits) {
			const tried = errorOf(() => resolve(state, intentsOf([edit], randomBytes), unasked));
			expect(await tried).toMatchObject(refusal('unreadable'));
		}
	});

	test('saves beside them what was edited while another client wrote them', async () => {
		const { state } = await opened([ODD[0] ?? {}]);
		const [now] = rowsOf(state);
		if (now === undefined) throw new Error('no row');
		const base = { vault: now.vault, item: now.item, revision: 1, overview: GOOD };
		const overview = { ...GOOD, name: 'mine' };
		const { secret } = newKey('a');
		const intents = intentsOf([{ kind: 'change', base, overview }], randomBytes);
		const { puts, beside } = await resolve(state, intents, () => Promise.resolve(secret));
		expect(beside).toHaveLength(1);
		expect(puts).toEqual([{ item: beside[0], overview, secret }]);
	});
});

/** A vault of two sheets at seq 3, one head after `prev`, and the answer that serves it. */
async function served() {
	const keys = await vaultKeys(randomBytes(32));
	const [account, id] = [newId(), newId()];
	const place: VaultPlace = {
		...{ id, account, generation: 2, keyWrapHash: randomBytes(32), floorSeq: 3, keys }
	};
	const sheets = await Promise.all(
		[2, 3].map(async (revision) => {
			const [sheet, entry] = [newId(), { revision, secretHash: 'A'.repeat(43), overview: GOOD }];
			const at = { account, vault: id, generation: 2, sheet, revision };
			const entries: SheetEntry[] = [{ id: newId(), ...entry }];
			const blob = await sealSheet(keys.sheets, at, entries, randomBytes);
			return { id: sheet, revision, blob };
		})
	);
	const prev = randomBytes(32);
	const manifest: VaultManifest = {
		...{ vault: id, generation: 2, seq: 3, prev, unixMs: NOW, device: newId(), itemCount: 2 },
		sheets: await Promise.all(
			sheets.map(async ({ blob, ...sheet }) => ({ ...sheet, hash: await sha256(blob) }))
		)
	};
	const blob = await sealVaultManifest(keys.manifest, account, manifest, randomBytes);
	const answer: VaultHead = { manifest: { seq: 3, generation: 2, blob }, chain: [], sheets };
	return { place, answer, head: await head(prev, blob) };
}

type Served = Awaited<ReturnType<typeof served>>;

const NOTHING = { from: undefined, pin: undefined };

function verified({ place, answer }: Pick<Served, 'place' | 'answer'>, own?: VaultState['sheets']) {
	const known = { ...NOTHING, trail: new Trail() };
	return verifyVault(place, answer, known, own ?? new Map());
}

describe('verifyVault', () => {
	test('gives what was served, once it is what the manifest lists', async () => {
		const { place, answer, head } = await served();
		const state = await verified({ place, answer });
		expect(state).toMatchObject({ place, head });
		const listed = state.manifest.sheets.map(({ id, revision, hash }) => [id, { revision, hash }]);
		expect([...state.sheets]).toMatchObject(listed);
		const opened = [...state.sheets.values()].flatMap(({ entries }) => entries);
		expect(opened.map(({ overview }) => overview)).toEqual([GOOD, GOOD]);
		expect([...state.items.values()]).toEqual(opened);
		for (const open of opened) expect(state.items.get(open.entry.id)).toBe(open);
	});

	test('tells of the keys of each sheet as it is opened', async () => {
		const { place, answer } = await served();
		const heading = await verifyHeading(place, answer, { ...NOTHING, trail: new Trail() });
		const told: number[] = [];
		await openVault(place, answer, heading, { onOpened: (entries) => told.push(entries) });
		expect(told).toEqual([1, 1]);
	});

	test('takes its own copy of a sheet that is not served again, if it is the listed one', async () => {
		const { place, answer } = await served();
		const { sheets } = await verified({ place, answer });
		const [first] = answer.sheets;
		const less = { place, answer: { ...answer, sheets: answer.sheets.slice(1) } };
		expect((await verified(less, sheets)).sheets).toEqual(sheets);
		const copy = sheets.get(first?.id ?? '');
		if (copy === undefined) throw new Error('no copy');
		for (const other of [{ revision: 1 }, { hash: randomBytes(32) }]) {
			const old = new Map(sheets).set(first?.id ?? '', { ...copy, ...other });
			const error = await errorOf(() => verified(less, old));
			expect(error).toMatchObject(refusal('integrity'));
			expect(error).toHaveProperty('message', expect.stringContaining('newer sheet is missing'));
		}
	});

	test('does not go below the floor that the account lists', async () => {
		const { place, answer } = await served();
		const error = await errorOf(() => verified({ place: { ...place, floorSeq: 4 }, answer }));
		const detail = { expectedSeq: 4, servedSeq: 3 };
		expect(error).toMatchObject({ ...refusal('rollback'), detail });
	});

	test('goes with the chain: what does not lead to it is a fork', async () => {
		const { place, answer } = await served();
		const from = { generation: 2, seq: 2, head: randomBytes(32) };
		const known = { from, pin: from, trail: new Trail() };
		const error = await errorOf(() => verifyVault(place, answer, known, new Map()));
		expect(error).toMatchObject(refusal('fork'));
	});

	type Change = (answer: VaultHead) => Partial<VaultHead>;

	const inSheet =
		(change: object): Change =>
		({ sheets }) => ({
			sheets: sheets.map((sheet, index) => (index === 0 ? { ...sheet, ...change } : sheet))
		});

	const wrongs: [string, string, Change][] = [
		[
			'of another generation than listed',
			'generation',
			({ manifest }) => ({ manifest: { ...manifest, generation: 1 } })
		],
		['without a sheet', 'sheet is missing', ({ sheets }) => ({ sheets: sheets.slice(1) })],
		[
			'with a sheet twice',
			'served twice',
			({ sheets }) => ({ sheets: [...sheets, ...sheets.slice(1)] })
		],
		[
			'with a sheet more',
			'not listed',
			({ sheets: [first, ...others] }) => ({
				sheets: first === undefined ? [] : [first, ...others, { ...first, id: newId() }]
			})
		],
		['with a sheet of another revision', 'another revision', inSheet({ revision: 7 })],
		['with another sheet', 'another sheet', inSheet({ blob: randomBytes(500) })]
	];

	test.each(wrongs)('refuses an answer %s', async (_, why, change) => {
		const { place, answer } = await served();
		const error = await errorOf(() =>
			verified({ place, answer: { ...answer, ...change(answer) } })
		);
		expect(error).toMatchObject(refusal('integrity'));
		expect(error).toHaveProperty('message', expect.stringContaining(why));
	});
});

describe('indexOf', () => {
	test('refuses an item that stands in two sheets', async () => {
		const { sheets } = await verified(await served());
		const [one] = sheets.values();
		if (one === undefined) throw new Error('no sheet');
		const twice = new Map([...sheets, [newId(), one]]);
		expect(await errorOf(() => Promise.resolve().then(() => indexOf(twice)))).toMatchObject(
			refusal('integrity')
		);
	});
});

function unasked(): Promise<never> {
	return Promise.reject(new Error('no secret is read here'));
}
