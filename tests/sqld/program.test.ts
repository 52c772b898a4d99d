/** Where there is no libSQL server for the machine, what needs one is skipped instead of failing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const files = readdirSync('tests', { recursive: true, encoding: 'utf8' })
	.filter((name) => name.endsWith('.test.ts'))
	.map((name) => ({ name, text: readFileSync(join('tests', name), 'utf8') }))
	.filter(({ text }) => /^import .+ from '.+\/sqld\/server\.ts';$/m.test(text));

test('every test that starts the libSQL server is skipped where there is none', () => {
	expect(files.length).toBeGreaterThan(0);
	const plain = files.filter(({ text }) => /^(describe|test)(\.each)?\(/m.test(text));
	expect(plain.map(({ name }) => name)).toEqual([]);
});
