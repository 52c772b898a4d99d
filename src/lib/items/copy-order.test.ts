import { describe, expect, test } from 'vitest';
import { copyOrder } from '#lib/items/copy-order.ts';

function fields(...hidden: readonly boolean[]) {
	return { fields: hidden.map((is, index) => ({ name: `value ${index}`, hidden: is })) };
}

describe('copyOrder', () => {
	test('begins with the first hidden value, and leaves the others as they are', () => {
		expect(copyOrder(fields(false, false, true, true))).toEqual([2, 0, 1, 3]);
	});

	test('is that of the key where none is hidden', () => {
		expect(copyOrder(fields(false, false))).toEqual([0, 1]);
	});

	test('of no values is empty', () => {
		expect(copyOrder(fields())).toEqual([]);
	});
});
