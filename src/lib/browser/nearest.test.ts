import { describe, expect, test } from 'vitest';
import { nearest } from '#lib/browser/nearest.ts';
import { find, listKeys } from '#lib/browser/search.ts';
import { rowOf } from '../../../tests/browser/keys.ts';

const KEYS = listKeys([rowOf('Stripe live'), rowOf('OpenAI main'), rowOf('Postgres')], Date.now());

describe('nearest', () => {
	test.each([
		['stripelivex9', 'Stripe live'],
		['openai backup of june', 'OpenAI main'],
		['  postgresql-14  ', 'Postgres']
	])('to "%s", which finds none, is %s', (query, name) => {
		expect(find(KEYS, query).keys).toEqual([]);
		expect(nearest(KEYS, query)?.row.overview.name).toBe(name);
	});

	test.each(['', 'z', 'zzzzzz', 'stxxxxxxxxxxxxxx'])('to "%s" is nothing', (query) => {
		expect(nearest(KEYS, query)).toBeUndefined();
	});
});
