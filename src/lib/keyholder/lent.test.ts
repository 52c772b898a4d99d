import { describe, expect, test } from 'vitest';
import { isLent, type Lent } from '#lib/keyholder/lent.ts';
import { encloseKeys } from '#lib/protocol/account-keys.ts';

const ID = 'A'.repeat(22);
const bytes = new Uint8Array(32);
const keys = await encloseKeys({ manifest: bytes, vaultWrap: bytes, settings: bytes });
const typed = { emailAsTyped: 'Ada@example.org', email: 'ada@example.org' };

const LENT: Lent = {
	...{ account: ID, generation: 1, slot: { id: ID, kind: 1 }, typed, keys },
	autoLock: { idleMinutes: 5, afterSleep: true }
};

/** A key for WebCrypto alone that is not as they are lent. */
async function keyOf(
	algorithm: 'HKDF' | 'PBKDF2',
	usages: readonly KeyUsage[] = ['deriveBits']
): Promise<CryptoKey> {
	return await crypto.subtle.importKey('raw', bytes, algorithm, false, usages);
}

function without(name: keyof Lent): object {
	return Object.fromEntries(Object.entries(LENT).filter(([key]) => key !== name));
}

describe('what is taken as lent', () => {
	test.each<[string, object]>([
		['with everything', LENT],
		['after a sign-in by passkey', without('typed')],
		['where the email is said to be missing', { ...LENT, typed: undefined }],
		['from a kit', { ...LENT, slot: { id: ID, kind: 2 } }],
		['from a passkey', { ...LENT, slot: { id: ID, kind: 3 } }],
		['of the last generation', { ...LENT, generation: 0xffff_ffff }],
		['with nothing said of locking', { ...LENT, autoLock: {} }],
		['for a minute', { ...LENT, autoLock: { idleMinutes: 1 } }],
		['for a day', { ...LENT, autoLock: { idleMinutes: 1_440, afterSleep: false } }],
		['with the longest email', { ...LENT, typed: { ...typed, email: 'e'.repeat(320) } }]
	])('is whole: %s', (_, lent) => {
		expect(isLent(lent)).toBe(true);
	});

	test.each<keyof Lent>(['account', 'generation', 'slot', 'keys', 'autoLock'])(
		'has its %s',
		(name) => {
			expect(isLent(without(name))).toBe(false);
		}
	);

	test.each<[string, object]>([
		['a member more', { ...LENT, accountKey: bytes }],
		['an account of no id', { ...LENT, account: 'account' }],
		['an account of no text', { ...LENT, account: [ID] }],
		['no generation', { ...LENT, generation: 0 }],
		['a generation too late', { ...LENT, generation: 0x1_0000_0000 }],
		['a generation of text', { ...LENT, generation: '1' }],
		['a slot of no id', { ...LENT, slot: { id: 'slot', kind: 1 } }],
		['a slot of no kind', { ...LENT, slot: { id: ID } }],
		['a slot of kind 0', { ...LENT, slot: { id: ID, kind: 0 } }],
		['a slot of kind 4', { ...LENT, slot: { id: ID, kind: 4 } }],
		['a slot with more', { ...LENT, slot: { id: ID, kind: 1, wrap: bytes } }],
		['half an email', { ...LENT, typed: { email: typed.email } }],
		['an email of no text', { ...LENT, typed: { ...typed, emailAsTyped: 1 } }],
		['an email of a list', { ...LENT, typed: { ...typed, email: [typed.email] } }],
		['an email too long', { ...LENT, typed: { ...typed, email: 'e'.repeat(321) } }],
		['an email with a password', { ...LENT, typed: { ...typed, password: 'p' } }],
		['an email of null', { ...LENT, typed: null }],
		['locking of null', { ...LENT, autoLock: null }],
		['locking with more', { ...LENT, autoLock: { idleMinutes: 5, never: true } }],
		['locking after no minute', { ...LENT, autoLock: { idleMinutes: 0 } }],
		['locking after more than a day', { ...LENT, autoLock: { idleMinutes: 1_441 } }],
		['locking after sleep perhaps', { ...LENT, autoLock: { afterSleep: 'perhaps' } }]
	])('is nothing with %s', (_, lent) => {
		expect(isLent(lent)).toBe(false);
	});

	test.each<[string, unknown]>([
		['nothing', undefined],
		['null', null],
		['a list', [LENT]]
	])('is not %s', (_, lent) => {
		expect(isLent(lent)).toBe(false);
	});
});

describe('a key that is lent', () => {
	test.each(['manifest', 'vaultWrap', 'settings'] as const)('as %s is there', (name) => {
		const rest = Object.entries(keys).filter(([key]) => key !== name);
		expect(isLent({ ...LENT, keys: Object.fromEntries(rest) })).toBe(false);
	});

	test('comes with no other', () => {
		expect(isLent({ ...LENT, keys: { ...keys, account: keys.manifest } })).toBe(false);
	});

	test('is none that a program could read', () => {
		expect(isLent({ ...LENT, keys: { ...keys, settings: bytes } })).toBe(false);
	});

	test('cannot be taken out of WebCrypto', async () => {
		// No HKDF key can be: of another kind, one that says it is.
		const algorithm = { name: 'HMAC', hash: 'SHA-256' };
		const open = await crypto.subtle.importKey('raw', bytes, algorithm, true, ['sign']);
		Object.defineProperty(open, 'algorithm', { value: { name: 'HKDF' } });
		Object.defineProperty(open, 'usages', { value: ['deriveBits'] });
		expect(open).toMatchObject({ extractable: true, usages: ['deriveBits'] });
		expect(isLent({ ...LENT, keys: { ...keys, settings: open } })).toBe(false);
	});

	test('derives by HKDF and nothing else', async () => {
		const settings = await keyOf('PBKDF2');
		expect(isLent({ ...LENT, keys: { ...keys, settings } })).toBe(false);
	});

	test('derives bits and no keys', async () => {
		for (const usages of [['deriveKey'], ['deriveKey', 'deriveBits']] as const) {
			const settings = await keyOf('HKDF', usages);
			expect(isLent({ ...LENT, keys: { ...keys, settings } })).toBe(false);
		}
	});
});
