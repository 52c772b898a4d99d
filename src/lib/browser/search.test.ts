import { describe, expect, test } from 'vitest';
import { marksOf, reasonOf, shortQuery } from '#lib/browser/search-marks.ts';
import { QUERY_LETTERS, QUERY_WORDS, wordsOf, type PartKind } from '#lib/browser/search-parts.ts';
import { find, listKeys, type ListedKey } from '#lib/browser/search.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { rowOf } from '../../../tests/browser/keys.ts';

const NOW = new Date(2026, 2, 10, 12).getTime();

function namesIn(rows: Parameters<typeof listKeys>[0], query = ''): string[] {
	return find(listKeys(rows, NOW), query).keys.map(({ row }) => row.overview.name);
}

describe('listKeys', () => {
	test('puts due keys first, the longest overdue on top', () => {
		const rows = [
			rowOf('a'),
			rowOf('b', { expiresOn: '2026-03-20' }),
			rowOf('c', { expiresOn: '2026-03-01' }),
			rowOf('d', { expiresOn: '2026-12-01' })
		];
		expect(namesIn(rows)).toEqual(['c', 'b', 'a', 'd']);
	});

	test('orders names as people do: capitals alike, numbers by size', () => {
		expect(namesIn([rowOf('key 10'), rowOf('Key 9'), rowOf('äther'), rowOf('azure')])).toEqual([
			'äther',
			'azure',
			'Key 9',
			'key 10'
		]);
	});

	test('keeps keys of one name in one order', () => {
		const [one, two] = [rowOf('x', { note: '1' }, 'id-1'), rowOf('x', { note: '2' }, 'id-2')];
		expect(listKeys([two, one], NOW).map(({ id }) => id)).toEqual(['id-1', 'id-2']);
	});
});

describe('search', () => {
	const row = rowOf('Stripe live', {
		provider: 'aws',
		envVars: ['STRIPE_SECRET_KEY'],
		tags: ['billing'],
		project: 'Shop',
		environment: 'production',
		note: 'ask Ada first',
		url: 'https://dashboard.example.org/keys/secret-path',
		fields: [
			{ name: 'key', hidden: true, hint: { prefix: 'sk_live_', last: '4f2a' } },
			{ name: 'client id', hidden: false }
		],
		status: 'revoked',
		revoked: { at: 1, reason: 'found in a paste bin' }
	});

	test.each([
		['the name', 'stripe L'],
		['the provider', 'AWS'],
		['a variable', 'secret_key'],
		['a tag', 'bill'],
		['the project', 'shop'],
		['the environment', 'prod'],
		['the note', 'ada'],
		['the host', 'dashboard.example'],
		['the last letters of its value', '4f2a'],
		['the beginning of its value', 'sk_live_'],
		['the name of one of its values', 'client id'],
		['why it was revoked', 'paste bin'],
		['words of several of them, in any order', 'ada shop stripe']
	])('finds by %s', (_what, query) => {
		expect(namesIn([row], query)).toEqual(['Stripe live']);
	});

	test('does not look at what the only value is called, which no screen says', () => {
		expect(namesIn([rowOf('a', { fields: [{ name: 'token', hidden: true }] })], 'token')).toEqual(
			[]
		);
	});

	test('needs every word', () => {
		expect(namesIn([row], 'stripe github')).toEqual([]);
	});

	test('does not look into the path of an address', () => {
		expect(namesIn([row], 'secret-path')).toEqual([]);
	});

	test('finds no word across two members', () => {
		expect(namesIn([row], 'liveAWS')).toEqual([]);
	});

	test('shows all for nothing but spaces', () => {
		expect(namesIn([row], '  ')).toEqual(['Stripe live']);
	});

	test('finds a letter however it is composed', () => {
		expect(namesIn([rowOf('Zürich')], 'zu\u0308r')).toEqual(['Zürich']);
	});

	test('finds a name that hides marks of direction and letters without width', () => {
		expect(namesIn([rowOf('Str\u200bipe\u202e live')], 'stripe live')).toHaveLength(1);
	});

	test('puts a whole name before its beginning, a beginning before a middle, a name before a note', () => {
		const rows = [
			rowOf('a', { note: 'prod' }),
			rowOf('b', { environment: 'prod' }),
			rowOf('nonprod'),
			rowOf('the prod one'),
			rowOf('prod one')
		];
		expect(namesIn(rows, 'prod')).toEqual(['prod one', 'the prod one', 'nonprod', 'b', 'a']);
	});

	test('keeps the order of the list among equals', () => {
		expect(namesIn([rowOf('key b'), rowOf('key a')], 'key')).toEqual(['key a', 'key b']);
	});

	describe('loosely', () => {
		const rows = [rowOf('Stripe live'), rowOf('OpenAI main'), rowOf('GitHub deploy')];

		test.each([
			['a letter left out', 'strpe', 'Stripe live'],
			['two letters exchanged', 'stirpe', 'Stripe live'],
			['a wrong letter', 'strope', 'Stripe live'],
			['a letter too many', 'gitthub', 'GitHub deploy'],
			['the first letters of words', 'opma', 'OpenAI main'],
			['a slip in one of several words', 'opena1 main', 'OpenAI main']
		])('forgives %s', (_slip, query, name) => {
			expect(namesIn(rows, query)).toEqual([name]);
		});

		test('finds nothing for letters that stand far apart', () => {
			expect(namesIn(rows, 'gdy')).toEqual([]);
		});

		test('finds nothing for two letters that are nowhere', () => {
			expect(namesIn(rows, 'zx')).toEqual([]);
		});

		test('leaves a word alone that some key holds as it was typed', () => {
			const { keys, loose } = find(listKeys([rowOf('stripe'), rowOf('strpe')], NOW), 'strpe');
			expect(keys.map(({ id }) => id)).toEqual(['id-strpe']);
			expect(loose.size).toBe(0);
		});

		test('says which words it found so', () => {
			expect([...find(listKeys(rows, NOW), 'live strpe').loose]).toEqual(['strpe']);
		});

		test('does not search notes, which hold the letters of everything', () => {
			expect(namesIn([rowOf('a', { note: 'some tired person' })], 'strp')).toEqual([]);
		});
	});

	test('goes through ten thousand keys', () => {
		const rows = Array.from({ length: 10_000 }, (_, i) =>
			rowOf(`Key ${i}`, { tags: [`t${i % 7}`] })
		);
		expect(namesIn(rows, 'key 9999')).toEqual(['Key 9999']);
	});
});

