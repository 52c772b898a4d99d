/** Bodies of every length, and of lengths that are lies, as bytes on a connection. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMIT_BODY_BYTES, SMALL_BODY_BYTES } from '#lib/api/limits.ts';
import { LONG } from '../figures.ts';
import { removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import type { Person } from '../server/person.ts';
import { settled, UNLIMITED } from './traveller.ts';

/** `requestTimeout` of server.js, and the interval at which it looks. */
const CUT_OFF_AFTER_MS = 60_000 + 5_000;

let server: ServerProcess;
let person: Person;

beforeAll(async () => {
	server = await startServer(UNLIMITED);
	person = await settled(() => server);
});

afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

function headOf(path: string, ...fields: readonly string[]): string {
	const lines = [
		`POST ${path} HTTP/1.1`,
		'Host: localhost',
		`Origin: ${server.origin}`,
		`Cookie: ${person.cookie}`,
		'Content-Type: application/json',
		...fields
	];
	return `${lines.join('\r\n')}\r\n\r\n`;
}

/**
 * Everything that comes back until the connection is closed. `end` closes the sending side: whoever does
 * that before the answer has left, for all that a server can see.
 */
function answerTo(bytes: string, end = true): Promise<string> {
	return new Promise((resolve) => {
		const chunks: Buffer[] = [];
		const socket = connect({ port: server.port, host: '127.0.0.1' }, () => {
			if (end) socket.end(bytes);
			else socket.write(bytes);
		});
		socket.on('data', (chunk) => chunks.push(chunk));
		// A connection that is reset has answered what it will.
		socket.on('error', () => undefined);
		socket.on('close', () => {
			resolve(Buffer.concat(chunks).toString());
		});
	});
}

function statusesIn(answer: string): string[] {
	return [...answer.matchAll(/^HTTP\/1\.1 (\d+) /gm)].map(([, status = '']) => status);
}

const CHALLENGE = '/api/v1/auth/challenge';
const GENUINE = JSON.stringify({ email: 'ada@example.org', purpose: 1 });

describe('a body', () => {
	test.each([
		['of nothing', 0, 400],
		['of one byte', 1, 400],
		['of the limit', SMALL_BODY_BYTES, 400],
		['of the limit and one byte', SMALL_BODY_BYTES + 1, 413]
	])('%s is told as it is', async (_, length, status) => {
		const head = headOf(CHALLENGE, `Content-Length: ${length}`, 'Connection: close');
		expect(statusesIn(await answerTo(head + 'x'.repeat(length), false))).toEqual([String(status)]);
	});

	test.each([
		['of the largest route’s limit', COMMIT_BODY_BYTES, 400],
		['of that and one byte', COMMIT_BODY_BYTES + 1, 413]
	])('%s is told as it is', async (_, length, status) => {
		const path = `/api/v1/vaults/${person.vault}/commits`;
		const head = headOf(path, `Content-Length: ${length}`, 'Connection: close');
		expect(statusesIn(await answerTo(head + 'x'.repeat(length), false))).toEqual([String(status)]);
	});

	test('in chunks is read like any other', async () => {
		const length = GENUINE.length.toString(16);
		const head = headOf(CHALLENGE, 'Transfer-Encoding: chunked', 'Connection: close');
		const answer = await answerTo(`${head}${length}\r\n${GENUINE}\r\n0\r\n\r\n`, false);
		expect(statusesIn(answer)).toEqual(['200']);
	});

	test.each([
		[
			'a byte in each of 20,000 chunks is cut off before it keeps everybody waiting',
			20_000,
			1,
			'400'
		],
		['a line in each of 400 chunks is read like any other', 400, 128, '200']
	])('%s', async (_, chunks, length, status) => {
		const head = headOf(CHALLENGE, 'Transfer-Encoding: chunked', 'Connection: close');
		const genuine = `${GENUINE.length.toString(16)}\r\n${GENUINE}\r\n`;
		// Blanks behind it are JSON still.
		const blanks = `${length.toString(16)}\r\n${' '.repeat(length)}\r\n`.repeat(chunks);
		const answer = await answerTo(`${head}${genuine}${blanks}0\r\n\r\n`, false);
		expect(statusesIn(answer)).toEqual([status]);
		expect(answer).toContain('Content-Security-Policy: ');
	});

	test('that ends before the length that it claims is never taken', async () => {
		const answer = await answerTo(headOf(CHALLENGE, 'Content-Length: 5000') + GENUINE);
		expect(statusesIn(answer)).not.toContain('200');
	});

	test('that goes on behind the length that it claims is no second request', async () => {
		const head = headOf(CHALLENGE, `Content-Length: ${GENUINE.length}`);
		const answer = await answerTo(`${head}${GENUINE}${GENUINE}`);
		// The refusal may overtake the answer to the first.
		expect(statusesIn(answer).filter((status) => status === '200').length).toBeLessThan(2);
		expect(statusesIn(answer).at(-1)).toBe('400');
	});

	test.each([
		['two lengths', ['Content-Length: 5', 'Content-Length: 6']],
		['a length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
		['chunks and then something else', ['Transfer-Encoding: chunked, identity']],
		['a length below nothing', ['Content-Length: -1']],
		['a length with a sign', ['Content-Length: +5']],
		['a length in hexadecimal', ['Content-Length: 0x5']],
		['a length of words', ['Content-Length: five']],
		['a length with a space in it', ['Content-Length: 1 0']],
		['a length beyond all numbers', [`Content-Length: ${'9'.repeat(30)}`]]
	])('with %s is refused, and nothing behind it is answered', async (_, fields) => {
		const answer = await answerTo(
			`${headOf(CHALLENGE, ...fields)}GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`
		);
		expect(statusesIn(answer)).toEqual(['400']);
		expect(answer).toContain('Content-Security-Policy: ');
	});

	test.each(['zz\r\nabc\r\n0\r\n\r\n', '-1\r\n\r\n', '3\r\nabcdef\r\n0\r\n\r\n'])(
		'whose chunks are broken is never taken: %j',
		async (chunks) => {
			const answer = await answerTo(headOf(CHALLENGE, 'Transfer-Encoding: chunked') + chunks);
			expect(statusesIn(answer)).not.toContain('200');
		}
	);

	// A minute of waiting: of the long form only.
	test.each(LONG ? ['with a length', 'in chunks'] : [])(
		'%s that stops coming is refused and cut off in time',
		async (kind) => {
			const field = kind === 'in chunks' ? 'Transfer-Encoding: chunked' : 'Content-Length: 500';
			const began = Date.now();
			const answer = await answerTo(headOf(CHALLENGE, field), false);
			expect(statusesIn(answer)).toEqual(['408']);
			// Twice the time: the machine may be busy, and a connection that is never cut off takes for ever.
			expect(Date.now() - began).toBeLessThan(2 * CUT_OFF_AFTER_MS);
		}
	);
});
