/** H21: a server that attacks the parser. */
import { describe, expect, test } from 'vitest';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { errorOf, World } from './harness.ts';
import { changing, vaultPath, type Members } from './moves.ts';
import { refusal } from '../refusals.ts';

/** Texts that stand in the place of a whole answer; `genuine` is what it would have been. */
const TEXTS: [string, (genuine: string) => string][] = [
	['a member named __proto__', (genuine) => genuine.replace('{', '{"__proto__":{"isAdmin":true},')],
	['a member named constructor', (genuine) => genuine.replace('{', '{"constructor":{},')],
	['a member named toJSON', (genuine) => genuine.replace('{', '{"toJSON":1,')],
	['depth 10,000', () => `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
	[
		'depth 10,000 in a member',
		(genuine) => genuine.replace('{', `{"x":${'{"x":'.repeat(10_000)}1${'}'.repeat(10_000)},`)
	],
	['2^53 + 1 for a number', (genuine) => genuine.replace(/"seq":\d+/, '"seq":9007199254740993')],
	['2^53 for a number', (genuine) => genuine.replace(/"seq":\d+/, '"seq":9007199254740992')],
	['1e400 for a number', (genuine) => genuine.replace(/"seq":\d+/, '"seq":1e400')],
	['minus zero for a number', (genuine) => genuine.replace(/"seq":\d+/, '"seq":-0')],
	[
		'a string of 4 MiB',
		(genuine) => genuine.replace('{', `{"x":"${'x'.repeat(4 * 1024 * 1024)}",`)
	],
	[
		'a blob of 4 MiB',
		(genuine) => genuine.replace(/"blob":"[^"]*"/, `"blob":"${'A'.repeat(4 * 1024 * 1024)}"`)
	],
	['a lone surrogate', (genuine) => genuine.replace('{', '{"x":"\\ud800",')],
	['a comment', (genuine) => `/* */${genuine}`],
	['nothing at all', () => '']
];

describe.each(['account', 'vault'])('a server that answers about the %s', (what) => {
	test.each(TEXTS)('with %s: refused', async (_, change) => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		const path = what === 'account' ? '/account' : vaultPath(world);
		device.wire.tamper = ({ json, status }, request) =>
			request.path.split('?', 1)[0]?.endsWith(path) === true && status < 300
				? { text: change(JSON.stringify(json)) }
				: undefined;
		await world.refused(device, 'format', () => device.unlock());
		expect(({} as Members)['isAdmin']).toBeUndefined();
	});
});

describe('a server that names a member twice', () => {
	test('with two values: the account opens with genuine records or not at all', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		for (const first of [true, false]) {
			world.server.endSessions();
			device.wire.forgeries = device.wire.sentAfterForgery = 0;
			const twice = (json: Members) => {
				const text = JSON.stringify(json);
				return first
					? text.replace('{', '{"generation":9,')
					: text.replace(/}$/, ',"generation":9}');
			};
			device.wire.tamper = ({ json, status }, request) =>
				request.path.includes('/account') && status < 300
					? { text: twice(json as Members) }
					: undefined;
			if (first) await device.unlock();
			else await world.refused(device, 'integrity', () => device.unlock());
			device.keyholder.lock();
		}
	});
});

describe('a server that says of its answer', () => {
	test.each([
		[
			'that it is larger than any may be',
			{ 'content-type': 'application/json', 'content-length': '999999999999' }
		],
		['that it is text', { 'content-type': 'text/plain' }],
		['nothing', {}]
	])('%s: refused', async (_, headers) => {
		const world = new World();
		await world.account();
		const inner = world.server.device();
		const device = world.device(undefined, {
			fetch: async (url, init) => {
				const response = await inner(url, init);
				return new Response(new Blob([await response.text()]), { headers: { ...headers } });
			}
		});
		const error = await errorOf(() => device.unlock());
		expect(error).toBeInstanceOf(KeyholderError);
		expect(error).toMatchObject(refusal('format'));
	});

	test('a good status, and sends a problem: refused as the problem of another status', async () => {
		const world = new World();
		const device = await world.knownDevice(['a']);
		device.wire.tamper = changing('/account', () => ({ code: 'auth' }));
		await world.refused(device, 'format', () => device.unlock());
	});
});
