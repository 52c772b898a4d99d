import { describe, expect, test } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { EnvError, envsOf, readEnv } from '#lib/server/env.ts';
import { LIMITS } from '#lib/server/limit-table.ts';

const KEY = encode(new Uint8Array(32).fill(1));
const OTHER = encode(new Uint8Array(32).fill(2));
const GOOD = { ORIGIN: 'https://keys.example.org', ENCRYPTION_KEYS: KEY };

function faults(variables: Record<string, string | undefined>): readonly string[] {
	try {
		readEnv(variables);
	} catch (error) {
		if (error instanceof EnvError) return error.faults;
	}
	return [];
}

describe('readEnv', () => {
	test('needs an origin and keys, and has a default for everything else', () => {
		expect(readEnv(GOOD)).toMatchObject({
			port: 3000,
			host: '127.0.0.1',
			origin: 'https://keys.example.org',
			dataDir: './data',
			databaseUrl: 'file:./data/keyhold.db',
			registration: 'open',
			logLevel: 'info'
		});
	});

	test('puts the database into DATA_DIR', () => {
		expect(readEnv({ ...GOOD, DATA_DIR: '/srv/k' }).databaseUrl).toBe('file:/srv/k/keyhold.db');
	});

	test('takes several keys, padded or not, in their order', () => {
		const { encryptionKeys } = readEnv({ ...GOOD, ENCRYPTION_KEYS: `${KEY}=, ${OTHER}` });
		expect(encryptionKeys.map((key) => key[0])).toEqual([1, 2]);
	});

	test('has a default for each limit of the table', () => {
		const { limits } = readEnv(GOOD);
		for (const { name, fallback } of LIMITS) {
			expect(`${limits[name].count}/${limits[name].window}`).toBe(fallback);
		}
	});

	test.each(LIMITS)('takes $variable', ({ name, variable }) => {
		expect(readEnv({ ...GOOD, [variable]: '7/2h' }).limits[name]).toEqual({
			count: 7,
			window: '2h',
			windowMs: 7_200_000
		});
	});

	test('counts an empty value as one that is not set', () => {
		expect(readEnv({ ...GOOD, PORT: '', REGISTRATION: '' }).port).toBe(3000);
	});

	test('tells all faults at once, one line each', () => {
		const told = faults({
			PORT: 'http',
			REGISTRATION: 'maybe',
			LIMIT_AUTH: 'many',
			XFF_DEPTH: '2'
		});
		expect(told.map((line) => line.split(':')[0])).toEqual([
			'PORT',
			'ORIGIN',
			'ENCRYPTION_KEYS',
			'REGISTRATION',
			'LIMIT_AUTH',
			'XFF_DEPTH'
		]);
		expect(told.every((line) => !line.includes('\n'))).toBe(true);
	});

	test.each([
		['keys.example.org', 'must be an address'],
		['ftp://keys.example.org', 'must begin with https://'],
		['https://keys.example.org/', 'alone: https://keys.example.org'],
		['https://keys.example.org/vault', 'alone'],
		['https://KEYS.example.org', 'alone'],
		['https://keys.example.org:443', 'alone'],
		['http://keys.example.org', 'must be https:// unless'],
		['http://192.168.1.5:3000', 'must be https:// unless']
	])('refuses the origin %s', (origin, reason) => {
		expect(faults({ ...GOOD, ORIGIN: origin })[0]).toContain(reason);
	});

	test.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])(
		'takes the own machine without https: %s',
		(origin) => {
			expect(readEnv({ ...GOOD, ORIGIN: origin }).origin).toBe(origin);
		}
	);

	test.each([
		['short', 'key 1 of 1 is not 32 bytes'],
		[`${KEY},`, 'key 2 of 2 is not 32 bytes'],
		[`${KEY},${KEY}`, 'key 2 of 2 is there twice'],
		[`${KEY},+${OTHER.slice(1)}`, 'key 2 of 2 is not 32 bytes']
	])('refuses the keys %s', (keys, reason) => {
		expect(faults({ ...GOOD, ENCRYPTION_KEYS: keys })[0]).toContain(reason);
	});

	test('never repeats a key in a fault', () => {
		const told = faults({ ...GOOD, ENCRYPTION_KEYS: `${KEY},${KEY},short-secret` });
		expect(told.join()).not.toMatch(new RegExp(`${KEY}|short-secret`));
	});

	test.each(['file::memory:', 'postgres://db', ':memory:', 'file:'])(
		'refuses the database %s',
		(url) => {
			expect(faults({ ...GOOD, DATABASE_URL: url })[0]).toContain('DATABASE_URL');
		}
	);

	test.each(['wss://db.example.org', 'ws://db.example.org', 'sqld://db'])(
		'refuses the database %s',
		(url) => {
			expect(faults({ ...GOOD, DATABASE_URL: url })[0]).toContain('DATABASE_URL');
		}
	);

	test('takes a replica of a libSQL server', () => {
		const urls = { DATABASE_URL: 'libsql://db', DATABASE_READ_URL: 'http://near:8080' };
		expect(readEnv({ ...GOOD, ...urls }).databaseReadUrl).toBe('http://near:8080');
	});

	test.each([
		[{ DATABASE_READ_URL: 'http://near' }, 'means nothing unless'],
		[{ DATABASE_URL: 'file:a.db', DATABASE_READ_URL: 'http://near' }, 'means nothing unless'],
		[{ DATABASE_URL: 'libsql://db', DATABASE_READ_URL: 'file:a.db' }, 'must be the address']
	])('refuses the replica of %j', (urls, reason) => {
		expect(faults({ ...GOOD, ...urls })).toEqual([
			expect.stringMatching(`^DATABASE_READ_URL: ${reason}`)
		]);
	});

	test('takes several databases in place of one, and says of each which it is', () => {
		const env = readEnv({ ...GOOD, DATABASE_SHARDS: 'http://a, libsql://b' });
		expect(envsOf(env).map(({ databaseUrl, shard }) => [databaseUrl, shard])).toEqual([
			['http://a', { index: 0, count: 2 }],
			['libsql://b', { index: 1, count: 2 }]
		]);
	});

	test('has one database unless several are named', () => {
		expect(envsOf(readEnv(GOOD))).toEqual([readEnv(GOOD)]);
	});

	test.each([
		[{ DATABASE_SHARDS: 'http://a' }, 'DATABASE_SHARDS: must be 2 to 64 different'],
		[{ DATABASE_SHARDS: 'http://a,http://a' }, 'DATABASE_SHARDS: must be 2 to 64 different'],
		[{ DATABASE_SHARDS: 'http://a,file:b.db' }, 'DATABASE_SHARDS: must be 2 to 64 different'],
		[
			{ DATABASE_SHARDS: 'http://a,http://b', DATABASE_URL: 'http://c' },
			'DATABASE_SHARDS, DATABASE_URL: one takes the place'
		],
		[
			{ DATABASE_SHARDS: 'http://a,http://b', DATABASE_READ_URL: 'http://c' },
			'DATABASE_READ_URL: means nothing'
		]
	])('refuses the databases of %j', (urls, reason) => {
		expect(faults({ ...GOOD, ...urls })).toEqual([expect.stringContaining(reason)]);
	});

	test.each(['0', '65536', '3000.5', '-1', '1e3', ' 3000'])('refuses the port "%s"', (port) => {
		expect(faults({ ...GOOD, PORT: port })).toEqual([
			'PORT: must be a whole number from 1 to 65535'
		]);
	});

	test.each(['0/m', '10', '10/3m', '10/m/m', '-1/m', '1.5/m', 'x/m'])(
		'refuses the limit "%s"',
		(rate) => {
			expect(faults({ ...GOOD, LIMIT_READS: rate })[0]).toContain(
				'LIMIT_READS: must be COUNT/TIME'
			);
		}
	);
});

