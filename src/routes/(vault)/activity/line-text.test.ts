import { describe, expect, test } from 'vitest';
import { AUDIT_EVENTS } from '#lib/api/activity.ts';
import type { ActivityLine } from '#lib/browser/activity.svelte.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { isRefusal, lineText } from './line-text.ts';

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

	test.each([
		['age', 'Exported 3 keys as an encrypted backup'],
		['env', 'Exported 3 keys as plain .env'],
		['json', 'Exported 3 keys as plain JSON']
	] as const)('says into which kind of file keys went: %s', (form, said) => {
		const note = { act: 'exported', form, count: 3 } as const;
		expect(lineText({ seq: 1, atMs: 1, event: 'note', note }, () => undefined)).toBe(said);
	});

	test.each(AUDIT_EVENTS)('has words for %s', (event) => {
		expect(lineText({ seq: 1, atMs: 1, event }, () => 'GitHub')).not.toBe(m.act_other());
	});

	test.each(['unheard.of', 'constructor', '__proto__'])('says that %s is not known', (event) => {
		expect(lineText({ seq: 1, atMs: 1, event }, () => 'GitHub')).toBe(m.act_other());
	});
});

describe('a second factor', () => {
	const line = { seq: 1, atMs: 1, event: 'second-factor.failed' };

	test('that is asked for is no refusal', () => {
		const asked = { ...line, detail: 'missing' };
		expect(isRefusal(asked)).toBe(false);
		expect(lineText(asked, () => undefined)).toBe(m.act_code_asked());
	});

	test.each(['wrong', 'used before'])('whose code was %s is refused', (detail) => {
		expect(isRefusal({ ...line, detail })).toBe(true);
		expect(lineText({ ...line, detail }, () => undefined)).toBe(m.act_code_failed());
	});
});
