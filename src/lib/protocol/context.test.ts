import { describe, expect, test } from 'vitest';
import { hex } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import { context, CONTEXT_BYTES } from '#lib/protocol/context.ts';
import { refusal } from '../../../tests/refusals.ts';

const account = idText(new Uint8Array(16).fill(1));
const scope = idText(new Uint8Array(16).fill(2));
const fields = { purpose: 6, generation: 0x01020304, account, scope, revision: 0x0506 };

describe('context', () => {
	test('has 66 bytes in the order of the document', () => {
		const made = context({ ...fields, object: new Uint8Array(16).fill(3) });
		expect(made).toHaveLength(CONTEXT_BYTES);
		expect(hex(made)).toBe(
			`4b487631010601020304${'01'.repeat(16)}${'02'.repeat(16)}${'03'.repeat(16)}0000000000000506`
		);
	});

	test('has zeros for what is left out', () => {
		expect(hex(context({ purpose: 2, generation: 1, account, revision: 1 }))).toContain(
			'00'.repeat(32)
		);
	});

	test.each([0, 9, 10, 15, 16, 255, 1.5, NaN])('refuses purpose %d', (purpose) => {
		expect(() => context({ ...fields, purpose })).toThrow(
			expect.objectContaining(refusal('unsupported'))
		);
	});

	test.each([
		{ generation: 0 },
		{ generation: 0x1_0000_0000 },
		{ generation: 1.5 },
		{ revision: 0 },
		{ revision: 2 ** 53 },
		{ account: '' },
		{ scope: 'AAAAAAAAAAAAAAAAAAAAAB' },
		{ object: new Uint8Array(15) },
		{ object: new Uint8Array(17) }
	])('refuses %j', (change) => {
		expect(() => context({ ...fields, ...change })).toThrow(
			expect.objectContaining(refusal('format'))
		);
	});
});
