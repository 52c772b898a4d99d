import { describe, expect, test } from 'vitest';
import { ITEMS_PER_VAULT } from '#lib/api/limits.ts';
import { randomBytes } from '#lib/crypto/random.ts';
import { idText } from '#lib/encoding/id.ts';
import { buildCommit, checkSize, recordJsonBytes } from '#lib/keyholder/commit-records.ts';
import type { Put } from '#lib/keyholder/intents.ts';
import type { Ports } from '#lib/keyholder/ports.ts';
import {
	indexOf,
	type OpenEntry,
	type OpenSheet,
	type VaultState
} from '#lib/keyholder/vault-state.ts';
import { ITEMS_PER_SHEET } from '#lib/protocol/sheets.ts';
import { vaultKeys } from '#lib/protocol/vault-keys.ts';
import { MemoryPins } from '../../../tests/hostile/memory-pins.ts';
import { errorOf, newKey, NOW, ORIGIN } from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

const ports: Ports = {
	origin: ORIGIN,
	fetch: () => Promise.reject(new Error('nothing is sent here')),
	now: () => NOW,
	random: randomBytes,
	pins: new MemoryPins(),
	derive: () => Promise.reject(new Error('nothing is derived here'))
};

const newId = () => idText(randomBytes(16));

function entryOf(name: string): OpenEntry {
	const { overview } = newKey(name);
	const entry = { id: newId(), revision: 1, secretHash: 'A'.repeat(43), overview: { v: 1, name } };
	return { entry, overview };
}

/** A verified vault of `count` items, as if they had been opened. */
async function vaultOf(count: number): Promise<VaultState> {
	const account = newId();
	const vault = newId();
	const sheets = new Map<string, OpenSheet>();
	for (let left = count; left > 0; left -= ITEMS_PER_SHEET) {
		const length = Math.min(left, ITEMS_PER_SHEET);
		const entries = Array.from({ length }, (_, index) => entryOf(String(index)));
		sheets.set(newId(), { revision: 1, hash: randomBytes(32), entries });
	}
	const keys = await vaultKeys(randomBytes(32));
	const keyWrapHash = randomBytes(32);
	const place = { id: vault, account, generation: 1, keyWrapHash, floorSeq: 1, keys };
	const manifest = {
		vault,
		generation: 1,
		seq: 7,
		prev: randomBytes(32),
		unixMs: NOW,
		device: newId(),
		itemCount: count,
		sheets: [...sheets].map(([id, { revision, hash }]) => ({ id, revision, hash }))
	};
	return { place, manifest, head: randomBytes(32), sheets, items: indexOf(sheets) };
}

function onlyItemOf({ items }: VaultState): string {
	const [open] = items.values();
	return open?.entry.id ?? '';
}

function puts(count: number, value = 'x'): Put[] {
	return Array.from({ length: count }, (_, index) => {
		const { overview, secret } = newKey(String(index), value);
		return { item: newId(), overview, secret };
	});
}

async function build(vault: VaultState, added: readonly Put[]) {
	return await buildCommit(ports, vault, { puts: added, drops: [], beside: [] });
}

