/**
 * A ciphertext that opens under two keys: AES-GCM lets anyone who knows two keys make one (Len,
 * Grubbs, Ristenpart: "Partitioning Oracle Attacks", USENIX Security 2021).
 */
import { hkdf } from '#lib/crypto/hkdf.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { concat, fromHex, hex, type Bytes } from '#lib/encoding/bytes.ts';
import { label } from '#lib/encoding/label.ts';

const BLOCK = 16;
const REDUCTION = 0xe1n << 120n;

/** Multiplication in GF(2^128), in the bit order of GCM (NIST SP 800-38D, 6.3). */
function multiply(x: bigint, y: bigint): bigint {
	let product = 0n;
	let v = y;
	for (let i = 127n; i >= 0n; i--) {
		if ((x >> i) & 1n) product ^= v;
		v = v & 1n ? (v >> 1n) ^ REDUCTION : v >> 1n;
	}
	return product;
}

const ONE = 1n << 127n;

function power(x: bigint, exponent: bigint): bigint {
	let result = ONE;
	for (let base = x, rest = exponent; rest > 0n; rest >>= 1n) {
		if (rest & 1n) result = multiply(result, base);
		base = multiply(base, base);
	}
	return result;
}

function inverse(x: bigint): bigint {
	return power(x, (1n << 128n) - 2n);
}

function toInteger(bytes: Uint8Array): bigint {
	return BigInt(`0x${hex(bytes)}`);
}

function toBlock(value: bigint): Bytes {
	return fromHex(value.toString(16).padStart(32, '0'));
}

function blocks(bytes: Bytes): bigint[] {
	const padded = concat(bytes, new Uint8Array((BLOCK - (bytes.length % BLOCK)) % BLOCK));
	return Array.from({ length: padded.length / BLOCK }, (_, i) =>
		toInteger(padded.subarray(i * BLOCK, (i + 1) * BLOCK))
	);
}

/** What one wrapping key makes of a salt and a context. */
export interface Side {
	readonly key: Bytes;
	readonly nonce: Bytes;
	readonly commitment: Bytes;
}

/** What `wrap` derives, from the document and not from the product's code. */
export async function derived(wrapping: Bytes, context: Bytes, salt: Bytes): Promise<Side> {
	const info = concat(label('wrap'), new Uint8Array(1), await sha256(context));
	const material = await hkdf(wrapping, info, 76, salt);
	return {
		key: material.slice(0, 32),
		nonce: material.slice(32, 44),
		commitment: material.slice(44)
	};
}

/** AES of one block: counter mode over zeros is the counter, encrypted. */
async function encryptBlock(key: Bytes, counter: Bytes): Promise<bigint> {
	const imported = await crypto.subtle.importKey('raw', key, 'AES-CTR', false, ['encrypt']);
	const algorithm = { name: 'AES-CTR', counter, length: 128 };
	return toInteger(
		new Uint8Array(await crypto.subtle.encrypt(algorithm, imported, new Uint8Array(BLOCK)))
	);
}

/** The tag as a sum of powers of H; the first block of `cipher` counts as zero. */
async function tagParts(side: Side, context: Bytes, cipher: Bytes) {
	const h = await encryptBlock(side.key, new Uint8Array(BLOCK));
	const mask = await encryptBlock(side.key, concat(side.nonce, Uint8Array.of(0, 0, 0, 1)));
	const lengths = (BigInt(context.length * 8) << 64n) | BigInt(cipher.length * 8);
	const [, ...rest] = blocks(cipher);
	const sequence = [...blocks(context), 0n, ...rest, lengths];
	let sum = 0n;
	for (const block of sequence) sum = multiply(sum ^ block, h);
	return { factor: power(h, BigInt(rest.length + 2)), constant: sum ^ mask };
}

/** 36 bytes of ciphertext and a tag, valid under both sides: one block is solved for. */
export async function twoKeyCipher(a: Side, b: Side, context: Bytes): Promise<Bytes> {
	const cipher = new Uint8Array(36).fill(0x5a);
	const [one, two] = [await tagParts(a, context, cipher), await tagParts(b, context, cipher)];
	const block = multiply(one.constant ^ two.constant, inverse(one.factor ^ two.factor));
	cipher.set(toBlock(block));
	return concat(cipher, toBlock(multiply(one.factor, block) ^ one.constant));
}
