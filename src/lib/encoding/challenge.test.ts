import { describe, expect, test } from 'vitest';
import { concat, EncodingError, fromHex, hex, utf8 } from '#lib/encoding/bytes.ts';
import { actionMessage, challengeMessage } from '#lib/encoding/challenge.ts';
import { idText } from '#lib/encoding/id.ts';

const FIELDS = {
	purpose: 5,
	account: idText(new Uint8Array(16).fill(1)),
	slot: idText(new Uint8Array(16).fill(2)),
	challenge: new Uint8Array(32).fill(3),
	expiresAtMs: 0x0405,
	origin: 'https://x',
	actionHash: new Uint8Array(32).fill(6)
};

describe('challengeMessage', () => {
	test('joins every field in order', () => {
		expect(hex(challengeMessage(FIELDS))).toBe(
			hex(utf8('keyhold/v1/auth')) +
				'0005' +
				'01'.repeat(16) +
				'02'.repeat(16) +
				'03'.repeat(32) +
				'0000000000000405' +
				'0009' +
				hex(utf8('https://x')) +
				'06'.repeat(32)
		);
	});

	test.each([{ challenge: new Uint8Array(31) }, { actionHash: new Uint8Array(33) }])(
		'refuses a field of another size',
		(change) => {
			expect(() => challengeMessage({ ...FIELDS, ...change })).toThrow(EncodingError);
		}
	);
});

describe('actionMessage', () => {
	test('keeps method and path apart', () => {
		const body = fromHex('07'.repeat(32));
		expect(actionMessage('POST', '/a', body)).toEqual(
			concat(utf8('keyhold/v1/action\0\0\u0004POST\0\u0002/a'), body)
		);
	});
});