describe('a long text that was pasted', () => {
	/** As many words as `count`, none of which is in another. */
	const words = (count: number) => Array.from({ length: count }, (_, i) => `w${1_000 + i}`);

	/** The keys, and how often one of them was looked at. */
	function counted(names: readonly string[]): {
		readonly keys: readonly ListedKey[];
		readonly reads: () => number;
	} {
		let reads = 0;
		const rows = names.map((name) => rowOf(name));
		const keys = listKeys(rows, NOW).map((key): ListedKey => ({
			...{ id: key.id, row: key.row, expiry: key.expiry, due: key.due },
			parts: key.parts,
			get text() {
				reads++;
				return key.text;
			},
			makeReady: () => undefined
		}));
		return { keys, reads: () => reads };
	}

	test('looks at each key no more once nothing is found', () => {
		const { keys, reads } = counted(['Stripe', 'GitHub', 'OpenAI']);
		expect(find(keys, words(QUERY_WORDS).join(' ')).keys).toEqual([]);
		expect(reads()).toBeLessThanOrEqual(2 * keys.length);
	});

	test('looks at each key once for a word, and for no more words than a person types', () => {
		const pasted = words(2_000);
		const { keys, reads } = counted([pasted.join(' '), `${pasted.join(' ')} too`]);
		expect(find(keys, pasted.join(' ')).keys).toHaveLength(2);
		expect(reads()).toBeLessThanOrEqual(QUERY_WORDS * keys.length);
	});

	test('is searched for by its first words, each of them once', () => {
		const pasted = words(QUERY_WORDS + 5);
		expect(wordsOf(`w1000 ${pasted.join(' ')}`)).toEqual(pasted.slice(0, QUERY_WORDS));
	});

	test('is searched for by its first letters where it is one word', () => {
		expect(wordsOf('x'.repeat(100_000))).toEqual(['x'.repeat(QUERY_LETTERS)]);
	});
});

describe('shortQuery', () => {
	test('is what was typed, without space around it', () => {
		expect(shortQuery('  stripe live ')).toBe('stripe live');
	});

	test('is the beginning of a long text, in whole signs', () => {
		expect(shortQuery('\u{1f511}'.repeat(50_000))).toBe(`${'\u{1f511}'.repeat(60)}…`);
	});
});

describe('marksOf', () => {
	test.each([
		[
			'Stripe live',
			'ri LIVE',
			[
				[2, 4],
				[7, 11]
			]
		],
		['aaa', 'a', [[0, 3]]],
		['banana', 'ana nan', [[1, 5]]],
		['x', 'y', []],
		['İstanbul', 's', []]
	])('in "%s" of "%s"', (shown, query, marks) => {
		expect(marksOf(shown, query)).toEqual(marks);
	});
});

describe('marksOf, of words that were found loosely,', () => {
	test.each([
		[
			'OpenAI main',
			'opma',
			[
				[0, 2],
				[7, 9]
			]
		],
		['Stripe live', 'stirpe', [[0, 6]]],
		['Stripe live', 'zzzz', []]
	])('in "%s" of "%s"', (shown, query, marks) => {
		expect(marksOf(shown, query, new Set([query]))).toEqual(marks);
	});
});

describe('reasonOf', () => {
	const { overview } = rowOf('Stripe live', {
		project: 'shop',
		envVars: ['STRIPE_SECRET_KEY'],
		note: `${'a long story '.repeat(5)}ask Ada first`
	});

	test('is nothing where the row itself shows what was found', () => {
		expect(reasonOf(overview, 'live shop')).toBeUndefined();
	});

	test('is the variable that was found', () => {
		expect(reasonOf(overview, 'stripe secret')).toBe('STRIPE_SECRET_KEY');
	});

	test('is the piece of a long note that was found', () => {
		expect(reasonOf(overview, 'ada')).toMatch(/^….{24}Ada first$/);
	});
});

test('what was not found is said with every place that was looked in', () => {
	const places: Record<PartKind, readonly string[]> = {
		name: ['its name'],
		provider: ['provider'],
		variable: ['env vars'],
		tag: ['tags'],
		project: ['project'],
		environment: ['environment'],
		host: ['address'],
		field: ['value names'],
		hint: ['hints'],
		note: ['note', 'reason for revoking']
	};
	const said = m.wallet_found_none_text();
	expect(
		Object.values(places)
			.flat()
			.filter((word) => !said.includes(word))
	).toEqual([]);
});
