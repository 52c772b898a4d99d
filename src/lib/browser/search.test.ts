import { describe, expect, test } from 'vitest';
import { listKeys, marksOf, search } from '#lib/browser/search.ts';
import { rowOf } from '../../../tests/browser/fakes.ts';

const NOW = new Date(2026, 2, 10, 12).getTime();

function namesIn(rows: Parameters<typeof listKeys>[0], query = ''): string[] {
	return search(listKeys(rows, NOW), query).map(({ row }) => row.overview.name);
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
		url: 'https://dashboard.example.org/keys/secret-path'
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
		['words of several of them, in any order', 'ada shop stripe']
	])('finds by %s', (_what, query) => {
		expect(namesIn([row], query)).toEqual(['Stripe live']);
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

	test('goes through ten thousand keys', () => {
		const rows = Array.from({ length: 10_000 }, (_, i) =>
			rowOf(`Key ${i}`, { tags: [`t${i % 7}`] })
		);
		expect(namesIn(rows, 'key 9999')).toEqual(['Key 9999']);
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
