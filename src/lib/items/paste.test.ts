import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { newKey } from '#lib/items/draft.ts';
import { dayOf } from '#lib/items/expiry.ts';
import { PASTED_KEYS, readPaste, readPasted } from '#lib/items/paste.ts';

/** Put together at run time: the repository holds nothing that looks like a key. */
const STRIPE_TEST = ['sk', 'test', 'a1'.repeat(12)].join('_');
const GITHUB = ['ghp', 'B2'.repeat(18)].join('_');
const AWS_ID = ['AKIA', 'ABCDEFGH23456722'].join('');
const AWS_SECRET = 'aB3/'.repeat(10);

describe('readPaste', () => {
	test('makes nothing of nothing', () => {
		expect(readPaste(' \n ')).toEqual([]);
	});

	test('recognises a bare value and fills in what goes with it', () => {
		expect(readPaste(` ${STRIPE_TEST}\n`)).toEqual([
			{
				name: 'Stripe test',
				provider: 'stripe',
				url: 'https://dashboard.stripe.com/apikeys',
				environment: 'test',
				envVars: ['STRIPE_SECRET_KEY'],
				fields: [{ name: 'key', value: STRIPE_TEST, hidden: true }]
			}
		]);
	});

	test('leaves the name of an unknown value to the person', () => {
		expect(readPaste('hunter2')).toMatchObject([
			{ name: '', envVars: [], fields: [{ value: 'hunter2' }] }
		]);
	});

	test.each([
		['NAME=value', `GH_PAT=${GITHUB}`],
		['export NAME=value', `export GH_PAT=${GITHUB}`],
		['set NAME=value', `set GH_PAT=${GITHUB}`],
		['$env:NAME="value"', `$env:GH_PAT="${GITHUB}"`],
		['$env:NAME = value', `$env:GH_PAT = ${GITHUB}`],
		['NAME = "value"', `GH_PAT = "${GITHUB}"`],
		["NAME='value'", `GH_PAT='${GITHUB}'`],
		['a comment behind', `GH_PAT=${GITHUB} # mine`],
		['a comment behind quotes', `GH_PAT="${GITHUB}" # mine`]
	])('reads %s', (_form, pasted) => {
		expect(readPaste(pasted)).toMatchObject([
			{ name: 'GitHub', envVars: ['GH_PAT'], fields: [{ value: GITHUB }] }
		]);
	});

	test.each([
		['a message', `hey, the new one is ${STRIPE_TEST}, keep it safe!`],
		['quotes and brackets', `Use "${STRIPE_TEST}" (the one of 2026), please.`],
		['stars', `Use **${STRIPE_TEST}**, please`],
		['a header', `Authorization: Bearer ${STRIPE_TEST}`],
		['a command', `curl https://api.stripe.com/v1/charges -u "${STRIPE_TEST}:"`]
	])('finds the key among the words of %s', (_form, pasted) => {
		expect(readPaste(pasted)).toMatchObject([
			{
				name: 'Stripe test',
				envVars: ['STRIPE_SECRET_KEY'],
				fields: [{ value: STRIPE_TEST }]
			}
		]);
	});

	test('finds every key among words, and says which lines have none', () => {
		const lines = [
			'\nfor the shop:',
			`stripe: ${STRIPE_TEST}`,
			'',
			`then SHOP_PAT=${GITHUB} npm start`
		];
		const { drafts, ...left } = readPasted([...lines, 'thanks!'].join('\n'));
		expect(drafts).toMatchObject([
			{ name: 'Stripe test', fields: [{ value: STRIPE_TEST }] },
			{ name: 'GitHub', envVars: ['SHOP_PAT'], fields: [{ value: GITHUB }] }
		]);
		expect(left).toEqual({ skipped: 2, which: [2, 6], left: 0 });
	});

	test.each([
		['words', 'correct horse battery staple'],
		['a value of nobody known', 'the password is aB3dE5gH7jK9mN1pQ3sT5'],
		['what only begins like a key', 'my pass sk_test_something_long here'],
		['a value of nobody known beside a key', `${STRIPE_TEST} and aB3dE5gH7jK9mN1pQ3sT5`],
		['a short one with a digit', `${STRIPE_TEST} and hunter2`],
		['one with signs', `${STRIPE_TEST} and P@ss!word`],
		['one that a name stands before', `stripe ${STRIPE_TEST} password: swordfish`],
		['a variable of nobody known', `env A=${STRIPE_TEST} DB_PASSWORD=swordfish npm start`],
		['an address with a password', `${STRIPE_TEST} sftp://shop:horse@files.example/shop`],
		['an address that ends with a bracket', `${STRIPE_TEST} redis://:horse@[::1]`],
		['an address that may be a key', `${STRIPE_TEST} https://hooks.example/T0123ABCD`],
		['settings', `stripe:\n  key: ${STRIPE_TEST}\n  secret: horse\n`],
		['JSON that is cut off', `{"stripe": "${STRIPE_TEST}", "db": "horse", `],
		['a line that was folded', `${STRIPE_TEST}\nB3dE5gH7jK9`],
		['a key file below words', `${STRIPE_TEST}\n-----BEGIN PRIVATE KEY-----\nMIIB\n`]
	])('leaves whole what may hold more than the keys that are known: %s', (_what, pasted) => {
		expect(readPaste(pasted)).toMatchObject([{ fields: [{ value: pasted.trim() }] }]);
	});

	test('loses from among words none that has a digit or a sign', () => {
		const word = fc.oneof(
			fc.constantFrom(STRIPE_TEST, `"${GITHUB}",`, `PAT=${GITHUB}`, '(see', 'the', 'shop:'),
			fc.stringMatching(/^[a-z]{0,3}[:=]?[A-Za-z0-9@!+/=_-]{1,24}$/)
		);
		fc.assert(
			fc.property(fc.array(word, { maxLength: 8 }), (words) => {
				const text = `see ${STRIPE_TEST} ${words.join(' ')}`.trim();
				const kept = readPaste(text).flatMap(({ fields }) => fields.map(({ value }) => value));
				const risky = words.filter((each) =>
					/\d[a-z]{4}|[a-z]{4}\d|[a-z\d][!=][a-z\d]/i.test(each)
				);
				const lost = risky.filter((each) => !kept.some((value) => each.includes(value)));
				expect(kept[0] === text ? [] : lost).toEqual([]);
			})
		);
	});

	test('names a key of nobody known after its variable', () => {
		expect(readPaste('SHOP_TOKEN=x y')).toMatchObject([
			{ name: 'SHOP_TOKEN', fields: [{ value: 'x y' }] }
		]);
	});

	test('makes one key of each line, and skips comments and empty values', () => {
		const drafts = readPaste(`# of the shop\r\nA=1\r\n\r\nB=\r\nC=3`);
		expect(drafts.map(({ name }) => name)).toEqual(['A', 'C']);
	});

	test('makes one key of an id and its secret', () => {
		const drafts = readPaste(`AWS_ACCESS_KEY_ID=${AWS_ID}\nAWS_SECRET_ACCESS_KEY=${AWS_SECRET}`);
		expect(drafts).toMatchObject([
			{
				name: 'AWS',
				envVars: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
				fields: [
					{ name: 'AWS_ACCESS_KEY_ID', value: AWS_ID },
					{ name: 'AWS_SECRET_ACCESS_KEY', value: AWS_SECRET }
				]
			}
		]);
	});

	test('reads escapes in double quotes only', () => {
		expect(readPaste('A="1\\n2"')[0]?.fields[0]?.value).toBe('1\n2');
		expect(readPaste("A='1\\n2'")[0]?.fields[0]?.value).toBe('1\\n2');
	});

	test('takes several lines that are no assignments as one value', () => {
		const pem = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}=\n-----END PRIVATE KEY-----`;
		expect(readPaste(pem)).toMatchObject([{ fields: [{ value: pem }] }]);
	});

	test.each(['YWJjZGVm=', 'YWJjZGVm=='])('takes %s as a value, not as an assignment', (value) => {
		expect(readPaste(value)).toMatchObject([{ fields: [{ value }] }]);
	});

	test.each(['a\u0000b', '\u0000', 'مفتاح', 'a\u202eb', 'a\u200bb'])(
		'keeps %j as it is, from the paste to the secret',
		(value) => {
			const [bare] = readPaste(value);
			const [named] = readPaste(`SHOP_TOKEN=${value}`);
			expect(bare?.fields[0]?.value).toBe(value);
			expect(named?.fields[0]?.value).toBe(value);
			const { secret } = newKey({ name: 'a key', fields: bare?.fields ?? [] }, 1);
			expect(secret.fields).toEqual([{ name: 'key', value }]);
		}
	);

	test('keeps a # in a bare value', () => {
		expect(readPaste('pass #1')[0]?.fields[0]?.value).toBe('pass #1');
	});

	test('reads the expiry of a token', () => {
		const part = (json: unknown) => encode(utf8(JSON.stringify(json)));
		const jwt = `${part({ alg: 'none' })}.${part({ exp: 1_900_000_000 })}.c2ln`;
		expect(readPaste(`TOKEN=${jwt}`)[0]?.expiresOn).toBe(dayOf(1_900_000_000_000));
	});

	test('reads a value in quotes over several lines', () => {
		const pem = `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END PRIVATE KEY-----`;
		const drafts = readPaste(`A=1\nKEY="${pem}"\nB=2`);
		expect(drafts.map(({ fields }) => fields[0]?.value)).toEqual(['1', pem, '2']);
	});

	test('takes a quote that is never closed as it stands', () => {
		expect(readPaste(`A="1\nB=2`).map(({ fields }) => fields[0]?.value)).toEqual(['"1', '2']);
	});

	test('leaves out lines among assignments that are none, and counts them', () => {
		const read = readPasted('A=1\nthe key of the shop:\nB=2');
		expect(read.drafts.map(({ name }) => name)).toEqual(['A', 'B']);
		expect(read).toMatchObject({ skipped: 1, which: [2] });
	});

	test.each(['=', '=='])(
		'takes a value that ends in %s for no name: it is left out by its line',
		(end) => {
			const value = `kR8xT2vQ9mN4pL7wZ1cB5yH3${end}`;
			const read = readPasted(`A=1\nB=2\nC=3\n${value}`);
			expect(read).toMatchObject({ skipped: 1, which: [4] });
			expect(read.drafts.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
		}
	);

	test.each(['OAUTH2_GOOGLE_CLIENT_SECRET', 'aws_s3_bucket_name_prod2'])(
		'takes %s for a name, of which the value is missing',
		(name) => {
			const read = readPasted(`${name}=\nAPI_KEY=abc`);
			expect(read).toMatchObject({ skipped: 1, which: [name] });
			expect(read.drafts.map((draft) => draft.name)).toEqual(['API_KEY']);
		}
	);

	test('counts names without a value, and a region alone, among what is left out', () => {
		expect(readPasted('A=\nB=2\nC=\nD=4')).toMatchObject({ skipped: 2, which: ['A', 'C'] });
		expect(readPasted('[default]\nregion=eu-west-1')).toMatchObject({ drafts: [], skipped: 1 });
	});

	test('counts what of JSON is no key: numbers, yes or no, and what lies too deep', () => {
		const deep = (depth: number): unknown => (depth === 0 ? 'x' : { a: deep(depth - 1) });
		const json = { token: 'abc', port: 3000, ready: true, none: null, empty: '', deep: deep(9) };
		expect(readPasted(JSON.stringify(json))).toMatchObject({
			drafts: [{ name: 'token' }],
			skipped: 3
		});
	});

	test('calls what would share a provider’s name after its variable', () => {
		const lines = ['SHOP_OPENAI_KEY=a', 'BLOG_OPENAI_KEY=b', 'MAPBOX_TOKEN=c'];
		expect(readPaste(lines.join('\n')).map(({ name }) => name)).toEqual([
			'SHOP_OPENAI_KEY',
			'BLOG_OPENAI_KEY',
			'Mapbox'
		]);
	});

	test('keeps the provider’s name for a key of several variables', () => {
		const pair = `AWS_ACCESS_KEY_ID=${AWS_ID}\nAWS_SECRET_ACCESS_KEY=${AWS_SECRET}`;
		const names = readPaste(`${pair}\nAWS_REGION=eu-central-1`).map(({ name }) => name);
		expect(names).toEqual(['AWS', 'AWS_REGION']);
	});

	test('keeps the provider’s name for one variable that is there twice', () => {
		const drafts = readPaste('OPENAI_API_KEY=a\nOPENAI_API_KEY=b');
		expect(drafts.map(({ name }) => name)).toEqual(['OpenAI', 'OpenAI']);
	});

	test('makes one key of each profile of an AWS credentials file', () => {
		const profile = (name: string) =>
			`[${name}]\naws_access_key_id = ${AWS_ID}\naws_secret_access_key = ${AWS_SECRET}`;
		const drafts = readPaste(`${profile('default')}\nregion = eu-west-1\n\n${profile('shop')}`);
		expect(drafts.map(({ name, provider }) => [name, provider])).toEqual([
			['AWS default', 'aws'],
			['AWS shop', 'aws']
		]);
		expect(drafts[0]?.fields).toEqual([
			{ name: 'AWS_ACCESS_KEY_ID', value: AWS_ID, hidden: true },
			{ name: 'AWS_SECRET_ACCESS_KEY', value: AWS_SECRET, hidden: true },
			{ name: 'AWS_REGION', value: 'eu-west-1', hidden: false }
		]);
	});

	test('names the values of a list, which have no names of their own', () => {
		expect(readPaste('["one value", "another"]')).toMatchObject([
			{ name: 'key 1', fields: [{ value: 'one value' }] },
			{ name: 'key 2', fields: [{ value: 'another' }] }
		]);
	});

	test('makes no key of a region alone', () => {
		expect(readPaste('[default]\nregion = eu-west-1\noutput = json')).toEqual([]);
	});

	test.each([
		[
			'what the AWS command prints',
			{ AccessKey: { AccessKeyId: AWS_ID, SecretAccessKey: AWS_SECRET, Status: 'Active' } }
		],
		[
			'credentials for a while',
			{ Credentials: { AccessKeyId: AWS_ID, SecretAccessKey: AWS_SECRET } }
		]
	])('reads %s', (_what, json) => {
		expect(readPaste(JSON.stringify(json))).toMatchObject([
			{
				provider: 'aws',
				envVars: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
				fields: [{ value: AWS_ID }, { value: AWS_SECRET }]
			}
		]);
	});

	test('makes a key of each text in JSON, however deep', () => {
		const drafts = readPaste(JSON.stringify({ GITHUB_TOKEN: GITHUB, a: { b: 'x' }, n: 1, no: '' }));
		expect(drafts.map(({ name, fields }) => [name, fields[0]?.value])).toEqual([
			['GitHub', GITHUB],
			['a b', 'x']
		]);
	});

	test('reads lists of names and values', () => {
		const list = [
			{ name: 'A', value: '1', scope: 'all' },
			{ key: 'B', value: '2' }
		];
		expect(readPaste(JSON.stringify(list)).map(({ name }) => name)).toEqual(['A', 'B']);
	});

	test('keeps a service account whole', () => {
		const account = JSON.stringify({
			type: 'service_account',
			private_key: 'pem',
			client_email: 'deploy@shop.example'
		});
		expect(readPaste(account)).toMatchObject([
			{ name: 'Google Cloud deploy', provider: 'google-cloud', fields: [{ value: account }] }
		]);
	});

	test.each([
		['a JSON Web Key', '{"kty":"oct","k":"abc"}'],
		['JSON without a text in it', '{"a":1}'],
		['an empty list', '[]'],
		['JSON that is cut', '{"a":"b"']
	])('keeps %s whole', (_what, text) => {
		expect(readPaste(text)).toMatchObject([{ fields: [{ value: text }] }]);
	});

	test.each([
		['RSA PRIVATE KEY', 'RSA private key'],
		['OPENSSH PRIVATE KEY', 'OPENSSH private key'],
		['CERTIFICATE', 'Certificate']
	])('names a PEM of %s', (label, name) => {
		const pem = `-----BEGIN ${label}-----\nQUJD\n-----END ${label}-----`;
		expect(readPaste(pem)).toMatchObject([{ name, fields: [{ value: pem }] }]);
	});

	test('takes a thousand keys of a megabyte of lines, and says how many are left', () => {
		const lines = Array.from({ length: 30_000 }, (_, i) => `NAME_${i}=a-value-that-is-here-${i}`);
		const read = readPasted(lines.join('\n'));
		expect(read.drafts).toHaveLength(1_000);
		expect(read.left).toBe(29_000);
	});

	test.each(['{', '[', '"', 'A="', '=\n', '[a]\n', '-'])(
		'comes to an end for a megabyte of %j',
		(text) => {
			expect(readPasted(text.repeat(300_000 / text.length)).drafts.length).toBeGreaterThanOrEqual(
				0
			);
		}
	);

	test('refuses no text at all', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme-composite' }), (text) => {
				expect(Array.isArray(readPaste(text))).toBe(true);
			})
		);
	});

	test('gives every unquoted value back as it was', () => {
		const value = fc.stringMatching(/^[A-Za-z0-9_./+-]{1,40}$/);
		fc.assert(
			fc.property(value, (text) => {
				expect(readPaste(`NAME=${text}`)[0]?.fields[0]?.value).toBe(text);
			})
		);
	});
});

