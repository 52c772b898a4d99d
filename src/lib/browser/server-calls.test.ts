import { describe, expect, test } from 'vitest';
import type { Fetch } from '#lib/api/client.ts';
import { FaultError } from '#lib/browser/fault.ts';
import { tokenIn } from '#lib/browser/mailed-token.ts';
import { ServerCalls } from '#lib/browser/server-calls.ts';
import { encode } from '#lib/encoding/base64url.ts';

const ORIGIN = 'https://vault.example.org';
const TOKEN = new Uint8Array(32).fill(7);
const TEXT = encode(TOKEN);

/** A server that answers with `json` and notes what it was asked. */
function serverOf(json?: object, status = 200): { calls: ServerCalls; asked: string[] } {
	const asked: string[] = [];
	const type = status >= 400 ? 'application/problem+json' : 'application/json';
	const fetch: Fetch = (url, { method, body }) => {
		asked.push(
			`${method ?? ''} ${url.slice(ORIGIN.length)} ${typeof body === 'string' ? body : ''}`
		);
		if (json === undefined) return Promise.resolve(new Response(null, { status: 204 }));
		const headers = { 'content-type': type };
		return Promise.resolve(new Response(JSON.stringify(json), { status, headers }));
	};
	return { calls: new ServerCalls(ORIGIN, fetch), asked };
}

describe('ServerCalls', () => {
	test('reads what a visitor must know of the server', async () => {
		const info = { mail: true, registration: 'invite', setupCode: false };
		expect(await serverOf(info).calls.info()).toEqual(info);
	});

	test('reads the time of the server', async () => {
		const date = 'Sat, 28 Nov 2026 12:31:54 GMT';
		const fetch: Fetch = () => Promise.resolve(new Response('{}', { headers: { date } }));
		expect(await new ServerCalls(ORIGIN, fetch).time()).toBe(Date.UTC(2026, 10, 28, 12, 31, 54));
	});

	test('has no time where the server says none', async () => {
		await expect(serverOf({}).calls.time()).rejects.toThrow(FaultError);
	});

	test('follows the links of mails', async () => {
		const { calls, asked } = serverOf();
		await calls.confirm(TOKEN);
		await calls.stopErasure(TOKEN);
		await calls.confirmEmailChange(TOKEN);
		const body = `{"token":"${TEXT}"}`;
		expect(asked).toEqual([
			`POST /api/v1/confirmations ${body}`,
			`POST /api/v1/erasures/stops ${body}`,
			`POST /api/v1/email-changes/confirmations ${body}`
		]);
		const eraseAtMs = 1_700_000_000_000;
		expect(await serverOf({ eraseAtMs }).calls.beginErasure(TOKEN)).toEqual({ eraseAtMs });
	});

	test('asks for mails', async () => {
		const { calls, asked } = serverOf();
		await calls.askConfirmationMail('ada@example.org');
		await calls.askRecoveryMail('ada@example.org');
		await calls.askErasureMail('ada@example.org');
		expect(asked.map((each) => each.split(' ')[1])).toEqual([
			'/api/v1/confirmations/mails',
			'/api/v1/recoveries/mails',
			'/api/v1/erasures/mails'
		]);
	});

	test('makes a fault of whatever goes wrong', async () => {
		const problem = { type: 'about:blank', title: 'x', status: 403, code: 'link' };
		const failing: [ServerCalls, string][] = [
			[serverOf(problem, 403).calls, 'link'],
			[serverOf({ mail: 'yes' }).calls, 'format'],
			[new ServerCalls(ORIGIN, () => Promise.reject(new TypeError('no'))), 'offline']
		];
		for (const [calls, code] of failing) {
			const error: unknown = await calls.info().catch((thrown: unknown) => thrown);
			expect(error).toBeInstanceOf(FaultError);
			expect((error as FaultError).fault.code).toBe(code);
		}
	});
});

describe('tokenIn', () => {
	test('finds the token of a link', () => {
		expect(tokenIn(`#${TEXT}`)).toEqual(TOKEN);
		expect(tokenIn(`#invite=${TEXT}`, 'invite')).toEqual(TOKEN);
	});

	test.each(['', '#', '#short', `#${TEXT}x`, `#${TEXT.slice(1)}`, `#invite=${TEXT}`, TEXT])(
		'finds none in %j',
		(fragment) => {
			expect(tokenIn(fragment)).toBeUndefined();
		}
	);
});
