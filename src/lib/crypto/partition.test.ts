/**
 * The partitioning oracle: AES-GCM lets anyone who knows two keys make one ciphertext that opens
 * under both. A server that hands out such a wrap learns from the outcome which half of its
 * guesses holds the password. Here one is made, and the commitment refuses it.
 */
import { describe, expect, test } from 'vitest';
import { unwrap } from '#lib/crypto/wrap.ts';
import { concat, type Bytes } from '#lib/encoding/bytes.ts';
import { derived, twoKeyCipher, type Side } from '../../../tests/hostile/two-keys.ts';

async function decrypts(side: Side, context: Bytes, body: Bytes): Promise<boolean> {
	const key = await crypto.subtle.importKey('raw', side.key, 'AES-GCM', false, ['decrypt']);
	const algorithm = { name: 'AES-GCM', iv: side.nonce, additionalData: context };
	return crypto.subtle.decrypt(algorithm, key, body).then(
		() => true,
		() => false
	);
}

const context = new Uint8Array(66).fill(9);
const salt = new Uint8Array(32).fill(8);
const guessA = new Uint8Array(32).fill(1);
const guessB = new Uint8Array(32).fill(2);
const a = await derived(guessA, context, salt);
const b = await derived(guessB, context, salt);
const body = await twoKeyCipher(a, b, context);

describe('a ciphertext made for two keys', () => {
	test('opens under both with AES-GCM alone', async () => {
		expect(await decrypts(a, context, body)).toBe(true);
		expect(await decrypts(b, context, body)).toBe(true);
	});

	test.each([
		['the first', a, guessA, guessB],
		['the second', b, guessB, guessA]
	])(
		'opens as a wrap under %s key only, whose commitment it carries',
		async (_, side, own, other) => {
			const wrapped = concat(Uint8Array.of(1), salt, side.commitment, body);
			await expect(unwrap(own, context, wrapped)).resolves.toHaveLength(36);
			await expect(unwrap(other, context, wrapped)).rejects.toMatchObject({ code: 'integrity' });
		}
	);

	test('opens under neither with a commitment that is a mixture of both', async () => {
		const mixed = concat(a.commitment.subarray(0, 16), b.commitment.subarray(16));
		const wrapped = concat(Uint8Array.of(1), salt, mixed, body);
		for (const guess of [guessA, guessB]) {
			await expect(unwrap(guess, context, wrapped)).rejects.toMatchObject({ code: 'integrity' });
		}
	});
});
