/**
 * Every format of files that are imported, with whatever may come: a file is read, or refused with a
 * code of its own; what is read is bounded, holds no value where names are shown, and hangs on
 * nothing that is not in the file.
 */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { ENTRIES_MAX, ImportError } from '#lib/import/content.ts';
import { readCsv } from '#lib/import/csv.ts';
import { columnsOf } from '#lib/import/known-tables.ts';
import { readFile, type Format, type ReadChoice } from '#lib/import/read-file.ts';
import { readTable } from '#lib/import/tables.ts';
import { count, record } from '../figures.ts';
import { GOLDEN } from '../foreign/all.ts';
import { bitwarden, onePassword, protectedExport, zipOf } from '../foreign-files.ts';
import { anyBytes, anyJsonBytes, anyText, nearly } from './inputs.ts';

const RUNS = count(100, 20_000);
vi.setConfig({ testTimeout: count(120_000, 1_200_000) });

/** Of what is refused: a name and the names of its parts, each cut where it is long. */
const NAMED_LENGTH = 252;

const FORMATS: readonly Format[] = [
	...(['dotenv', 'dotenvx', 'compose', 'bash', 'doppler', 'infisical'] as const),
	...(['json', 'csv', 'aws', '1pux'] as const)
];

/** Of what means something to one of the formats. */
const written = fc
	.array(
		fc.oneof(
			fc.constantFrom('A_KEY', '=', ': ', "'", '"', '`', '\\', '\n', '\r\n', '#', '$', '${', '}'),
			fc.constantFrom('$(id)', 'export ', ',', ';', '\t', '[default]', 'aws_access_key_id', '{'),
			fc.constantFrom('"key":', '"value":', '"items":[', ']', '\u202e', '\u200b', '=1+1', '\ufeff'),
			anyText
		),
		{ maxLength: 30 }
	)
	.map((parts) => parts.join(''));

async function check(file: Bytes, choice: ReadChoice = {}): Promise<void> {
	try {
		const read = await readFile(file, choice);
		if (read.outcome !== 'read') return;
		const { candidates, refused } = read.content;
		expect(candidates.length).toBeLessThanOrEqual(ENTRIES_MAX);
		for (const { draft, line } of candidates) {
			expect(line).toBeGreaterThan(0);
			expect(draft.name.trim()).not.toBe('');
			expect(draft.fields.some(({ value }) => value !== '')).toBe(true);
		}
		for (const { what } of refused)
			expect(Array.from(what).length).toBeLessThanOrEqual(NAMED_LENGTH);
	} catch (error) {
		if (!(error instanceof ImportError)) throw error;
	}
}

async function fuzz(name: string, inputs: fc.Arbitrary<Bytes>, choice?: ReadChoice): Promise<void> {
	await fc.assert(
		fc.asyncProperty(inputs, (file) => check(file, choice)),
		{ numRuns: RUNS }
	);
	record(`fuzzing: ${name}`, RUNS, 'read, or refused in its own words');
}

test.each(FORMATS)('a file read as %s', async (format) => {
	const texts = written.map((text) => utf8(text.toWellFormed()));
	await fuzz(`a file read as ${format}`, fc.oneof(texts, anyBytes, anyJsonBytes), { format });
});

test('a file of a kind that is to be found out', async () => {
	const texts = written.map((text) => utf8(text.toWellFormed()));
	await fuzz('a file of any kind', fc.oneof(texts, anyBytes, anyJsonBytes));
});

test('a file that is nearly one of each program', async () => {
	const files = GOLDEN.map(({ file }) => (typeof file === 'string' ? utf8(file) : file));
	await fuzz('a file of each program', fc.oneof(...files.map(nearly)));
});

test('a zip that is nearly one of 1Password', async () => {
	const zip = zipOf([['export.data', JSON.stringify(onePassword)]]);
	await fuzz('a zip of 1Password', nearly(zip));
});

test('a vault that is nearly one of Bitwarden, plain and under a password', async () => {
	await fuzz('a vault of Bitwarden', nearly(utf8(JSON.stringify(bitwarden))));
	const sealed = utf8(JSON.stringify(await protectedExport(bitwarden, 'password')));
	await fuzz('a protected vault of Bitwarden', nearly(sealed), { password: 'password' });
});

test('a table, whatever its columns are said to be', () => {
	const columns = fc.dictionary(
		fc.string({ maxLength: 5 }),
		fc.constantFrom('name', 'value', 'shown', 'fields', 'kind', 'tags', 'expires', 'ignored')
	);
	const property = fc.property(written, columns, (text, chosen) => {
		try {
			const rows = readCsv(text);
			readTable(rows, { ...columnsOf(rows), ...chosen });
		} catch (error) {
			if (!(error instanceof ImportError)) throw error;
		}
	});
	fc.assert(property, { numRuns: RUNS });
});

test('changes no prototype', () => {
	expect(Object.keys(Object.prototype)).toEqual([]);
});
