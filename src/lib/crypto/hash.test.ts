import { expect, test } from 'vitest';
import { hmacSha256, sha256 } from '#lib/crypto/hash.ts';
import { enclose, hkdf } from '#lib/crypto/hkdf.ts';
import { fromHex, hex, utf8 } from '#lib/encoding/bytes.ts';

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

test('sha256 hashes "abc" as FIPS 180-4 says', async () => {
	expect(hex(await sha256(utf8('abc')))).toBe(ABC);
});

test('sha256 hashes parts as if they were one', async () => {
	expect(hex(await sha256(utf8('a'), utf8(''), utf8('bc')))).toBe(ABC);
});

test('hmacSha256 gives the answer of RFC 4231, case 2', async () => {
	const mac = await hmacSha256(utf8('Jefe'), utf8('what do ya want for nothing?'));
	expect(hex(mac)).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
});

test('hkdf gives the answer of RFC 5869, case 3, which has no salt', async () => {
	const okm = await hkdf(fromHex('0b'.repeat(22)), new Uint8Array(0), 42);
	expect(hex(okm)).toBe(
		'8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8'
	);
});

test('hkdf gives the answer of RFC 5869, case 1, which has one', async () => {
	const salt = fromHex('000102030405060708090a0b0c');
	const okm = await hkdf(fromHex('0b'.repeat(22)), fromHex('f0f1f2f3f4f5f6f7f8f9'), 42, salt);
	expect(hex(okm)).toBe(
		'3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865'
	);
});

test('hkdf derives the same from a key whose bytes nobody can read any more', async () => {
	const bytes = fromHex('0b'.repeat(22));
	const enclosed = await enclose(bytes);
	expect(await enclose(enclosed)).toBe(enclosed);
	expect(enclosed.extractable).toBe(false);
	expect(await hkdf(enclosed, new Uint8Array(0))).toEqual(await hkdf(bytes, new Uint8Array(0)));
});
