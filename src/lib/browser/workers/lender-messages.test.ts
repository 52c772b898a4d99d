import { describe, expect, test } from 'vitest';
import { isAnswer, isComing, isGoing, isToLender } from '#lib/browser/workers/lender-messages.ts';
import { encloseKeys } from '#lib/protocol/account-keys.ts';

const bytes = new Uint8Array(32);
const ID = 'AAAAAAAAAAAAAAAAAAAAAA';
const lent = {
	account: ID,
	generation: 1,
	slot: { id: ID, kind: 1 },
	typed: { emailAsTyped: 'Ada@example.org', email: 'ada@example.org' },
	keys: await encloseKeys({ manifest: bytes, vaultWrap: bytes, settings: bytes }),
	autoLock: { idleMinutes: 2 }
};
const readable = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, [
	'encrypt',
	'decrypt'
]);
const forOther = await crypto.subtle.importKey('raw', bytes, 'HKDF', false, ['deriveKey']);

function lends(what: unknown): boolean {
	return isToLender({ kind: 'lend', lent: what });
}

describe('what a worker says', () => {
	test('is taken in its exact form', () => {
		expect(lends(lent)).toBe(true);
		expect(lends({ ...lent, typed: undefined, autoLock: {} })).toBe(true);
		for (const kind of ['ask', 'rest', 'withdraw']) {
			expect(isToLender({ kind })).toBe(true);
		}
	});

	test.each([undefined, null, 'ask', 7, [], {}, { kind: 'give' }, { kind: 'ask', more: 1 }])(
		'is not heard otherwise: %j',
		(said) => {
			expect(isToLender(said)).toBe(false);
		}
	);

	test('lends no key that a program could read, or use for anything else', () => {
		for (const key of [readable, forOther, bytes, {}, undefined]) {
			expect(lends({ ...lent, keys: { ...lent.keys, vaultWrap: key } })).toBe(false);
		}
	});

	test.each([
		['another member', { more: 1 }],
		['an account that is none', { account: 'account' }],
		['a generation that is none', { generation: 0 }],
		['a slot of a later kind', { slot: { id: ID, kind: 4 } }],
		['an email without end', { typed: { emailAsTyped: 'a'.repeat(400), email: 'a' } }],
		['a lock that never comes', { autoLock: { idleMinutes: Infinity } }],
		['a key more', { keys: { ...lent.keys, accountKey: bytes } }]
	])('lends nothing with %s', (_what, change) => {
		expect(lends({ ...lent, ...change })).toBe(false);
	});
});

describe('what the lender answers', () => {
	test('is taken in its exact form', () => {
		expect(isAnswer({ lent })).toBe(true);
		expect(isAnswer({ lent: undefined })).toBe(true);
		expect(isAnswer({ lent: { ...lent, generation: '1' } })).toBe(false);
		expect(isAnswer({ lent, more: 1 })).toBe(false);
	});
});

describe('what a page says', () => {
	test('is which tab it is, by a name that no other lock has', () => {
		const tab = `keyhold-tab-${crypto.randomUUID()}`;
		expect(isComing({ tab })).toBe(true);
		for (const other of ['keyhold-tab-', 'keyhold-lender x', `${tab} `, 7, undefined]) {
			expect(isComing({ tab: other })).toBe(false);
		}
	});

	test('is whether what its worker lent is kept', () => {
		expect(isGoing({ keep: true })).toBe(true);
		expect(isGoing({ keep: 'yes' })).toBe(false);
	});
});
