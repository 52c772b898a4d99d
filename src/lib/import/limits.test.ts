/** How much is read: entries, parts of one, and bytes, in every format. */
import { describe, expect, test } from 'vitest';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { FIELDS_PER_KEY } from '#lib/items/key.ts';
import { zipOf } from '../../../tests/foreign-files.ts';
import { ENTRIES_MAX, FILE_BYTES_MAX } from './content.ts';
import { readFile } from './read-file.ts';

function many<T>(count: number, make: (index: number) => T): T[] {
	return Array.from({ length: count }, (_, index) => make(index));
}

function login(index: number, fields: readonly object[] = []) {
	return { type: 1, name: `N${String(index)}`, login: { password: `p${String(index)}` }, fields };
}

const EMPTY = 2 * ENTRIES_MAX;

/**
 * Files of as many entries as are read, or told of, and one more. What is not taken costs no work, so
 * most of these have nothing else.
 */
const FILES: readonly (readonly [string, (more: number) => string | Bytes])[] = [
	[
		'Bitwarden’s vault',
		(more) => JSON.stringify({ items: many(EMPTY + more, () => ({ type: 2, name: 'N' })) })
	],
	[
		'1PUX',
		(more) => {
			const items = many(EMPTY + more, () => ({ overview: { title: 'N' } }));
			return zipOf([['export.data', JSON.stringify({ accounts: [{ vaults: [{ items }] }] })]]);
		}
	],
	[
		'an object of Doppler',
		(more) => JSON.stringify(Object.fromEntries(many(EMPTY + more, (i) => [`K${String(i)}`, ''])))
	],
	['a table', (more) => `Name,Token\n${'N,\n'.repeat(ENTRIES_MAX + more)}`],
	['AWS', (more) => '[profile p]\n'.repeat(ENTRIES_MAX + more)],
	['.env', (more) => many(ENTRIES_MAX + more, (i) => `K${String(i)}=\n`).join('')]
];

async function read(file: string | Bytes) {
	const found = await readFile(typeof file === 'string' ? utf8(file) : file);
	if (found.outcome !== 'read') throw new Error(found.outcome);
	return found.content;
}

describe('entries', () => {
	test.each(FILES)('of %s are read up to a number, and beyond it none', async (_, fileOf) => {
		expect((await read(fileOf(0))).refused.length).toBeGreaterThanOrEqual(ENTRIES_MAX);
		await expect(read(fileOf(1))).rejects.toMatchObject({ code: 'too-large' });
	});

	test('that are taken are as many as a vault has items, and not one more', async () => {
		const secrets = many(ENTRIES_MAX, (i) => ({ key: `K${String(i)}`, value: 'v' }));
		const { candidates } = await read(JSON.stringify(secrets));
		expect(candidates).toHaveLength(ENTRIES_MAX);
		const more = [...secrets, { key: 'MORE', value: 'v' }];
		await expect(read(JSON.stringify(more))).rejects.toMatchObject({ code: 'too-large' });
	});
});

describe('one entry', () => {
	const custom = (count: number) =>
		many(count, (i) => ({ name: `f${String(i)}`, value: 'v', type: 1 }));

	test('has as many values as a key holds', async () => {
		const file = (count: number) => JSON.stringify({ items: [login(0, custom(count - 1))] });
		const fits = await read(file(FIELDS_PER_KEY));
		expect(fits.candidates[0]?.draft.fields).toHaveLength(FIELDS_PER_KEY);
		expect(await read(file(FIELDS_PER_KEY + 1))).toEqual({
			candidates: [],
			refused: [{ line: 1, what: 'N0', why: 'too-long' }]
		});
	});

	test('that no key holds leaves the others be', async () => {
		const rows = [`A,${'x'.repeat(70_000)}`, 'B,t', `${'N'.repeat(10_000)},t`];
		const { candidates, refused } = await read(`Name,Token\n${rows.join('\n')}\n`);
		expect(candidates.map(({ draft }) => draft.name)).toEqual(['B']);
		expect(refused.map(({ line, why }) => [line, why])).toEqual([
			[2, 'too-long'],
			[4, 'too-long']
		]);
	});

	test('of a table has 200 columns, and not one more', async () => {
		const table = (columns: number) =>
			`${['Token', ...many(columns - 1, (i) => `c${String(i)}`)].join(',')}\nt\n`;
		expect((await read(table(200))).candidates).toHaveLength(1);
		await expect(read(table(201))).rejects.toMatchObject({ code: 'too-large' });
	});
});

describe('a file', () => {
	test('of 50 MB is looked into, and one of a byte more is not', async () => {
		await expect(readFile(new Uint8Array(FILE_BYTES_MAX))).rejects.toMatchObject({
			code: 'encoding'
		});
		await expect(readFile(new Uint8Array(FILE_BYTES_MAX + 1))).rejects.toMatchObject({
			code: 'too-large'
		});
	});
});
