/** .env.example documents what the server reads: no more, no less, and with the true defaults. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readEnv, VARIABLES } from '#lib/server/env.ts';
import { LIMITS } from '#lib/server/limit-table.ts';

const KEY = Buffer.alloc(32).toString('base64url');
const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const documented = [...text.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name = '']) => name);

describe('.env.example', () => {
	test('names every variable once', () => {
		expect(documented.toSorted()).toEqual(VARIABLES.toSorted());
	});

	test('gives the true defaults of what an account may hold', () => {
		const { share } = readEnv({ ORIGIN: 'https://keys.example.org', ENCRYPTION_KEYS: KEY });
		expect(text).toContain(`#LIMIT_ACCOUNT_BYTES=${String(share.bytes)}\n`);
		expect(text).toContain(`#LIMIT_ACCOUNT_KEYS=${String(share.keys)}\n`);
	});

	test.each(LIMITS)('says what $variable counts, and its default', (limit) => {
		expect(text).toContain(`# ${limit.counts}\n#${limit.variable}=${limit.fallback}\n`);
	});
});
