import { describe, expect, test } from 'vitest';
import { openingRoutes } from '#lib/api/opening-routes.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { errorOf } from '../../../tests/hostile/harness.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';
import { refusal } from '../../../tests/refusals.ts';

describe('the way to the server', () => {
	test('is open from an unlock on', async () => {
		const { link, sent } = scriptedLink([{}]);
		expect(await link.call(openingRoutes.erasureState)).toEqual({});
		expect(sent.map(({ request }) => request)).toEqual(['GET /api/v1/account/erasure']);
	});

	test('is closed by a lock: nothing is sent', async () => {
		const { link, life, sent } = scriptedLink([{}]);
		life.end();
		const error = await errorOf(() => link.call(openingRoutes.erasureState));
		expect(error).toMatchObject(refusal('locked'));
		expect(sent).toEqual([]);
	});

	test('is closed by a server that was found out, and says what for', async () => {
		const { link, life, sent } = scriptedLink([{}]);
		const fault = new KeyholderError('rollback', 'an older state');
		life.stop(fault);
		expect(await errorOf(() => link.call(openingRoutes.erasureState))).toBe(fault);
		expect(sent).toEqual([]);
	});

	test('is closed by a lock while an answer is on its way, which is not heard', async () => {
		const { link, life } = scriptedLink([{}]);
		const answer = errorOf(() => link.call(openingRoutes.erasureState));
		life.end();
		expect(await answer).toMatchObject(refusal('locked'));
	});

	test('is closed by a lock while what is sent is still made, and says so', async () => {
		const { link, life, sent } = scriptedLink([{}]);
		const proof = () => {
			life.end();
			return Promise.resolve({ token: new Uint8Array(32), signature: new Uint8Array(64) });
		};
		const error = await errorOf(() => link.call(openingRoutes.erasureState, { proof }));
		expect(error).toMatchObject(refusal('locked'));
		expect(sent).toEqual([]);
	});

	test('says that a connection was lost where it was', async () => {
		const { link } = scriptedLink([]);
		const error = await errorOf(() => link.call(openingRoutes.erasureState));
		expect(error).toMatchObject(refusal('offline'));
	});
});
