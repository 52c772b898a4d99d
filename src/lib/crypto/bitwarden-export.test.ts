import { createCipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { exportKeys, openExport, type ExportKdf } from '#lib/crypto/bitwarden-export.ts';
import { hex, utf8, type Bytes } from '#lib/encoding/bytes.ts';

const SALT = 'salt of the file';
const argon = { kind: 'argon2id', iterations: 1, memoryMiB: 1, lanes: 1 } as const;

function hmac(key: Uint8Array, ...parts: (string | Uint8Array)[]): Bytes {
	const made = createHmac('sha256', key);
	for (const part of parts) made.update(part);
	return Uint8Array.from(made.digest());
}

describe('exportKeys', () => {
	test('expands what PBKDF2 gives into the key of each use', async () => {
		const root = pbkdf2Sync('correct', SALT, 2, 32, 'sha256');
		const keys = await exportKeys('correct', SALT, { kind: 'pbkdf2', iterations: 2 });
		expect(hex(keys.encryption)).toBe(hex(hmac(root, 'enc\x01')));
		expect(hex(keys.authentication)).toBe(hex(hmac(root, 'mac\x01')));
	});

	test('expands what Argon2id gives for the hash of the salt', async () => {
		const { argon2id } = await import('hash-wasm');
		const root = await argon2id({
			password: 'correct',
			salt: createHash('sha256').update(SALT).digest(),
			memorySize: 2 * 1024,
			iterations: 3,
			parallelism: 2,
			hashLength: 32,
			outputType: 'binary'
		});
		const costs = { kind: 'argon2id', iterations: 3, memoryMiB: 2, lanes: 2 } as const;
		const keys = await exportKeys('correct', SALT, costs);
		expect(hex(keys.encryption)).toBe(hex(hmac(root, 'enc\x01')));
		expect(hex(keys.authentication)).toBe(hex(hmac(root, 'mac\x01')));
	});

	test.each<ExportKdf>([
		{ kind: 'pbkdf2', iterations: 2_000_001 },
		{ kind: 'pbkdf2', iterations: 0 },
		{ kind: 'pbkdf2', iterations: -1 },
		{ kind: 'pbkdf2', iterations: 1.5 },
		{ kind: 'pbkdf2', iterations: NaN },
		{ ...argon, iterations: 0 },
		{ ...argon, iterations: 11 },
		{ ...argon, memoryMiB: 0 },
		{ ...argon, memoryMiB: 1_025 },
		{ ...argon, lanes: 0 },
		{ ...argon, lanes: 17 }
	])('refuses the costs %o', async (costs) => {
		await expect(exportKeys('correct', SALT, costs)).rejects.toMatchObject({
			code: 'kdf-refused'
		});
	});

	test.each<ExportKdf>([
		{ kind: 'pbkdf2', iterations: 2_000_000 },
		{ kind: 'pbkdf2', iterations: 1 },
		{ ...argon, iterations: 10 },
		{ ...argon, lanes: 16 }
	])('takes the costs %o, which are at their bounds', async (costs) => {
		const { encryption } = await exportKeys('correct', SALT, costs);
		expect(encryption).toHaveLength(32);
	});
});

describe('openExport', () => {
	const keys = {
		encryption: new Uint8Array(32).fill(1),
		authentication: new Uint8Array(32).fill(2)
	};
	const nonce = new Uint8Array(16).fill(3);
	const ciphertext = encrypted('{"items":[]}');
	const tag = tagOf(nonce, ciphertext);

	function encrypted(plain: string): Bytes {
		const cipher = createCipheriv('aes-256-cbc', keys.encryption, nonce);
		return Uint8Array.from([...cipher.update(plain), ...cipher.final()]);
	}

	function tagOf(...parts: Bytes[]): Bytes {
		return hmac(keys.authentication, ...parts);
	}

	test('gives the plaintext', async () => {
		expect(await openExport(keys, nonce, ciphertext, tag)).toEqual(utf8('{"items":[]}'));
	});

	test.each([15, 17])('refuses a nonce of %d bytes', async (length) => {
		const other = new Uint8Array(length);
		const refused = openExport(keys, other, ciphertext, tagOf(other, ciphertext));
		await expect(refused).rejects.toMatchObject({ code: 'format' });
	});

	test.each([31, 33])('refuses a tag of %d bytes', async (length) => {
		const refused = openExport(keys, nonce, ciphertext, new Uint8Array(length));
		await expect(refused).rejects.toMatchObject({ code: 'format' });
	});

	test('refuses another nonce, ciphertext or tag', async () => {
		const other = (bytes: Bytes) => bytes.map((byte, index) => (index === 0 ? byte ^ 1 : byte));
		const refusal = { code: 'integrity' };
		await expect(openExport(keys, other(nonce), ciphertext, tag)).rejects.toMatchObject(refusal);
		await expect(openExport(keys, nonce, other(ciphertext), tag)).rejects.toMatchObject(refusal);
		await expect(openExport(keys, nonce, ciphertext, other(tag))).rejects.toMatchObject(refusal);
	});

	test('refuses what has no padding, though its tag is right', async () => {
		const cut = ciphertext.subarray(0, 15);
		await expect(openExport(keys, nonce, cut, tagOf(nonce, cut))).rejects.toMatchObject({
			code: 'integrity'
		});
	});
});
