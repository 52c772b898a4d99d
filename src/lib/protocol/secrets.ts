/**
 * Secrets: the values of one item, sealed by themselves and opened only when they are copied,
 * shown or edited. Norm: docs/protocol.md, 7.
 */
import { sha256 } from '#lib/crypto/hash.ts';
import { pad, padme, unpad } from '#lib/crypto/padding.ts';
import type { Random } from '#lib/crypto/random.ts';
import { open, seal } from '#lib/crypto/seal.ts';
import { encode } from '#lib/encoding/base64url.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { context, PURPOSE } from '#lib/protocol/context.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';
import { readJson, writeJson, type JsonObject } from '#lib/protocol/json.ts';

/** Of a secret's JSON: 65,536 less the padding's prefix. */
export const SECRET_JSON_MAX_BYTES = 65_532;

const SMALLEST = 256;
const HASH_TEXT = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

interface SecretPlace {
	readonly account: Id;
	readonly vault: Id;
	/** Of the vault key. */
	readonly generation: number;
	readonly item: Id;
	/** Seq of the commit that writes the secret, or wrote it. */
	readonly revision: number;
}

/** @throws {ProtocolError} `format` if the JSON is larger than 65,532 bytes. */
export async function sealSecret(
	key: CryptoKey,
	place: SecretPlace,
	secret: object,
	random: Random
): Promise<Bytes> {
	const json = writeJson(secret);
	if (json.length > SECRET_JSON_MAX_BYTES) throw new ProtocolError('format', 'secret is too large');
	const padded = pad(json, paddedSize);
	try {
		return await seal(key, secretContext(place), padded, random);
	} finally {
		json.fill(0);
		padded.fill(0);
	}
}

/**
 * Reverses {@link sealSecret}. The caller has compared {@link secretHash} with the sheet's.
 *
 * @throws {CryptoError | ProtocolError} `format`, `unsupported`, `integrity`
 */
export async function openSecret(
	key: CryptoKey,
	place: SecretPlace,
	sealed: Bytes
): Promise<JsonObject> {
	const padded = await open(key, secretContext(place), sealed);
	try {
		const json = unpad(padded, paddedSize);
		if (json.length > SECRET_JSON_MAX_BYTES)
			throw new ProtocolError('format', 'secret is too large');
		const secret = readJson(json);
		if (secret['v'] !== 1) throw new ProtocolError('unsupported', 'secret of another version');
		return secret;
	} finally {
		padded.fill(0);
	}
}

/** What a sheet's entry says of its secret: base64url of the SHA-256 of the whole sealed secret. */
export async function secretHash(sealed: Bytes): Promise<string> {
	return encode(await sha256(sealed));
}

/** Whether `text` is canonical base64url of 32 bytes. */
export function isSecretHash(text: string): boolean {
	return HASH_TEXT.test(text);
}

function paddedSize(length: number): number {
	return Math.max(SMALLEST, padme(length));
}

function secretContext({ account, vault, generation, item, revision }: SecretPlace): Bytes {
	const purpose = PURPOSE.secret;
	return context({ purpose, generation, account, scope: vault, object: item, revision });
}
