/** A vault that Bitwarden exported under a password, opened into the JSON that it holds. */
import { exportKeys, openExport, type ExportKdf } from '#lib/crypto/bitwarden-export.ts';
import { CryptoError } from '#lib/crypto/errors.ts';
import { fromUtf8, type Bytes } from '#lib/encoding/bytes.ts';
import { ImportError } from '#lib/import/content.ts';
import { membersOf, textOf } from '#lib/import/json-file.ts';
import { parseJson, type ParsedJson } from '#lib/import/json-text.ts';

export type Opened =
	| { readonly outcome: 'opened'; readonly parsed: ParsedJson }
	| { readonly outcome: 'wrong-password' };

/** Bitwarden's name for AES-256-CBC with HMAC-SHA-256. */
const SEALED = /^2\.([A-Za-z0-9+/]{22}==)\|([A-Za-z0-9+/]+={0,2})\|([A-Za-z0-9+/]{43}=)$/;

/**
 * Takes about a second: run it in a worker.
 *
 * @throws {ImportError} `format`; `costs` if they are higher than Bitwarden allows; `memory`
 */
export async function openBitwarden(json: unknown, password: string): Promise<Opened> {
	const { salt, encKeyValidation_DO_NOT_EDIT: check, data, ...costs } = membersOf(json);
	const keys = await derived(password, textOf(salt), kdfOf(costs));
	const open = async (sealed: unknown) => {
		const [nonce, ciphertext, tag] = partsOf(textOf(sealed));
		return await openExport(keys, nonce, ciphertext, tag);
	};
	try {
		await open(check);
	} catch (error) {
		if (error instanceof CryptoError) return { outcome: 'wrong-password' };
		throw error;
	}
	try {
		return { outcome: 'opened', parsed: parseJson(fromUtf8(await open(data))) };
	} catch (error) {
		if (error instanceof ImportError) throw error;
		throw new ImportError('format', 'the vault was cut or changed');
	}
}

async function derived(password: string, salt: string, kdf: ExportKdf) {
	try {
		return await exportKeys(password, salt, kdf);
	} catch (error) {
		if (error instanceof CryptoError) throw new ImportError('costs', 'costs out of bounds');
		// It is up to 1 GiB, and there is no other range to be left in deriving a key.
		if (error instanceof RangeError) throw new ImportError('memory', 'memory was not to be had');
		throw error;
	}
}

function kdfOf(costs: Readonly<Record<string, unknown>>): ExportKdf {
	const iterations = Number(costs['kdfIterations']);
	if (costs['kdfType'] === 0) return { kind: 'pbkdf2', iterations };
	if (costs['kdfType'] !== 1) throw new ImportError('format', 'another key derivation');
	const memoryMiB = Number(costs['kdfMemory']);
	return { kind: 'argon2id', iterations, memoryMiB, lanes: Number(costs['kdfParallelism']) };
}

function partsOf(sealed: string): readonly [Bytes, Bytes, Bytes] {
	const [, nonce, ciphertext, tag] = SEALED.exec(sealed) ?? [];
	if (nonce === undefined || ciphertext === undefined || tag === undefined) {
		throw new ImportError('format', 'not sealed as Bitwarden seals');
	}
	return [bytesOf(nonce), bytesOf(ciphertext), bytesOf(tag)];
}

function bytesOf(base64: string): Bytes {
	try {
		return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
	} catch {
		throw new ImportError('format', 'not base64');
	}
}
