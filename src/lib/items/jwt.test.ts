import { describe, expect, test } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { jwtExpiry } from '#lib/items/jwt.ts';

function token(claims: unknown): string {
	const part = (json: unknown) => encode(utf8(JSON.stringify(json)));
	return `${part({ alg: 'none' })}.${part(claims)}.c2ln`;
}

describe('jwtExpiry', () => {
	test('is the moment that the token names', () => {
		expect(jwtExpiry(token({ exp: 1_700_000_000 }))).toBe(1_700_000_000_000);
	});

	test.each([
		['a token without it', token({ sub: 'x' })],
		['an expiry that is a text', token({ exp: '1700000000' })],
		['an expiry beyond all dates', token({ exp: 1e300 })],
		['an expiry before 1970', token({ exp: -5 })],
		['claims that are a list', token([1])],
		['claims that are null', token(null)],
		['claims that are not JSON', `${encode(utf8('{"'))}.${encode(utf8('{"'))}.x`],
		['no token', 'eyJhbGciOiJub25lIn0'],
		['nothing', '']
	])('is absent for %s', (_what, value) => {
		expect(jwtExpiry(value)).toBeUndefined();
	});
});
