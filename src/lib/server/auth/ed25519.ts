/**
 * Strict Ed25519 (RFC 8032) over `node:crypto`.
 *
 * OpenSSL refuses an S that is not reduced and compares R as bytes, so a signature has one form
 * only. It does take public keys of small order and keys in a second encoding; for those almost
 * any signature "verifies", so they are refused here, when a slot is stored and when it is used.
 */
import { createPublicKey, verify } from 'node:crypto';
import { concat, fromHex, hex, type Bytes } from '#lib/encoding/bytes.ts';

/** SubjectPublicKeyInfo of an Ed25519 key, up to the key itself. */
const SPKI_PREFIX = fromHex('302a300506032b6570032100');
const KEY_BYTES = 32;

/** 2^255 - 19, little-endian: a y that is not below it has a second encoding. */
const FIELD_PRIME = 'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f';

/** The y of all eight points of small order, whatever the sign bit says. */
const SMALL_ORDER = new Set([
	'0000000000000000000000000000000000000000000000000000000000000000',
	'0100000000000000000000000000000000000000000000000000000000000000',
	'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
	'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
	'26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'
]);

/** Whether `key` is the one encoding of a y that is not of small order. */
export function acceptablePublicKey(key: Bytes): boolean {
	if (key.length !== KEY_BYTES) return false;
	const y = key.slice();
	y[KEY_BYTES - 1] = (y[KEY_BYTES - 1] ?? 0) & 0x7f;
	return bigEndian(y) < bigEndian(fromHex(FIELD_PRIME)) && !SMALL_ORDER.has(hex(y));
}

/** Whether `signature` (64 bytes) over `message` is `publicKey`'s. Broken input is `false` too. */
export function verifySignature(publicKey: Bytes, message: Bytes, signature: Bytes): boolean {
	if (!acceptablePublicKey(publicKey)) return false;
	try {
		const der = Buffer.from(concat(SPKI_PREFIX, publicKey));
		const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
		return verify(null, message, key, signature);
	} catch {
		return false;
	}
}

function bigEndian(littleEndian: Bytes): string {
	return hex(littleEndian.slice().reverse());
}
