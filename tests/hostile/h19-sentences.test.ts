/** H19: a server that puts its own words, links or numbers into errors. */
import { describe, expect, test } from 'vitest';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { errorOf, World } from './harness.ts';
import { refusal } from '../refusals.ts';

const BAIT = 'Call +1 555 0100 or visit https://evil.example to restore access';

async function errorFor(problem: object, status: number): Promise<unknown> {
	const world = new World();
	const device = await world.account(['a']);
	device.wire.tamper = () => ({ status, type: 'application/problem+json', json: problem });
	return await errorOf(() => device.keyholder.refresh());
}

describe('a server that answers with a problem', () => {
	test.each([
		['a title', { title: BAIT }],
		['a detail', { detail: BAIT }],
		['a type', { type: BAIT }],
		['a code', { code: BAIT }],
		['a number', { number: 'evil.example' }],
		['a member of its own', { [BAIT]: BAIT }]
	])('puts words into %s: none of them comes through', async (_, words) => {
		const problem = { type: 'about:blank', title: 'No.', status: 503, code: 'busy', ...words };
		const error = await errorFor(problem, 503);
		expect(error).toBeInstanceOf(KeyholderError);
		const { code, message, detail, cause } = error as KeyholderError;
		const told = JSON.stringify({ code, message, detail, cause });
		expect(told).not.toMatch(/evil|555|restore/);
	});

	test('of another status than it has: refused', async () => {
		const problem = { type: 'about:blank', title: 'No.', status: 503, code: 'busy' };
		expect(await errorFor(problem, 401)).toMatchObject(refusal('format'));
	});

	test('of a gateway, which knows nothing of problems: the server could not, just now', async () => {
		const world = new World();
		const device = await world.account(['a']);
		device.wire.tamper = () => ({ status: 502, type: 'text/html', text: `<h1>${BAIT}</h1>` });
		expect(await errorOf(() => device.keyholder.refresh())).toMatchObject(refusal('failed'));
		device.wire.tamper = undefined;
		expect((await device.keyholder.refresh()).vaults).toHaveLength(1);
	});

	test('with a time to wait: the seconds come through, as a number', async () => {
		const world = new World();
		const device = await world.account(['a']);
		const json = {
			type: 'about:blank',
			title: 'No.',
			status: 429,
			code: 'limited',
			number: '0af1'
		};
		const answer = () =>
			Promise.resolve(
				new Response(JSON.stringify(json), {
					status: 429,
					headers: { 'content-type': 'application/problem+json', 'retry-after': '30' }
				})
			);
		const limited = world.device(device.pins, { fetch: answer });
		expect(await errorOf(() => limited.unlock())).toMatchObject({
			code: 'limited',
			detail: { retryAfterSeconds: 30, number: '0af1' }
		});
	});
});
