/** .env.example documents what the server reads: no more, no less, and with the true defaults. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '#lib/server/limit-table.ts';

const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const documented = [...text.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);

const OTHERS = [
	'ORIGIN',
	'HOST',
	'PORT',
	'ADDRESS_HEADER',
	'XFF_DEPTH',
	'DATA_DIR',
	'DATABASE_URL',
	'DATABASE_AUTH_TOKEN',
	'ENCRYPTION_KEYS',
	'REGISTRATION',
	'SMTP_URL',
	'MAIL_FROM',
	'LOG_LEVEL',
	'METRICS_TOKEN'
];

describe('.env.example', () => {
	test('names every variable once', () => {
		expect(documented).toEqual([...OTHERS, ...LIMITS.map(({ variable }) => variable)]);
	});

	test.each(LIMITS)('says what $variable counts, and its default', (limit) => {
		expect(text).toContain(`# ${limit.counts}\n#${limit.variable}=${limit.fallback}\n`);
	});
});
