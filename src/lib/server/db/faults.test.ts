import { describe, expect, test } from 'vitest';
import { isAway } from '#lib/server/db/faults.ts';

/** As the client of libSQL says which answer of HTTP it got. */
function answered(status: number): Error {
	return new Error('failed', { cause: Object.assign(new Error('HTTP'), { status }) });
}

describe('isAway', () => {
	test.each([408, 429, 500, 502, 503, 504])(
		'takes HTTP %i for a server that may come back',
		(status) => {
			expect(isAway(answered(status))).toBe(true);
		}
	);

	test.each([301, 400, 401, 403, 404, 421])(
		'takes HTTP %i for one that must be mended',
		(status) => {
			expect(isAway(answered(status))).toBe(false);
		}
	);

	test('takes a connection that was refused for a server that may come back', () => {
		const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
		expect(isAway(new TypeError('fetch failed', { cause }))).toBe(true);
	});

	test('takes a mistake of the program for none', () => {
		expect(isAway(new TypeError('x is not a function'))).toBe(false);
	});
});
