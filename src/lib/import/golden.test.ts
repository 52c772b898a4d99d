/** A file of each program in, exactly these rows out: tests/foreign, each with the source it follows. */
import { describe, expect, test } from 'vitest';
import { utf8 } from '#lib/encoding/bytes.ts';
import { GOLDEN } from '../../../tests/foreign/all.ts';
import { readFile, type Format } from './read-file.ts';

/** One that is missing does not compile. */
const FORMATS: Readonly<Record<Format, true>> = {
	dotenv: true,
	dotenvx: true,
	compose: true,
	bash: true,
	doppler: true,
	infisical: true,
	json: true,
	csv: true,
	aws: true,
	'1pux': true
};

describe('what is read of', () => {
	test.each(GOLDEN)('$name', async ({ file, format, program, candidates, refused }) => {
		const found = await readFile(typeof file === 'string' ? utf8(file) : file);
		if (found.outcome !== 'read') throw new Error(found.outcome);
		expect(found.content.candidates).toEqual(candidates);
		expect(found.content.refused).toEqual(refused);
		expect([found.format, found.program]).toEqual([format, program]);
	});
});

describe('the files', () => {
	test('are of every format', () => {
		expect(new Set(GOLDEN.map(({ format }) => format))).toEqual(new Set(Object.keys(FORMATS)));
	});

	test('each name the document or code that they follow', () => {
		for (const { source } of GOLDEN) expect(source.length).toBeGreaterThan(20);
	});
});
