/** The message catalogue and the program say the same: tsc finds what is missing, this what is left. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const SOURCES = 'src';
const GENERATED = /i18n[/\\]generated/;

const messages = JSON.parse(readFileSync('src/lib/i18n/messages/en.json', 'utf8')) as Record<
	string,
	unknown
>;

function textOf(folder: string): string {
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
	return files
		.filter((file) => /\.(svelte|ts)$/.test(file) && !GENERATED.test(file))
		.map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
		.join('\n');
}

test('every message is said somewhere', () => {
	const said = new Set([...textOf(SOURCES).matchAll(/\bm\.(\w+)/g)].map(([, key]) => key));
	const unsaid = Object.keys(messages).filter((key) => key !== '$schema' && !said.has(key));
	expect(unsaid).toEqual([]);
});
