/** docs/cryptography.md is an inventory: what calls cryptography is in it, and nothing else is used. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withoutComments } from './tidy/code.ts';
import { readSources, type Source } from './tidy/sources.ts';

const CALLS =
	/node:crypto|\bsubtle\b|getRandomValues|randomUUID|hash-wasm|age-encryption|@simplewebauthn\/server/;
const PROGRAM = /^(src|serve|scripts)\/.*\.(js|ts|svelte)$|^server\.js$/;

/** Every name that a call of cryptography is given in the program. */
const ALGORITHMS = [
	'AES-CBC',
	'AES-GCM',
	'Ed25519',
	'HKDF',
	'HMAC',
	'P-256',
	'PBKDF2',
	'SHA-256',
	'aes-128-cbc',
	'ec',
	'ed25519',
	'sha1',
	'sha256'
];
const NAMED =
	/(?:create(?:Hash|Hmac|Cipheriv|Decipheriv)|generateKeyPairSync|subtle\.digest|subtle\.sign)\(\s*'([^']+)'|(?:name|hash|namedCurve): '([A-Z][\w-]+)'/g;

const document = readFileSync('docs/cryptography.md', 'utf8');
const program = readSources(process.cwd()).filter(
	({ path }) => PROGRAM.test(path) && !path.includes('.test.') && !path.includes('generated')
);
const calling = program.filter((source) => CALLS.test(withoutComments(source)));

function algorithmsIn({ text }: Source): string[] {
	return [...text.matchAll(NAMED)].map(([, called, member]) => called ?? member ?? '');
}

describe('the inventory', () => {
	test('names every file that calls cryptography', () => {
		expect(calling.length).toBeGreaterThan(30);
		const missing = calling.filter(({ path }) => !document.includes(`\`${path}\``));
		expect(missing.map(({ path }) => path)).toEqual([]);
	});

	test('names no file that does not', () => {
		const named = [...document.matchAll(/`((?:src|serve|scripts)\/[^`]+\.\w+)`/g)].map(
			([, path = '']) => path
		);
		const paths = new Set(calling.map(({ path }) => path));
		expect(named.filter((path) => !existsSync(path) || !paths.has(path))).toEqual([]);
	});
});

describe('algorithms', () => {
	test('are those of the list', () => {
		const used = new Set(calling.flatMap(algorithmsIn));
		expect([...used].sort()).toEqual(ALGORITHMS);
	});

	test('of today’s collisions are in codes of authenticator apps only', () => {
		const using = calling.filter((source) => algorithmsIn(source).includes('sha1'));
		expect(using.map(({ path }) => path)).toEqual(['src/lib/server/auth/totp.ts']);
	});
});