describe('a commit', () => {
	test('names the seq and the head that it follows', async () => {
		const vault = await vaultOf(3);
		const { request, next } = await build(vault, puts(1));
		expect(request.expected).toEqual({ seq: 7, head: vault.head });
		expect(next.manifest).toMatchObject({ seq: 8, prev: vault.head, itemCount: 4, unixMs: NOW });
	});

	test('seals only the sheet that changed', async () => {
		const vault = await vaultOf(3 * ITEMS_PER_SHEET - 1);
		const { request } = await build(vault, puts(1));
		expect(request.sheets).toHaveLength(1);
		expect(request.secrets).toHaveLength(1);
	});

	test('leaves an index of exactly what its sheets hold', async () => {
		const vault = await vaultOf(2 * ITEMS_PER_SHEET + 1);
		const [changed, ...others] = [...vault.items.values()].map(({ entry }) => entry.id);
		const [put] = puts(1, 'changed');
		// The last one is alone in its sheet, which goes with it.
		const drops = [others[3] ?? '', others.at(-1) ?? ''];
		const change = put === undefined ? [] : [{ ...put, item: changed ?? '' }];
		const resolved = { puts: [...puts(70), ...change], drops, beside: [] };
		const { next } = await buildCommit(ports, vault, resolved);
		expect(new Set(next.items.values())).toEqual(new Set(indexOf(next.sheets).values()));
		expect(next.manifest.itemCount).toBe(vault.items.size + 70 - 2);
	});

	test('says what was dropped, a sheet that emptied among it', async () => {
		const vault = await vaultOf(1);
		const [sheet] = vault.sheets.keys();
		const item = onlyItemOf(vault);
		const resolved = { puts: [], drops: [item], beside: [] };
		const { request, next, rows } = await buildCommit(ports, vault, resolved);
		expect(request).toMatchObject({ droppedSheets: [sheet], droppedSecrets: [item], sheets: [] });
		expect([next.sheets.size, next.items.size, rows]).toEqual([0, 0, []]);
	});

	test('gives the row of each key that it writes, and tells of it once it is sealed', async () => {
		const vault = await vaultOf(0);
		const added = puts(2);
		const told: number[] = [];
		const resolved = { puts: added, drops: [], beside: [] };
		const { rows } = await buildCommit(ports, vault, resolved, (sealed) => told.push(sealed));
		expect(told).toEqual([1, 2]);
		expect(rows.map(({ vault, item, revision }) => ({ vault, item, revision }))).toEqual(
			added.map(({ item }) => ({ vault: vault.place.id, item, revision: 8 }))
		);
	});

	test('leaves the secret alone of a key whose overview alone is written', async () => {
		const vault = await vaultOf(1);
		const { overview } = newKey('renamed');
		const entry = vault.items.get(onlyItemOf(vault))?.entry;
		if (entry === undefined) throw new Error('no item');
		const { request, next } = await build(vault, [{ item: entry.id, overview, entry }]);
		expect(request.secrets).toEqual([]);
		const written = next.items.get(entry.id);
		const { id, revision, secretHash } = entry;
		expect(written?.entry).toMatchObject({ id, revision, secretHash });
		expect(written?.overview.name).toBe(overview.name);
	});

	test('refuses a new key without a secret', async () => {
		const { overview } = newKey('a');
		const put = { item: newId(), overview };
		expect(await errorOf(async () => build(await vaultOf(0), [put]))).toMatchObject(
			refusal('invalid')
		);
	});

	test('counts records of every kind, up to 10,000', async () => {
		const full = await vaultOf(1);
		const item = onlyItemOf(full);
		const dropping = (count: number, added: Put[]) => {
			const drops = [item, ...Array.from({ length: count - 1 }, newId)];
			return buildCommit(ports, full, { puts: added, drops, beside: [] });
		};
		// With each a secret and a sheet that are written, or a sheet that emptied.
		expect((await dropping(9_998, puts(1))).request.droppedSecrets).toHaveLength(9_998);
		expect((await dropping(9_999, [])).request.droppedSheets).toHaveLength(1);
		const detail = { size: 10_001, limit: 10_000 };
		const tooLarge = { ...refusal('too-large'), detail };
		expect(await errorOf(() => dropping(9_999, puts(1)))).toMatchObject(tooLarge);
		expect(await errorOf(() => dropping(10_000, []))).toMatchObject(tooLarge);
	});

	test('reckons with what a record takes in JSON, names and all', () => {
		const sizes = [0, 1, 3, 4].map((length) => recordJsonBytes(new Uint8Array(length)));
		expect(sizes).toEqual([64, 66, 68, 70]);
	});

	test('reckons up to the last byte of a request, and what is dropped with it', () => {
		const limit = 16 * 1024 * 1024;
		/** A request whose records take so many bytes in JSON, of which 64 are the manifest’s. */
		const request = (
			size: number,
			droppedSheets: string[] = [],
			droppedSecrets: string[] = []
		) => ({
			expected: { seq: 1, head: new Uint8Array(32) },
			...{ manifest: new Uint8Array(0), sheets: [], droppedSheets, droppedSecrets },
			secrets: [{ item: newId(), blob: new Uint8Array(((size - 128) / 4) * 3) }]
		});
		const refused = { ...refusal('too-large'), detail: { size: limit + 64, limit } };
		const tooLarge = expect.objectContaining(refused) as Error;
		expect(() => {
			checkSize(request(limit));
		}).not.toThrow();
		for (const dropped of [[['a'], ['b']] as const, [['a', 'b'], []] as const]) {
			const [sheets, secrets] = dropped;
			expect(() => {
				checkSize(request(limit - 128, [...sheets], [...secrets]));
			}).not.toThrow();
			expect(() => {
				checkSize(request(limit - 64, [...sheets], [...secrets]));
			}).toThrow(tooLarge);
		}
	});

	test('fills a vault up to 20,000 items', async () => {
		const { next } = await build(await vaultOf(ITEMS_PER_VAULT - 1), puts(1));
		expect(next.items.size).toBe(ITEMS_PER_VAULT);
	});

	test('does not go beyond', async () => {
		const vault = await vaultOf(ITEMS_PER_VAULT);
		expect(await errorOf(() => build(vault, puts(1)))).toMatchObject({
			...refusal('full'),
			detail: { size: ITEMS_PER_VAULT + 1, limit: ITEMS_PER_VAULT }
		});
	});

	test('takes an import of 5,000 keys at once', { timeout: 60_000 }, async () => {
		const { request } = await build(await vaultOf(0), puts(5_000));
		expect(request.secrets).toHaveLength(5_000);
		expect(request.sheets).toHaveLength(79);
	});

	test('takes no more than 10,000 records', { timeout: 60_000 }, async () => {
		const vault = await vaultOf(0);
		expect(await errorOf(() => build(vault, puts(10_000)))).toMatchObject({
			...refusal('too-large'),
			detail: { limit: 10_000 }
		});
	});

	test('takes no more than 16 MiB', { timeout: 60_000 }, async () => {
		const vault = await vaultOf(0);
		expect(await errorOf(() => build(vault, puts(250, 'x'.repeat(60_000))))).toMatchObject({
			...refusal('too-large'),
			detail: { limit: 16 * 1024 * 1024 }
		});
	});
});
