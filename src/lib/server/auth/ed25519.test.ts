import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decode } from '#lib/encoding/base64url.ts';
import { concat, fromHex, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { acceptablePublicKey, verifySignature } from '#lib/server/auth/ed25519.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const KEY = decode(publicKey.export({ format: 'jwk' }).x ?? '');
const MESSAGE = utf8('the message');
const SIGNATURE = new Uint8Array(sign(null, MESSAGE, privateKey));

/** The order of the group, little-endian. */
const ORDER = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

/** All encodings of points of small order: canonical, with the other sign, and y + p. */
const SMALL_ORDER = [
	'0100000000000000000000000000000000000000000000000000000000000000',
	'0100000000000000000000000000000000000000000000000000000000000080',
	'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
	'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
	'0000000000000000000000000000000000000000000000000000000000000000',
	'0000000000000000000000000000000000000000000000000000000000000080',
	'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
	'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
	'26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
	'26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
	'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
	'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
	'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
	'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'
];

/** Adds two little-endian numbers of 32 bytes. */
function add(a: Bytes, b: Bytes): Bytes {
	let carry = 0;
	return a.map((byte, index) => {
		const sum = byte + (b[index] ?? 0) + carry;
		carry = sum >> 8;
		return sum & 255;
	});
}

describe('verifySignature', () => {
	test('takes the signature of the key over the message', () => {
		expect(verifySignature(KEY, MESSAGE, SIGNATURE)).toBe(true);
	});

	test('refuses another message', () => {
		expect(verifySignature(KEY, utf8('another message'), SIGNATURE)).toBe(false);
	});

	test('refuses a signature in which any one byte differs', () => {
		for (const index of SIGNATURE.keys()) {
			const changed = SIGNATURE.slice();
			changed[index] = (changed[index] ?? 0) ^ 1;
			expect(verifySignature(KEY, MESSAGE, changed)).toBe(false);
		}
	});

	test('refuses the second form of a signature, S plus the order of the group', () => {
		const second = concat(SIGNATURE.subarray(0, 32), add(SIGNATURE.slice(32), ORDER));
		expect(verifySignature(KEY, MESSAGE, second)).toBe(false);
	});

	test('refuses the signature that the identity "makes" of every message', () => {
		const identity = fromHex(SMALL_ORDER[0] ?? '');
		const forged = concat(identity, new Uint8Array(32));
		expect(verifySignature(identity, MESSAGE, forged)).toBe(false);
	});

	test.each([0, 31, 33])('refuses a key of %i bytes', (length) => {
		expect(verifySignature(new Uint8Array(length).fill(9), MESSAGE, SIGNATURE)).toBe(false);
	});

	test.each([0, 63, 65])('refuses a signature of %i bytes', (length) => {
		expect(verifySignature(KEY, MESSAGE, new Uint8Array(length))).toBe(false);
	});
});

describe('acceptablePublicKey', () => {
	test('takes a key that was generated', () => {
		expect(acceptablePublicKey(KEY)).toBe(true);
	});

	test.each(SMALL_ORDER)('refuses %s, a point of small order', (key) => {
		expect(acceptablePublicKey(fromHex(key))).toBe(false);
	});

	test.each(['ef', 'f0', 'fe', 'ff'])('refuses a y that is not reduced: %s ff ... 7f', (first) => {
		expect(acceptablePublicKey(fromHex(`${first}${'ff'.repeat(30)}7f`))).toBe(false);
	});

	test('takes the highest y that is no point of small order', () => {
		expect(acceptablePublicKey(fromHex(`eb${'ff'.repeat(30)}7f`))).toBe(true);
	});
});
