import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { found, needlesOf } from './needles.ts';

const MARK = 'canary-0123-ü€';
const needles = needlesOf('mark', MARK);

describe('needles', () => {
	test.each([
		['as it is', (text: string) => Buffer.from(text)],
		['in hexadecimal', (text: string) => Buffer.from(Buffer.from(text).toString('hex'))],
		['in base64', (text: string) => Buffer.from(Buffer.from(text).toString('base64'))],
		['in base64url', (text: string) => Buffer.from(Buffer.from(text).toString('base64url'))],
		['in UTF-16', (text: string) => Buffer.from(text, 'utf16le')],
		[
			'in base64 of UTF-16',
			(text: string) => Buffer.from(Buffer.from(text, 'utf16le').toString('base64'))
		],
		['in a query', (text: string) => Buffer.from(encodeURIComponent(text))],
		['in JSON', (text: string) => Buffer.from(JSON.stringify({ text }))]
	])('find a mark %s, whatever stands around it', (_, form) => {
		fc.assert(
			fc.property(fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (before, after) => {
				expect(found(form(before + MARK + after), needles)).not.toEqual([]);
			}),
			{ numRuns: 200, seed: 4711 }
		);
	});

	test('find nothing where there is nothing', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
				expect(found(bytes, needles)).toEqual([]);
			}),
			{ numRuns: 200, seed: 4711 }
		);
	});

	test('refuse a mark so short that chance would find it', () => {
		expect(() => needlesOf('short', '1234567')).toThrow();
	});
});
