import { describe, expect, test } from 'vitest';
import { equal, utf8 } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import { actionHash, challengeMessage, checkExpiry } from '#lib/protocol/challenge.ts';
import { refusal } from '../../../tests/refusals.ts';

const fields = {
	purpose: 5,
	account: idText(new Uint8Array(16).fill(1)),
	slot: idText(new Uint8Array(16).fill(2)),
	challenge: new Uint8Array(32).fill(3),
	expiresAtMs: 1_700_000_000_000,
	origin: 'https://vault.example.org'
};
const hash = await actionHash('POST', '/api/v1/x', utf8('{}'));

describe('challengeMessage', () => {
	test('differs wherever a field differs, so no signature serves another use', () => {
		const changes = [
			{},
			{ purpose: 6 },
			{ account: fields.slot },
			{ slot: fields.account },
			{ challenge: new Uint8Array(32).fill(4) },
			{ expiresAtMs: 1 },
			{ origin: 'http://vault.example.org' },
			{ actionHash: new Uint8Array(32) }
		];
		const made = changes.map((change) =>
			challengeMessage({ ...fields, actionHash: hash, ...change }).join()
		);
		expect(new Set(made).size).toBe(changes.length);
	});

	test.each([0, 9, 255])('refuses purpose %d', (purpose) => {
		expect(() => challengeMessage({ ...fields, purpose })).toThrow(
			expect.objectContaining(refusal('unsupported'))
		);
	});

	test.each([1, 8])('of purpose %d allows no request', (purpose) => {
		expect(challengeMessage({ ...fields, purpose })).toBeDefined();
		expect(() => challengeMessage({ ...fields, purpose, actionHash: hash })).toThrow(
			expect.objectContaining(refusal('format'))
		);
	});

	test.each([2, 3, 4, 5, 6, 7])('of purpose %d needs one', (purpose) => {
		expect(() => challengeMessage({ ...fields, purpose })).toThrow(
			expect.objectContaining(refusal('format'))
		);
	});

	test.each([
		{ challenge: new Uint8Array(31) },
		{ expiresAtMs: 2 ** 53 },
		{ expiresAtMs: -1 },
		{ account: 'x' },
		{ origin: '\ud800' },
		{ actionHash: new Uint8Array(31) }
	])('refuses %j', (change) => {
		expect(() => challengeMessage({ ...fields, actionHash: hash, ...change })).toThrow(
			expect.objectContaining(refusal('format'))
		);
	});
});

describe('actionHash', () => {
	test('differs for another method, path, query or body', async () => {
		const made = await Promise.all([
			actionHash('DELETE', '/api/v1/x', utf8('{}')),
			actionHash('POST', '/api/v1/y', utf8('{}')),
			actionHash('POST', '/api/v1/x?a', utf8('{}')),
			actionHash('POST', '/api/v1/x', utf8('{ }')),
			actionHash('POST/', 'api/v1/x', utf8('{}'))
		]);
		for (const other of made) expect(equal(other, hash)).toBe(false);
	});
});

describe('checkExpiry', () => {
	const now = 1_700_000_000_000;
	const hour = 3_600_000;

	test.each([now, now + 120_000, now + hour, now - hour])('takes %d', (expiresAtMs) => {
		expect(() => {
			checkExpiry(expiresAtMs, now);
		}).not.toThrow();
	});

	test.each([now + hour + 1, now - hour - 1, 0, Number.MAX_SAFE_INTEGER])(
		'refuses %d, which a server could use later',
		(expiresAtMs) => {
			expect(() => {
				checkExpiry(expiresAtMs, now);
			}).toThrow(expect.objectContaining(refusal('clock')));
		}
	);
});
