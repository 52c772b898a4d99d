import { describe, expect, test } from 'vitest';
import type { ActivityLine } from '#lib/browser/activity.svelte.ts';
import { lineText } from './line-text.ts';

function copied(field: string): ActivityLine {
	return {
		seq: 1,
		atMs: 1,
		event: 'note',
		item: 'a',
		note: { act: 'copied', item: 'a', form: 'value', field }
	};
}

describe('lineText', () => {
	test('says of a key with one value that it was copied', () => {
		expect(lineText(copied('key'), () => 'GitHub')).toBe('Copied GitHub');
	});

	test('says which of several values was copied', () => {
		expect(lineText(copied('client id'), () => 'GitHub')).toBe('Copied client id of GitHub');
	});
});
