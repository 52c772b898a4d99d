/** Ed25519 signatures (RFC 8032) from a 32-byte seed. Norm: docs/protocol.md, 3. */
import { CryptoError } from '#lib/crypto/errors.ts';
import { decode } from '#lib/encoding/base64url.ts';
import { concat, fromHex, type Bytes } from '#lib/encoding/bytes.ts';

/** PKCS #8 of an Ed25519 key up to its seed (RFC 8410, 7): WebCrypto imports no bare seed. */
const PKCS8_PREFIX = /* @__PURE__ */ fromHex('302e020100300506032b657004220420');

export interface SigningKey {
	/** 32 bytes. */
	readonly publicKey: Bytes;
	/** 64 bytes, always the same for the same message. */
	sign(message: Bytes): Promise<Bytes>;
}

/**
 * The key pair of `seed`. The key that signs cannot be read out; WebCrypto tells the public half
 * only by exporting a copy of the whole, which is dropped here at once.
 */
export async function signingKey(seed: Bytes): Promise<SigningKey> {
	if (seed.length !== 32) throw new CryptoError('format', 'a seed has 32 bytes');
	const encoded = concat(PKCS8_PREFIX, seed);
	try {
		const privateKey = await importKey(encoded, false);
		const { x } = await crypto.subtle.exportKey('jwk', await importKey(encoded, true));
		if (x === undefined) throw new CryptoError('unsupported', 'no public key from this browser');
		return {
			publicKey: decode(x),
			sign: async (message) =>
				new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, message))
		};
	} finally {
		encoded.fill(0);
	}
}

async function importKey(encoded: Bytes, extractable: boolean): Promise<CryptoKey> {
	return crypto.subtle.importKey('pkcs8', encoded, 'Ed25519', extractable, ['sign']);
}
