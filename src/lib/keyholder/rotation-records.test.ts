import { describe, expect, test } from 'vitest';
import { COMMIT_BODY_BYTES } from '#lib/api/limits.ts';
import { recordJsonBytes } from '#lib/keyholder/commit-records.ts';
import { checkRotationSize } from '#lib/keyholder/rotation-records.ts';
import { refusal } from '../../../tests/refusals.ts';

const ID = 'AAECAwQFBgcICQoLDA0ODw';
const slot = { id: ID, kind: 3, revision: 2, wrap: new Uint8Array(117) } as const;
const vault = {
	id: ID,
	expected: { seq: 1, head: new Uint8Array(32) },
	secretCount: 0,
	keyWrap: new Uint8Array(117),
	manifest: new Uint8Array(300)
};
const settings = new Uint8Array(3_000);

/** A request of two ways in and two vaults, with an account manifest that makes it so large. */
function requestOf(size: number, more: { readonly settings?: typeof settings } = {}) {
	const each = recordJsonBytes(vault.keyWrap) + recordJsonBytes(vault.manifest);
	const rest = size - 2 * 1_024 - 2 * each - recordJsonBytes(new Uint8Array(0));
	const length = Math.floor((rest * 3) / 4);
	expect(recordJsonBytes(new Uint8Array(length))).toBe(rest + recordJsonBytes(new Uint8Array(0)));
	const manifest = new Uint8Array(length);
	return { slots: [slot, slot], vaults: [vault, vault], manifest, ...more };
}

describe('the request that switches', () => {
	test('may be as large as the server takes', () => {
		expect(() => {
			checkRotationSize(requestOf(COMMIT_BODY_BYTES));
		}).not.toThrow();
	});

	test('is not begun if it is larger', () => {
		const detail = { size: COMMIT_BODY_BYTES + 2, limit: COMMIT_BODY_BYTES };
		expect(() => {
			checkRotationSize(requestOf(COMMIT_BODY_BYTES + 2));
		}).toThrow(expect.objectContaining({ ...refusal('too-large'), detail }));
	});

	test('has its settings counted too', () => {
		const size = COMMIT_BODY_BYTES - recordJsonBytes(settings);
		expect(() => {
			checkRotationSize(requestOf(size, { settings }));
		}).not.toThrow();
		expect(() => {
			checkRotationSize(requestOf(size + 2, { settings }));
		}).toThrow(expect.objectContaining(refusal('too-large')));
	});
});
