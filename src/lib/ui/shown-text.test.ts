import { describe, expect, test } from 'vitest';
import { shownText } from '#lib/ui/shown-text.ts';

describe('shownText', () => {
	test.each([
		['an override of direction', 'key\u202egnp.exe', 'key‹202E›gnp.exe'],
		['an isolate', '\u2066x\u2069', '‹2066›x‹2069›'],
		['a space without width', 'a\u200bb', 'a‹200B›b'],
		['a byte order mark', '\ufeffa', '‹FEFF›a'],
		['NUL', 'a\u0000b', 'a␀b'],
		['an escape', '\u001b[31m', '␛[31m'],
		['DEL', '\u007f', '␡'],
		['a control character beyond ASCII', '\u0085', '‹0085›'],
		['a line separator', '\u2028', '‹2028›']
	])('marks %s', (_what, text, shown) => {
		expect(shownText(text)).toBe(shown);
	});

	test.each([
		'Stripe live',
		'مفتاح',
		'ключ',
		'a\tb\nc',
		'👩\u200d💻',
		'می\u200cخواهم',
		'<b>&amp;</b>'
	])('leaves "%s" as it is', (text) => {
		expect(shownText(text)).toBe(text);
	});
});
