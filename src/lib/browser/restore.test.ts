import { describe, expect, test } from 'vitest';
import type { BackupContent } from '#lib/backup/content.ts';
import { planRestore } from '#lib/browser/restore.ts';
import { newKey } from '#lib/items/draft.ts';
import { rowOf, VAULT } from '../../../tests/browser/keys.ts';

const VIEW = {
	id: VAULT,
	name: 'Personal',
	seq: 1,
	changedAtMs: 1,
	verifiedAtMs: 1,
	keys: [rowOf('same'), rowOf('other')]
};

function keyOf(name: string, value: string) {
	const key = newKey({ name, fields: [{ name: 'key', value, hidden: true }] }, 5);
	const fields = key.overview.fields.map((field) => ({
		...field,
		fingerprint: 'of another vault'
	}));
	return { ...key, overview: { ...key.overview, fields } };
}

const CONTENT: BackupContent = {
	v: 1,
	madeAt: 7,
	vaults: [
		{
			name: 'Personal',
			keys: [
				keyOf('same', 'value of same'),
				keyOf('other', 'changed since'),
				keyOf('new', 'value of same')
			]
		}
	]
};

function plan() {
	return planRestore(CONTENT, [VIEW], (_vault, value) => Promise.resolve(`print of ${value}`));
}

