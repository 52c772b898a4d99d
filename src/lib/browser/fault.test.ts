import { describe, expect, test } from 'vitest';
import { faultOf } from '#lib/browser/fault.ts';

describe('faultOf', () => {
	test.each([
		'Failed to fetch dynamically imported module: http://localhost:3000/_app/x.js',
		'error loading dynamically imported module: http://localhost:3000/_app/x.js',
		'Importing a module script failed.'
	])('says of "%s" that a part of the program did not load', (said) => {
		expect(faultOf(new TypeError(said))).toEqual({ code: 'program' });
	});

	test('takes what nobody foresaw for a fault of the program itself', () => {
		expect(faultOf(new TypeError('x is not a function'))).toEqual({ code: 'unexpected' });
	});
});
