import { describe, expect, test } from 'vitest';
import { sha256 } from '#lib/crypto/hash.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { idText } from '#lib/encoding/id.ts';
import { buildCommit } from '#lib/keyholder/commit-records.ts';
import { intentsOf, resolve } from '#lib/keyholder/intents.ts';
import { rowOf } from '#lib/keyholder/open-account.ts';
import { openVault, type VaultPlace, type VaultState } from '#lib/keyholder/vault-state.ts';
import type { KeyEdit } from '#lib/keyholder/views.ts';
import { openSheet, sealSheet, type SheetEntry } from '#lib/protocol/sheets.ts';
import { vaultKeys } from '#lib/protocol/vault-keys.ts';
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
	const state = await openVault(place, served, { manifest, head: randomBytes(32) });
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

function unasked(): Promise<never> {
	return Promise.reject(new Error('no secret is read here'));
}