describe('planRestore', () => {
	test('says of each key what will happen', async () => {
		const { preview } = await plan();
		expect(preview.rows.map(({ overview, kind }) => [overview.name, kind])).toEqual([
			['same', 'same'],
			['other', 'beside'],
			['new', 'new']
		]);
		expect(preview.counts).toEqual({ new: 1, beside: 1, same: 1 });
		expect(preview.madeAt).toBe(7);
	});

	test('brings in a key that lies here in the trash: there it is not at hand', async () => {
		const view = { ...VIEW, keys: [rowOf('same', { trashedAt: 1 })] };
		const { preview } = await planRestore(CONTENT, [view], (_vault, value) =>
			Promise.resolve(`print of ${value}`)
		);
		expect(preview.rows[0]?.kind).toBe('new');
	});

	test('leaves alone what lay in the trash there and lies in it here', async () => {
		const { overview, secret } = keyOf('same', 'value of same');
		const trashed = { overview: { ...overview, trashedAt: 3 }, secret };
		const content = { ...CONTENT, vaults: [{ name: 'Personal', keys: [trashed] }] };
		const view = { ...VIEW, keys: [rowOf('same', { trashedAt: 1 })] };
		const { preview } = await planRestore(content, [view], (_vault, value) =>
			Promise.resolve(`print of ${value}`)
		);
		expect(preview.rows[0]?.kind).toBe('same');
	});

	test('puts the keys of a vault into the one of that name, and compares them with its keys', async () => {
		const work = { ...VIEW, id: 'vault-work', name: 'Work', keys: [] };
		const keys = [keyOf('same', 'value of same')];
		const content = {
			...CONTENT,
			vaults: ['Work', 'Personal'].map((name) => ({ name, keys }))
		};
		const { preview, parts } = await planRestore(content, [VIEW, work], (vault, value) =>
			Promise.resolve(vault === VAULT ? `print of ${value}` : 'of no key')
		);
		expect(preview.rows.map(({ vault, kind }) => [vault, kind])).toEqual([
			['Work', 'new'],
			['Personal', 'same']
		]);
		expect(parts.map((part) => part.map(({ vault }) => vault))).toEqual([['vault-work']]);
	});

	test('says of each vault how many keys come into it, and which are to be made', async () => {
		const vaults = ['Personal', 'Work', ' work ', 'Empty'].map((name) => ({
			name,
			keys: name === 'Empty' ? [] : [keyOf('new', 'x'), keyOf('same', 'value of same')]
		}));
		const { preview, parts, missing } = await planRestore(
			{ ...CONTENT, vaults },
			[VIEW],
			(_vault, value) => Promise.resolve(`print of ${value}`)
		);
		expect(preview.targets).toEqual([
			{ name: 'Personal', keys: 1, missing: false },
			{ name: 'Work', keys: 4, missing: true }
		]);
		expect(missing.map(({ name }) => name)).toEqual(['Work']);
		expect(parts.map((part) => part[0]?.vault)).toEqual([VAULT, missing[0]?.id]);
		expect(preview.commits).toBe(3);
	});

	test.each(['', 'n'.repeat(101)])(
		'puts keys into the first vault where none can be called %j',
		async (name) => {
			const content = { ...CONTENT, vaults: [{ name, keys: [keyOf('new', 'x')] }] };
			const { preview, missing } = await planRestore(content, [VIEW], () => Promise.resolve(''));
			expect(preview.targets).toEqual([{ name: 'Personal', keys: 1, missing: false }]);
			expect(missing).toEqual([]);
		}
	);

	test('knows a vault that was renamed by its keys, and brings the others into it', async () => {
		const keys = ['same', 'other', 'new'].map((name) => keyOf(name, `value of ${name}`));
		const content = { ...CONTENT, vaults: [{ name: 'Persönlich', keys }] };
		const { preview, missing } = await planRestore(content, [VIEW], (_vault, value) =>
			Promise.resolve(`print of ${value}`)
		);
		expect(preview.counts).toEqual({ new: 1, beside: 0, same: 2 });
		expect(preview.targets).toEqual([{ name: 'Personal', keys: 1, missing: false }]);
		expect(missing).toEqual([]);
	});

	test('takes of two vaults the one that has more of the keys', async () => {
		const keys = ['same', 'other', 'new'].map((name) => keyOf(name, `value of ${name}`));
		const content = { ...CONTENT, vaults: [{ name: 'Work', keys }] };
		const office = { ...VIEW, id: 'office', name: 'Office', keys: [...VIEW.keys, rowOf('new')] };
		const { preview } = await planRestore(content, [VIEW, office], (_vault, value) =>
			Promise.resolve(`print of ${value}`)
		);
		expect(preview.counts).toEqual({ new: 0, beside: 0, same: 3 });
	});

	test('takes no vault for a renamed one that the backup has by its name', async () => {
		const keys = [keyOf('same', 'value of same')];
		const vaults = ['Personal', 'Work'].map((name) => ({ name, keys }));
		const { missing } = await planRestore({ ...CONTENT, vaults }, [VIEW], (_vault, value) =>
			Promise.resolve(`print of ${value}`)
		);
		expect(missing.map(({ name }) => name)).toEqual(['Work']);
	});

	test('puts keys into the first vault where the account has as many as it may', async () => {
		const others = Array.from({ length: 63 }, (_, i) => ({ ...VIEW, id: `${i}`, name: `${i}` }));
		const content = { ...CONTENT, vaults: [{ name: 'Work', keys: [keyOf('new', 'x')] }] };
		const { preview } = await planRestore(content, [VIEW, ...others], () => Promise.resolve(''));
		expect(preview.targets).toEqual([{ name: 'Personal', keys: 1, missing: false }]);
	});

	test('writes into each vault by a commit of its own', async () => {
		const work = { ...VIEW, id: 'vault-work', name: 'Work', keys: [] };
		const vaults = ['Personal', 'Work'].map((name) => ({ name, keys: [keyOf('new', 'x')] }));
		const { preview, parts } = await planRestore({ ...CONTENT, vaults }, [VIEW, work], () =>
			Promise.resolve('of no key')
		);
		expect(parts.map((part) => part.map(({ vault }) => vault))).toEqual([[VAULT], ['vault-work']]);
		expect(preview.commits).toBe(2);
	});

	test('replaces and drops nothing', async () => {
		const { parts } = await plan();
		expect(parts.flat().map(({ kind }) => kind)).toEqual(['add', 'add']);
	});

	test('leaves fingerprints behind: they are of the vault that the backup was made from', async () => {
		const { parts } = await plan();
		expect(JSON.stringify(parts)).not.toContain('of another vault');
	});

	test('shows no value', async () => {
		const { preview } = await plan();
		expect(JSON.stringify(preview)).not.toContain('changed since');
	});
});
