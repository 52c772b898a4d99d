import { describe, expect, test } from 'vitest';
import { isMailable } from '#lib/server/mail/address.ts';

describe('isMailable', () => {
	test.each([
		'ada@example.org',
		'ada.l+keys@mail.example.org',
		"o'neil@example.org",
		'ada@localhost',
		'grüße@bücher.example',
		'用户@例子.广告',
		'a@1.2.example'
	])('takes %s', (email) => {
		expect(isMailable(email)).toBe(true);
	});

	test.each([
		'',
		'ada',
		'@example.org',
		'ada@',
		'ada@example',
		'ada@example.',
		'ada@.example.org',
		'ada@-example.org',
		'.ada@example.org',
		'ada.@example.org',
		'a..b@example.org',
		'a,b@example.org',
		'a;b@example.org',
		'<a@example.org',
		'a>@example.org',
		'"a"@example.org',
		'(a)@example.org',
		'a:b@example.org',
		'a\\b@example.org',
		'a@[192.0.2.1]',
		'a@b@example.org',
		'a b@example.org',
		'a@example.org\n',
		'a\r\n@example.org',
		'a\u202e@example.org'
	])('refuses %j', (email) => {
		expect(isMailable(email)).toBe(false);
	});

	test('is not slow about an address that is nearly one', () => {
		expect(isMailable(`${'a.'.repeat(120)}@${'b-'.repeat(120)}`)).toBe(false);
	});
});
