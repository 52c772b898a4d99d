import { describe, expect, test } from 'vitest';
import { hostOf, linkOf } from '#lib/items/link.ts';

describe('linkOf', () => {
	test('is the address of a page', () => {
		expect(linkOf('https://example.org/keys')).toBe('https://example.org/keys');
	});

	test.each(['javascript:alert(1)', ' JavaScript:alert(1)', 'data:text/html,x', 'file:///x', 'x'])(
		'is absent for %s',
		(url) => {
			expect(linkOf(url)).toBeUndefined();
		}
	);
});

describe('hostOf', () => {
	test.each([
		['https://Example.org:8443/x', 'example.org:8443'],
		['example.org/keys', 'example.org'],
		['', ''],
		['not a host', '']
	])('of "%s" is "%s"', (url, host) => {
		expect(hostOf(url)).toBe(host);
	});

	test.each([
		'https://evil.example\\@good.example/',
		'https://evil.example\\good.example',
		'https://good.example@evil.example/',
		'https://good.example:x@evil.example\\@good.example'
	])('is where a browser would go, whatever else "%s" names', (url) => {
		expect(hostOf(url)).toBe('evil.example');
		expect(hostOf(linkOf(url) ?? '')).toBe('evil.example');
	});
});
