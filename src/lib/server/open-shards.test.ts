import { LibsqlError } from '@libsql/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { readEnv, type Env } from '#lib/server/env.ts';
import { AwayError, StartError, UnansweredError } from '#lib/server/errors.ts';
import { openShards } from '#lib/server/open-shards.ts';
import type { Server } from '#lib/server/server.ts';
import { Shards } from '#lib/server/shards.ts';

const RETRY_MS = 5_000;
const env = readEnv({
	ORIGIN: 'https://keys.example.org',
	ENCRYPTION_KEYS: encode(new Uint8Array(32)),
	DATABASE_SHARDS: 'http://one.example.org,http://two.example.org'
});

let shards: Shards;
/** What the log was told, and why. */
let lines: string[];
let closed: number;

beforeEach(() => {
	vi.useFakeTimers();
	shards = new Shards(2);
	lines = [];
	closed = 0;
});

afterEach(() => {
	vi.useRealTimers();
});

/** Opens both; the second one throws the next of the faults as long as there are some. */
async function open(faults: Error[]): Promise<Server> {
	const one = {
		ready: () => Promise.resolve(true),
		close: () => {
			closed++;
			return Promise.resolve();
		}
	} as Partial<Server> as Server;
	return await openShards(env, {
		shards,
		log: { write: (_level, event, fields) => lines.push(`${event}: ${fields?.reason ?? ''}`) },
		open: ({ shard }: Env) => {
			const [fault] = shard?.index === 1 ? faults.splice(0, 1) : [];
			return fault === undefined ? Promise.resolve(one) : Promise.reject(fault);
		}
	});
}

function refusal(status: number): LibsqlError {
	const cause = Object.assign(new Error('answered'), { status });
	return new LibsqlError('answered', 'SERVER_ERROR', undefined, undefined, cause);
}

const AWAY = [
	['does not answer', new AwayError('it does not answer')],
	['takes too long', new UnansweredError('busy', 'the database took too long', 5)],
	[
		'refuses connections',
		new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) })
	],
	['is cut off', new DOMException('late', 'TimeoutError')],
	['stands behind a proxy that does not reach it', refusal(502)],
	['keeps a write waiting', new LibsqlError('database is locked', 'SQLITE_BUSY')]
] as const;

const FAULTS = [
	['is damaged', new LibsqlError('database disk image is malformed', 'SQLITE_CORRUPT')],
	['knows no such database', refusal(404)],
	['leads elsewhere', new TypeError('fetch failed', { cause: new Error('unexpected redirect') })],
	['is of a newer version', new StartError('a newer version of Keyhold made this database')],
	['meets a mistake of the program', new TypeError('x is not a function')]
] as const;

describe('openShards', () => {
	test.each(AWAY)('serves the others while one %s', async (_how, fault) => {
		const server = await open([fault]);
		expect(shards.open()).toHaveLength(1);
		expect(await server.ready()).toBe(true);
		await server.close();
	});

	test.each(FAULTS)('does not start where one %s, and says which', async (_how, fault) => {
		await expect(open([fault])).rejects.toThrow(/^database 2 of 2: /);
		await expect(open([fault])).rejects.toBeInstanceOf(StartError);
		expect(closed).toBe(2);
	});

	test('opens one that was away as soon as it answers', async () => {
		const server = await open([AWAY[0][1], AWAY[0][1]]);
		await vi.advanceTimersByTimeAsync(RETRY_MS);
		expect(shards.open()).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(RETRY_MS);
		expect(shards.open()).toHaveLength(2);
		await server.close();
		expect(closed).toBe(2);
	});

	test('says once that one is away, then only what has changed', async () => {
		const [first, second] = [new AwayError('silent'), new AwayError('refusing')];
		const server = await open([first, first, first, second, second]);
		await vi.advanceTimersByTimeAsync(5 * RETRY_MS);
		expect(lines).toEqual([
			'a database could not be opened: database 2 of 2: silent',
			'a database could not be opened: database 2 of 2: refusing',
			'a database is open now: database 2 of 2'
		]);
		await server.close();
	});

	test('opens no more of them after it was closed', async () => {
		const server = await open([AWAY[0][1]]);
		await server.close();
		await vi.advanceTimersByTimeAsync(2 * RETRY_MS);
		expect(shards.open()).toHaveLength(1);
	});
});
