/**
 * Known answers at the edges of the primitives, and what no implementation may take: in the manner
 * of Wycheproof. Ed25519 of RFC 8032, HKDF of RFC 5869, AES-256-GCM of NIST's test vectors.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hkdf } from '#lib/crypto/hkdf.ts';
import { open, seal, sealingKey } from '#lib/crypto/seal.ts';
import { signingKey } from '#lib/crypto/signature.ts';
import { decode } from '#lib/encoding/base64url.ts';
import { concat, fromHex, hex, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { verifySignature } from '#lib/server/auth/ed25519.ts';

describe('HKDF-SHA-256', () => {
	const sequence = (from: number, to: number) =>
		Uint8Array.from({ length: to - from + 1 }, (_, i) => from + i);
	const none = new Uint8Array(0);

	/** RFC 5869, A.1 to A.3. */
	const KNOWN: [string, Bytes, Bytes, Bytes, string][] = [
		[
			'salt and info',
			new Uint8Array(22).fill(0x0b),
			sequence(0x00, 0x0c),
			sequence(0xf0, 0xf9),
			'3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865'
		],
		[
			'long inputs and a long output',
			sequence(0x00, 0x4f),
			sequence(0x60, 0xaf),
			sequence(0xb0, 0xff),
			'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87'
		],
		[
			'neither salt nor info',
			new Uint8Array(22).fill(0x0b),
			none,
			none,
			'8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8'
		]
	];

	test.each(KNOWN)('gives the answer of RFC 5869 with %s', async (_, key, salt, info, okm) => {
		expect(hex(await hkdf(key, info, okm.length / 2, salt))).toBe(okm);
	});

	test('takes no salt for a salt of zeros, as the RFC has it', async () => {
		const key = sequence(1, 32);
		const zeros = new Uint8Array(32);
		expect(await hkdf(key, none, 32, none)).toEqual(await hkdf(key, none, 32, zeros));
	});

	test('gives 255 blocks and refuses one byte more', async () => {
		const key = sequence(1, 32);
		expect(await hkdf(key, none, 255 * 32)).toHaveLength(255 * 32);
		await expect(hkdf(key, none, 255 * 32 + 1)).rejects.toThrow();
	});

	test('gives the beginning of a longer output as the shorter one', async () => {
		const key = sequence(1, 32);
		const long = await hkdf(key, utf8('info'), 100);
		for (const length of [1, 31, 32, 33, 64, 65, 99]) {
			expect(await hkdf(key, utf8('info'), length)).toEqual(long.slice(0, length));
		}
	});
});

describe('AES-256-GCM', () => {
	const KEY = 'feffe9928665731c6d6a8f9467308308'.repeat(2);
	const PLAIN =
		'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39';
	const CIPHER =
		'522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662';
	const CONTEXT = 'feedfacedeadbeeffeedfacedeadbeefabaddad2';
	const NONCE = 'cafebabefacedbaddecaf888';
	const TAG = '76fc6ece0f4e1768cddf8853bb2d551b';

	/** "The Galois/Counter Mode of Operation", test cases 13, 14 and 16. */
	const KNOWN = [
		{
			...{ name: 'nothing at all', key: '00'.repeat(32), nonce: '00'.repeat(12), plain: '' },
			...{ context: '', cipher: '', tag: '530f8afbc74536b9a963b4f1c4cb738b' }
		},
		{
			...{ name: 'one block', key: '00'.repeat(32), nonce: '00'.repeat(12) },
			...{ plain: '00'.repeat(16), context: '', cipher: 'cea7403d4d606b6e074ec5d3baf39d18' },
			tag: 'd0d1c8a799996bf0265b98b5d48ab919'
		},
		{
			...{ name: 'a part of a block, and a context', key: KEY, nonce: NONCE, plain: PLAIN },
			...{ context: CONTEXT, cipher: CIPHER, tag: TAG }
		}
	];

	const sealedOf = (nonce: string, cipher: string, tag: string) =>
		fromHex(`01${nonce}${cipher}${tag}`);
	const genuine = sealedOf(NONCE, CIPHER, TAG);
	const key = () => sealingKey(fromHex(KEY));

	test.each(KNOWN)('seals and opens as the known answer: $name', async (known) => {
		const sealing = await sealingKey(fromHex(known.key));
		const context = fromHex(known.context);
		const sealed = sealedOf(known.nonce, known.cipher, known.tag);
		expect(await seal(sealing, context, fromHex(known.plain), () => fromHex(known.nonce))).toEqual(
			sealed
		);
		expect(hex(await open(sealing, context, sealed))).toBe(known.plain);
	});

	test('takes no tag in which any one bit differs', async () => {
		const sealing = await key();
		for (let bit = 0; bit < 128; bit++) {
			const changed = genuine.slice();
			const at = changed.length - 16 + (bit >> 3);
			changed[at] = (changed[at] ?? 0) ^ (1 << (bit & 7));
			await expect(open(sealing, fromHex(CONTEXT), changed)).rejects.toMatchObject({
				code: 'integrity'
			});
		}
	});

	test.each([
		['all zeros', '00'.repeat(16)],
		['all ones', 'ff'.repeat(16)],
		['turned around', TAG.match(/../g)?.reverse().join('') ?? ''],
		['of another message', '530f8afbc74536b9a963b4f1c4cb738b']
	])('takes no tag that is %s', async (_, tag) => {
		const sealed = sealedOf(NONCE, CIPHER, tag);
		await expect(open(await key(), fromHex(CONTEXT), sealed)).rejects.toMatchObject({
			code: 'integrity'
		});
	});

	test.each([4, 8, 12, 13, 14, 15])('takes no tag cut to %i bytes', async (length) => {
		const sealed = genuine.slice(0, genuine.length - 16 + length);
		await expect(open(await key(), fromHex(CONTEXT), sealed)).rejects.toMatchObject({
			code: 'integrity'
		});
	});

	test.each(['', CONTEXT.slice(2), `${CONTEXT}00`, CONTEXT.replace('fe', 'ff')])(
		'opens nothing for the context "%s"',
		async (context) => {
			await expect(open(await key(), fromHex(context), genuine)).rejects.toMatchObject({
				code: 'integrity'
			});
		}
	);

	test('opens no part of the context as if it were of the text', async () => {
		const moved = sealedOf(NONCE, CONTEXT + CIPHER, TAG);
		await expect(open(await key(), new Uint8Array(0), moved)).rejects.toMatchObject({
			code: 'integrity'
		});
	});
});

