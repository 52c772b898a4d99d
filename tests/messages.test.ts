/**
 * The message catalogues and the program say the same: the compiler finds what is missing in English, this what
 * is left, and where another language says less, more, or something of another shape.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../src/lib/i18n/languages.ts';
import { catalogueFaults, type Catalogue } from './messages/catalogue.ts';
import { SAME_ANYWHERE, SAME_WORDS } from './messages/same.ts';

const SOURCES = 'src';
const GENERATED = /i18n[/\\]generated/;
const OTHERS = LANGUAGES.filter((language) => language !== 'en');

const english = catalogueOf('en');

function catalogueOf(language: string): Catalogue {
	const path = `src/lib/i18n/messages/${language}.json`;
	const all = JSON.parse(readFileSync(path, 'utf8')) as Catalogue;
	return Object.fromEntries(Object.entries(all).filter(([key]) => key !== '$schema'));
}

function textOf(folder: string): string {
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
	return files
		.filter((file) => /\.(svelte|ts)$/.test(file) && !GENERATED.test(file))
		.map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
		.join('\n');
}

test('every message is said somewhere', () => {
	const said = new Set([...textOf(SOURCES).matchAll(/\bm\.(\w+)/g)].map(([, key]) => key));
	expect(Object.keys(english).filter((key) => !said.has(key))).toEqual([]);
});

test('the shell asks for JavaScript in every language', () => {
	const shell = readFileSync('src/app.html', 'utf8');
	const asked = [...shell.matchAll(/class="no-script" lang="(\w+)"/g)].map(([, tag]) => tag);
	expect(asked).toEqual(LANGUAGES);
});

describe('in English', () => {
	// The email goes out before any work on the password; what is judged here sends nothing at all.
	test('nothing is said not to have been sent but where nothing was', () => {
		const says = Object.keys(english).filter((key) =>
			/nothing was sent/i.test(JSON.stringify(english[key]))
		);
		expect(says).toEqual(['strength_local', 'support_old_text']);
	});

	test('a backup is said to hold every vault', () => {
		expect(english['backup_lead']).toMatch(/^Every vault/);
	});

	test('a move is said to begin the activity of a key anew', () => {
		expect(english['vaults_move_text']).toContain('activity begins anew');
	});

	test('the server is said to see the language of its mails, and no other setting', () => {
		expect(english['sees_language']).toContain('language');
		expect(english['sees_not_settings']).toMatch(/^Your other settings/);
	});
});

describe('the catalogue', () => {
	// JSON itself takes the later one in silence, where two changes meet.
	test.each(LANGUAGES)('in %s says nothing twice', (language) => {
		const text = readFileSync(`src/lib/i18n/messages/${language}.json`, 'utf8');
		const keys = [...text.matchAll(/^\t"([^"]+)":/gm)].map(([, key]) => key);
		expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
		expect(keys.length).toBeGreaterThan(Object.keys(english).length);
	});

	test.each(OTHERS)('in %s says what the English one says', (language) => {
		const catalogue = catalogueOf(language);
		const same = SAME_WORDS[language];
		expect(catalogueFaults(english, catalogue, language, same, SAME_ANYWHERE)).toEqual([]);
	});

	test('is the same in English where that is allowed, in one language at least', () => {
		const catalogues = OTHERS.map(catalogueOf);
		const unneeded = SAME_ANYWHERE.filter((key) =>
			catalogues.every((catalogue) => catalogue[key] !== english[key])
		);
		expect(unneeded).toEqual([]);
	});

	const count = {
		declarations: ['input count', 'local countPlural = count: plural'],
		selectors: ['countPlural']
	};
	const small: Catalogue = {
		hello: 'Hello {name}',
		file: 'Line\n\nEnd',
		keys: [{ ...count, match: { 'countPlural=one': 'a key', 'countPlural=other': '{n} keys' } }]
	};
	const keys = (match: Record<string, string>) => [{ ...count, match }];
	const good: Catalogue = {
		hello: 'Hallo {name}',
		file: 'Zeile\n\nEnde',
		keys: keys({ 'countPlural=one': 'ein Schlüssel', 'countPlural=other': '{n} Schlüssel' })
	};

	test('has no fault where all is well', () => {
		expect(catalogueFaults(small, good, 'de', [])).toEqual([]);
	});

	test.each<[string, Catalogue]>([
		['a message that is missing', { hello: 'Hallo {name}', file: 'Zeile\n\nEnde' }],
		['a message too many', { ...good, other: 'Anders' }],
		['a placeholder that is missing', { ...good, hello: 'Hallo' }],
		['a placeholder of another name', { ...good, hello: 'Hallo {Name}' }],
		['a line that is missing', { ...good, file: 'Zeile\nEnde' }],
		['white space at the end', { ...good, hello: 'Hallo {name} ' }],
		['an empty text', { ...good, file: '\n\n' }],
		['what was left in English', { ...good, hello: 'Hello {name}' }],
		['markup', { ...good, hello: 'Hallo <b>{name}</b>' }],
		['a plural form that is missing', { ...good, keys: keys({ 'countPlural=other': '{n}' }) }],
		[
			'a plural form that the language does not have',
			{
				...good,
				keys: keys({
					'countPlural=one': 'ein Schlüssel',
					'countPlural=many': '{n} Schlüssel',
					'countPlural=other': '{n} Schlüssel'
				})
			}
		],
		[
			'a plural form without its number',
			{
				...good,
				keys: keys({ 'countPlural=one': 'ein Schlüssel', 'countPlural=other': 'Schlüssel' })
			}
		],
		['a plural that became one text', { ...good, keys: '{n} Schlüssel' }],
		['an allowance that nothing needs', good]
	])('is seen to have %s', (what, catalogue) => {
		const same = what.startsWith('an allowance') ? ['hello'] : [];
		expect(catalogueFaults(small, catalogue, 'de', same)).toHaveLength(1);
	});
});
