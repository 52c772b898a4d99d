import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../../tests/browser/keys.ts';
import { copyEntries } from './copy-entries.ts';

const { overview } = rowOf('Shop', {
	fields: [
		{ name: 'user', hidden: false },
		{ name: 'password', hidden: true }
	]
});

describe('the menu of a key with several values', () => {
	function copied(asking: 'bearer' | undefined): unknown {
		const places: unknown[] = [];
		const [first] = copyEntries(overview, asking, {
			copy: (field) => places.push(field),
			copyAs: (choice) => places.push(choice),
			ask: () => undefined
		});
		first?.act();
		return places[0];
	}

	test('begins with the value that the row shows', () => {
		expect(copied(undefined)).toBe(1);
	});

	test('begins with it also where a form was chosen', () => {
		expect(copied('bearer')).toEqual({ form: 'bearer', field: 1 });
	});
});