describe('Ed25519', () => {
	/** The order of the group and its neighbours, little-endian. */
	const ORDER = 'edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010';
	const BELOW = ORDER.replace(/^ed/, 'ec');
	const ABOVE = ORDER.replace(/^ed/, 'ee');
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	const KEY = decode(publicKey.export({ format: 'jwk' }).x ?? '');
	const MESSAGE = utf8('a message');
	const SIGNATURE = new Uint8Array(sign(null, MESSAGE, privateKey));
	const [R, S] = [SIGNATURE.slice(0, 32), SIGNATURE.slice(32)];

	/** The points of small order, and their encodings that are not reduced. */
	const SMALL = [
		'0100000000000000000000000000000000000000000000000000000000000000',
		'0000000000000000000000000000000000000000000000000000000000000000',
		'0000000000000000000000000000000000000000000000000000000000000080',
		'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
		'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
		'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
		'26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
		'26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
		'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
		'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'
	].map(fromHex);

	test.each([
		['nothing', '00'.repeat(32)],
		['one', `01${'00'.repeat(31)}`],
		['the order less one', BELOW],
		['the order', ORDER],
		['the order and one', ABOVE],
		['all ones', 'ff'.repeat(32)]
	])('takes no signature whose S is %s', (_, s) => {
		expect(verifySignature(KEY, MESSAGE, concat(R, fromHex(s)))).toBe(false);
	});

	test('takes no S with a multiple of the order added, however often it fits', () => {
		const order = littleEndian(fromHex(ORDER));
		const genuine = littleEndian(S);
		let tried = 0;
		for (let s = genuine + order; s < 1n << 256n; s += order) {
			expect(verifySignature(KEY, MESSAGE, concat(R, bytesOf(s)))).toBe(false);
			tried++;
		}
		expect(tried).toBeGreaterThan(10);
	});

	test.each(SMALL)('takes no R of small order: %o', (point) => {
		expect(verifySignature(KEY, MESSAGE, concat(point, S))).toBe(false);
		expect(verifySignature(KEY, MESSAGE, concat(point, new Uint8Array(32)))).toBe(false);
	});

	test.each(SMALL)('takes nothing for signed by a key of small order: %o', (point) => {
		for (const other of SMALL) {
			expect(verifySignature(point, MESSAGE, concat(other, new Uint8Array(32)))).toBe(false);
		}
		expect(verifySignature(point, MESSAGE, SIGNATURE)).toBe(false);
	});

	test.each([
		['R and S exchanged', concat(S, R)],
		['R twice', concat(R, R)],
		['nothing', new Uint8Array(64)],
		['a byte more', concat(SIGNATURE, Uint8Array.of(0))],
		['a byte less', SIGNATURE.slice(0, 63)],
		['itself twice', concat(SIGNATURE, SIGNATURE)]
	])('takes no signature that is %s', (_, signature) => {
		expect(verifySignature(KEY, MESSAGE, signature)).toBe(false);
	});

	test('takes the signatures of messages of every length around its blocks', async () => {
		const seed = new Uint8Array(32).fill(5);
		const signing = await signingKey(seed);
		for (const length of [0, 1, 31, 32, 63, 64, 65, 111, 112, 127, 128, 129, 1_023]) {
			const message = new Uint8Array(length).fill(length & 0xff);
			const signature = await signing.sign(message);
			expect(verifySignature(signing.publicKey, message, signature)).toBe(true);
			const longer = concat(message, Uint8Array.of(0));
			expect(verifySignature(signing.publicKey, longer, signature)).toBe(false);
		}
	});

	function littleEndian(bytes: Bytes): bigint {
		return BigInt(`0x${hex(bytes.slice().reverse())}`);
	}

	function bytesOf(value: bigint): Bytes {
		return fromHex(value.toString(16).padStart(64, '0')).reverse();
	}
});
