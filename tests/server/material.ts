/** What accounts of tests are made of: random bytes, ids, hashes and keys. */
import { createHash, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { decode } from '#lib/encoding/base64url.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { idText, type Id } from '#lib/encoding/id.ts';

export function random(length: number): Bytes {
	return new Uint8Array(randomBytes(length));
}

export function newId(): Id {
	return idText(random(16));
}

export function sha256(...parts: readonly Uint8Array[]): Bytes {
	const hash = createHash('sha256');
	for (const part of parts) hash.update(part);
	return new Uint8Array(hash.digest());
}

export interface Key {
	readonly publicKey: Bytes;
	readonly privateKey: KeyObject;
}

export function newKey(): Key {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	return { publicKey: decode(publicKey.export({ format: 'jwk' }).x ?? ''), privateKey };
}
