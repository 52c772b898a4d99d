import { describe, expect, test } from 'vitest';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { emailHash, raise, settle, type AccountPin, type ChainPin } from '#lib/keyholder/pins.ts';
import { refusal } from '../../../tests/refusals.ts';

function chain(seq: number, head = seq): ChainPin {
	return { generation: 1, seq, head: new Uint8Array(32).fill(head) };
}

function pin(seq: number, vaults: Record<string, ChainPin> = {}, head = seq): AccountPin {
	return { ...chain(seq, head), vaults };
}

/** Every lower pin was passed on the way. */
const passed = () => true;

describe('raise', () => {
	test('takes what is new where nothing was stored', () => {
		expect(raise(undefined, pin(3), passed)).toEqual(pin(3));
	});

	test('never lets a seq fall', () => {
		expect(raise(pin(4), pin(3), passed)).toEqual(pin(4));
	});

	test('raises every chain by itself', () => {
		const stored = pin(2, { a: chain(5), b: chain(1) });
		expect(raise(stored, pin(3, { a: chain(4), b: chain(2) }), passed)).toEqual(
			pin(3, { a: chain(5), b: chain(2) })
		);
	});

	test('keeps a vault that only the newer manifest lists, and drops one that it does not', () => {
		expect(raise(pin(2, { a: chain(1) }), pin(3, { b: chain(1) }), passed)).toEqual(
			pin(3, { b: chain(1) })
		);
		expect(raise(pin(3, { b: chain(1) }), pin(2, { a: chain(1) }), passed)).toEqual(
			pin(3, { b: chain(1) })
		);
	});

	test('refuses two manifests of one place: two tabs saw two histories', () => {
		for (const next of [pin(3, {}, 9), pin(4, { a: chain(1, 9) })]) {
			const attempt = () => raise(pin(3, { a: chain(1) }), next, passed);
			expect(attempt).toThrow(KeyholderError);
			expect(attempt).toThrow(expect.objectContaining(refusal('fork')));
		}
	});

	test('refuses to rise over a pin that was not passed on the way, of the account or a vault', () => {
		const strange = new Uint8Array(32).fill(2);
		const others = (head: Uint8Array) => head[0] !== strange[0];
		for (const stored of [pin(2), pin(1, { a: chain(2) })]) {
			const attempt = () => raise(stored, pin(5, { a: chain(5) }), others);
			expect(attempt).toThrow(expect.objectContaining(refusal('fork')));
		}
		expect(raise(pin(3), pin(5), others)).toEqual(pin(5));
	});
});

describe('settle', () => {
	test('replaces a pin that was given up, whatever it says', () => {
		const given = pin(9, { a: chain(5), gone: chain(2) });
		const account = { id: 'i', pin: pin(3, { a: chain(2, 7) }), descendsFrom: () => false };
		expect(settle({ account: given }, { account: { ...account, replaces: given } })).toEqual({
			account: account.pin
		});
	});

	test('does not replace another pin than the one that was given up', () => {
		const vaults = { a: chain(2), b: chain(2) };
		const given = pin(2, vaults);
		const next = { id: 'i', pin: pin(3, { a: chain(3) }), descendsFrom: () => false };
		const changes = [
			...[pin(2, { ...vaults, a: chain(1) }), pin(2, { ...vaults, b: chain(1) })],
			...[pin(2, { a: chain(2) }), pin(2, { a: chain(2), c: chain(2) })],
			...[{ ...given, generation: 2 }, { ...given, seq: 1 }, pin(2, vaults, 7)]
		];
		for (const account of changes) {
			const attempt = () => settle({ account }, { account: { ...next, replaces: given } });
			expect(attempt).toThrow(expect.objectContaining(refusal('fork')));
		}
	});

	test('takes what is new where a pin was given up and nothing is stored any more', () => {
		const account = { id: 'i', pin: pin(3), descendsFrom: () => false, replaces: pin(9) };
		expect(settle({}, { account })).toEqual({ account: account.pin });
	});

	const hash = 'h';
	const known = { account: 'a', profile: 2 };
	const account = { id: 'a', pin: pin(1), descendsFrom: passed };

	test('never lowers the pin of an account, not even for a new registration', () => {
		const change = { account, replace: true };
		expect(settle({ account: pin(9) }, change)).toEqual({ account: pin(9) });
	});

	test('replaces what an email means for a new registration alone', () => {
		const change = { email: { hash, pin: { account: 'b', profile: 1 } } };
		expect(settle({ email: known }, { ...change, replace: true })).toEqual({
			email: change.email.pin
		});
		expect(() => settle({ email: known }, change)).toThrow(
			expect.objectContaining(refusal('rollback'))
		);
	});

	test('never lowers the profile of an email: two tabs may have unlocked at once', () => {
		const change = { email: { hash, pin: { account: 'a', profile: 1 } } };
		expect(settle({ email: known }, change)).toEqual({ email: known });
		expect(settle({}, change)).toEqual({ email: change.email.pin });
	});
});

describe('emailHash', () => {
	test('is the SHA-256 of the address, as text', async () => {
		expect(await emailHash('ada@example.org')).toBe('z-AN3kbvlCYB_6-54oJegChYtGDlhrgwWzRMHrgmNX0');
	});
});
