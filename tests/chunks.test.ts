/** Which files the modules of the pages go to, on a made-up graph of them. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chunkNames } from '../scripts/chunks.js';

const MESSAGES = 'src/lib/i18n/generated/split';
const PROGRAM = [
	'node_modules/@sveltejs/kit/src/runtime/client/entry.js',
	'.svelte-kit/generated/client-optimized/app.js'
];
const PAGES: Readonly<Record<string, readonly string[]>> = {
	[PROGRAM[0] ?? '']: ['kit.js'],
	[PROGRAM[1] ?? '']: [],
	'src/routes/(door)/login/+page.svelte': ['field.ts', `${MESSAGES}/messages.js`],
	'src/routes/(door)/register/+page.svelte': ['field.ts', 'kit.js', 'steps.ts', 'dialog.ts'],
	'src/routes/(vault)/+layout.svelte': ['field.ts', 'bar.ts'],
	'src/routes/(vault)/wallet/+page.svelte': ['dialog.ts', 'row.ts', 'dates.ts'],
	'src/routes/(vault)/dates/+page.svelte': ['dates.ts', 'ruler.ts'],
	'row.ts': ['tile.ts', 'kit.js', `${MESSAGES}/messages.js`],
	[`${MESSAGES}/messages.js`]: [
		`${MESSAGES}/unlock.js`,
		`${MESSAGES}/copy.js`,
		`${MESSAGES}/other.js`
	]
};
const CODES: Readonly<Record<string, string>> = {
	'src/routes/(door)/login/+page.svelte': 'button(m.unlock())',
	'row.ts': 'button(m.copy()), button(m.unlock())'
};
const path = (id: string) => join(process.cwd(), id);

function nameOf(id: string, without: readonly string[] = []): string | null {
	const infos = new Map(
		Object.entries(PAGES)
			.filter(([page]) => !without.includes(page))
			.map(([page, imports]) => [
				path(page),
				{ importedIds: imports.map(path), code: CODES[page] ?? '' }
			])
	);
	return chunkNames()(path(id), { getModuleInfo: (one) => infos.get(one) ?? null });
}

describe('a module of the pages', () => {
	test.each([
		['kit.js', 'door'],
		['field.ts', 'door'],
		[`${MESSAGES}/unlock.js`, 'door'],
		['dialog.ts', 'door'],
		['bar.ts', 'wallet'],
		['dates.ts', 'wallet'],
		['row.ts', 'wallet'],
		['tile.ts', 'wallet'],
		[`${MESSAGES}/copy.js`, 'wallet']
	])('%s is in the file of the %s', (id, name) => {
		expect(nameOf(id)).toBe(name);
	});

	test.each(['steps.ts', 'ruler.ts', `${MESSAGES}/other.js`])(
		'%s, which neither door nor wallet uses, goes where the bundler puts it',
		(id) => {
			expect(nameOf(id)).toBeNull();
		}
	);

	test('goes where the bundler puts it in a build that is not for a browser', () => {
		expect(nameOf('field.ts', PROGRAM)).toBeNull();
	});
});