describe('a huge paste', () => {
	const names = (count: number) => Array.from({ length: count }, (_, i) => `NAME_${i}`);
	const lines = (count: number) => names(count).map((name) => `${name}=a value of ${name}`);

	const FORMS: readonly [string, (count: number) => string][] = [
		['lines', (count) => lines(count).join('\r\n')],
		['the same name again and again', (count) => 'AWS_ACCESS_KEY_ID=a value\n'.repeat(count)],
		['JSON', (count) => JSON.stringify(Object.fromEntries(names(count).map((name) => [name, 'x'])))]
	];

	/** How often a pattern was tried. */
	function workOf(text: string): number {
		const exec = vi.spyOn(RegExp.prototype, 'exec');
		try {
			readPasted(text);
			return exec.mock.calls.length;
		} finally {
			exec.mockRestore();
		}
	}

	test.each(FORMS)('of %s says how much is left', (_form, textOf) => {
		const { drafts, left } = readPasted(textOf(35_000));
		expect(drafts).toHaveLength(PASTED_KEYS);
		expect(left).toBe(35_000 - PASTED_KEYS);
	});

	test.each(FORMS)('of %s is read no further than the last key that is taken', (_form, textOf) => {
		const work = workOf(textOf(PASTED_KEYS + 1));
		expect(work).toBeGreaterThan(PASTED_KEYS);
		expect(workOf(textOf(PASTED_KEYS + 1_000))).toBe(work);
	});

	test('counts no blank lines and no comments among what is left', () => {
		const more = ['', '# a comment', '; another', 'MORE=1'].join('\n');
		expect(readPasted([...lines(PASTED_KEYS), more].join('\n')).left).toBe(1);
	});

	test('takes the values of one key that stand beside each other as one', () => {
		const pairs = names(PASTED_KEYS).map(
			(name) => `[${name}]\naws_access_key_id = a ${name}\naws_secret_access_key = b ${name}`
		);
		const { drafts, left } = readPasted(pairs.join('\n'));
		expect(drafts.map(({ fields }) => fields.length)).toEqual(names(PASTED_KEYS).map(() => 2));
		expect(left).toBe(0);
	});

	test.each(['!', '(', 'a:', '://', 'x=', 'a1'])(
		'of words made of %j alone is read in one go',
		(part) => {
			const word = part.repeat(190_000 / part.length);
			expect(readPaste(`${STRIPE_TEST} ${word} ${word.slice(0, 9_000)}x`)).toHaveLength(1);
		}
	);

	test.each([
		['a value', `A=x${' '.repeat(300_000)}y`, 300_002],
		['a quote', `A="x"${' '.repeat(300_000)}y`, 300_004]
	])('of blanks that no comment ends is read in one go: behind %s', (_, text, length) => {
		expect(readPaste(text)[0]?.fields[0]?.value).toHaveLength(length);
	});
});
