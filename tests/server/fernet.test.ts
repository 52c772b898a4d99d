/** Fernet against its specification's own vectors, and against another implementation. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '#lib/encoding/base64url.ts';
import { fromUtf8, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { fernetDecrypt, fernetEncrypt } from '#lib/server/wrap/fernet.ts';
import { random } from './person.ts';

interface Vector {
	desc?: string;
	token: string;
	now: string;
	iv?: number[];
	src?: string;
	ttl_sec?: number;
	secret: string;
}

function vectors(name: string): Vector[] {
	const text = readFileSync(new URL(`./fernet/${name}.json`, import.meta.url), 'utf8');
	return JSON.parse(text) as Vector[];
}

/** The text form of the specification, which the server has no use for: padded base64url. */
function fromText(text: string): Bytes | undefined {
	try {
		return text.length % 4 === 0 ? decode(text.replace(/={0,2}$/, '')) : undefined;
	} catch {
		return undefined;
	}
}

function toText(bytes: Bytes): string {
	const text = encode(bytes);
	return text + '='.repeat((4 - (text.length % 4)) % 4);
}

function open({ token, now, ttl_sec: maxSeconds = 60, secret }: Vector): Bytes | undefined {
	const key = fromText(secret);
	const bytes = fromText(token);
	if (key === undefined || bytes === undefined) return undefined;
	return fernetDecrypt(key, bytes, { maxSeconds, nowSeconds: Date.parse(now) / 1000 });
}

describe("Fernet's own vectors", () => {
	test.each(vectors('generate'))('$token is what comes out', ({ token, now, iv, src, secret }) => {
		const key = fromText(secret) ?? new Uint8Array();
		const seconds = Date.parse(now) / 1000;
		const made = fernetEncrypt(key, utf8(src ?? ''), seconds, Uint8Array.from(iv ?? []));
		expect(toText(made)).toBe(token);
	});

	test.each(vectors('verify'))('$token opens', (vector) => {
		expect(fromUtf8(open(vector) ?? new Uint8Array())).toBe(vector.src);
	});

	test.each(vectors('invalid'))('$desc is refused', (vector) => {
		expect(open(vector)).toBeUndefined();
	});
});

describe('fernetDecrypt', () => {
	const key = random(32);

	test.each([0, 1, 15, 16, 17, 1_000, 65_565])('opens %i bytes that were encrypted', (length) => {
		const plain = random(length);
		expect(fernetDecrypt(key, fernetEncrypt(key, plain, 1, random(16)))).toEqual(plain);
	});

	test('refuses a token in which any one byte differs', () => {
		const token = fernetEncrypt(key, utf8('one value'), 1, random(16));
		for (const index of token.keys()) {
			const changed = token.slice();
			changed[index] = (changed[index] ?? 0) ^ 1;
			expect(fernetDecrypt(key, changed)).toBeUndefined();
		}
	});

	test('refuses a token cut anywhere', () => {
		const token = fernetEncrypt(key, utf8('one value'), 1, random(16));
		for (const length of token.keys()) {
			expect(fernetDecrypt(key, token.slice(0, length))).toBeUndefined();
		}
	});

	test('refuses the key of another', () => {
		const token = fernetEncrypt(key, utf8('one value'), 1, random(16));
		expect(fernetDecrypt(random(32), token)).toBeUndefined();
	});
});

/** The interpreter of the system, where distributions put the package, then whichever comes first. */
const python = ['/usr/bin/python3', 'python3'].find(
	(program) => spawnSync(program, ['-c', 'import cryptography.fernet']).status === 0
);
if (python === undefined) {
	console.warn('skipped: python3 with the package cryptography is not installed');
}

describe.skipIf(python === undefined)("Python's cryptography", () => {
	const key = random(32);

	function run(script: string, ...parts: string[]): string {
		const program = `import sys\nfrom cryptography.fernet import Fernet\n${script}`;
		const { status, stdout } = spawnSync(python ?? '', ['-c', program, toText(key), ...parts]);
		if (status !== 0) throw new Error('python failed');
		return stdout.toString().trim();
	}

	test('reads what we wrote', () => {
		const token = fernetEncrypt(key, utf8('from here'), Date.now() / 1000, random(16));
		const script = 'print(Fernet(sys.argv[1]).decrypt(sys.argv[2].encode()).decode())';
		expect(run(script, toText(token))).toBe('from here');
	});

	test('writes what we read', () => {
		const token = fromText(run('print(Fernet(sys.argv[1]).encrypt(b"from there").decode())'));
		const plain = fernetDecrypt(key, token ?? new Uint8Array());
		expect(fromUtf8(plain ?? new Uint8Array())).toBe('from there');
	});
});