describe('readEnv, about mail', () => {
	const URL_ = 'smtps://keyhold:p%40ss@mail.example.org';

	test('sends none unless it is told to', () => {
		expect(readEnv(GOOD).smtp).toBeUndefined();
	});

	test.each([
		['keyhold@example.org', '', 'keyhold@example.org'],
		['Keyhold <keyhold@example.org>', 'Keyhold', 'keyhold@example.org'],
		['Keys, of us <k@example.org>', 'Keys, of us', 'k@example.org'],
		['<k@localhost>', '', 'k@localhost']
	])('takes %s as who sends it', (from, name, address) => {
		const { smtp } = readEnv({ ...GOOD, SMTP_URL: URL_, MAIL_FROM: from });
		expect(smtp).toEqual({ url: URL_, from: { name, address } });
	});

	test.each([
		'nobody',
		'a@b@example.org',
		'a@example.org, b@example.org',
		'Key\r\nBcc: x <a@example.org>',
		'"Quoted" <a@example.org>',
		'Keyhold <a@example.org> <b@example.org>'
	])('refuses %j as who sends it', (from) => {
		expect(faults({ ...GOOD, SMTP_URL: URL_, MAIL_FROM: from })).toEqual([
			expect.stringMatching(/^MAIL_FROM: must be an address/)
		]);
	});

	test.each(['mail.example.org', 'http://mail.example.org', 'smtp://', 'smtp:mail'])(
		'refuses %s as where it goes, and does not repeat it',
		(url) => {
			const [fault, ...more] = faults({ ...GOOD, SMTP_URL: url, MAIL_FROM: 'a@example.org' });
			expect(fault).toMatch(/^SMTP_URL: must be smtp:\/\/HOST/);
			expect(more).toEqual([]);
		}
	);

	test.each([{ SMTP_URL: URL_ }, { MAIL_FROM: 'a@example.org' }])('needs both', (half) => {
		expect(faults({ ...GOOD, ...half })).toEqual([
			'SMTP_URL, MAIL_FROM: one means nothing without the other'
		]);
	});
});
