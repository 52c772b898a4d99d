import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ActionPurpose } from '#lib/api/auth.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { ActionProof, neededProof, proving } from '#lib/keyholder/action-proof.ts';
import { Holding } from '#lib/keyholder/holding.ts';
import { actionHash, challengeMessage } from '#lib/protocol/challenge.ts';
import { errorOf, NOW, ORIGIN } from '../../../tests/hostile/harness.ts';
import { ACCOUNT, accountOf, bytes, SLOT } from '../../../tests/hostile/open-accounts.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';
import { refusal } from '../../../tests/refusals.ts';

const TEN_MINUTES = 600_000;
const slot = { id: SLOT.password, kind: 1, profile: 1 } as const;
const request = { method: 'POST', path: '/api/v1/account/rotation', body: bytes(7) };

/** Signs by handing out the message. */
const signing = {
	publicKey: bytes(),
	sign: (message: Uint8Array) => Promise.resolve(new Uint8Array(message))
};

function proof(): ActionProof {
	return new ActionProof(slot, signing, NOW);
}

function challenge(other: object = {}) {
	const [short, long] = [16, 32].map((length) => encode(bytes(0, length)));
	return {
		...{ account: ACCOUNT, slot: slot.id, kind: 1, profile: 1, salt: short },
		...{ challenge: long, expiresAtMs: NOW, token: long, ...other }
	};
}

function held(answers: readonly (string | object)[], now = () => NOW) {
	const { link, sent } = scriptedLink(answers, { now });
	return { holding: new Holding(link, accountOf()), sent };
}

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
	vi.unstubAllGlobals();
});

describe('what the password gave', () => {
	test('signs for ten minutes, and not a moment longer', () => {
		const proved = proof();
		expect(proved.isGood(NOW + TEN_MINUTES - 1)).toBe(true);
		expect(proved.signing(NOW + TEN_MINUTES - 1)).toBe(signing);
		expect(proved.isGood(NOW + TEN_MINUTES)).toBe(false);
		expect(() => proved.signing(NOW + TEN_MINUTES)).toThrow(
			expect.objectContaining(refusal('proof')) as Error
		);
	});

	test('is forgotten then, whatever the clock says afterwards', () => {
		const proved = proof();
		expect(() => proved.signing(NOW + TEN_MINUTES)).toThrow();
		expect(proved.isGood(NOW)).toBe(false);
		expect(() => proved.signing(NOW)).toThrow('proved too long ago');
	});

	test('is forgotten after ten minutes that nobody asked in', () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		const proved = proof();
		vi.advanceTimersByTime(TEN_MINUTES - 1);
		expect(proved.isGood(NOW)).toBe(true);
		vi.advanceTimersByTime(1);
		expect(proved.isGood(NOW)).toBe(false);
	});

	test('is forgotten at once when it ends, and leaves no timer', () => {
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		const proved = proof();
		expect(vi.getTimerCount()).toBe(1);
		proved.end();
		expect(vi.getTimerCount()).toBe(0);
		expect(proved.isGood(NOW)).toBe(false);
	});

	test('keeps no process alive', () => {
		const timers = vi.spyOn(globalThis, 'setTimeout');
		const proved = proof();
		const timer = timers.mock.results[0]?.value as NodeJS.Timeout;
		expect(timer.hasRef()).toBe(false);
		proved.end();
	});

	test('signs in a browser, whose timers are numbers', () => {
		vi.stubGlobal('setTimeout', () => 7);
		expect(proof().isGood(NOW)).toBe(true);
	});
});

describe('a proof that is needed', () => {
	test('is the one that is there', () => {
		const proved = proof();
		expect(neededProof(held([]).holding, proved)).toBe(proved);
	});

	test.each([
		['is none', undefined, NOW],
		['has ended', proof(), NOW + TEN_MINUTES]
	])('is asked for where there %s', (_, proved, now) => {
		const { holding } = held([], () => now);
		expect(() => neededProof(holding, proved)).toThrow(
			expect.objectContaining(refusal('proof')) as Error
		);
	});
});

describe('a request that is proved', () => {
	test('is signed with what it does, for the purpose and the challenge of its slot', async () => {
		const { holding, sent } = held([challenge()]);
		const { token, ...rest } = await proving(holding, proof(), 4)(request);
		expect(sent.map(({ body }) => body)).toEqual([{ slot: slot.id, purpose: 4 }]);
		expect(token).toEqual(bytes(0));
		const message = challengeMessage({
			...{ purpose: 4, account: ACCOUNT, slot: slot.id, challenge: bytes(0) },
			...{ expiresAtMs: NOW, origin: ORIGIN },
			actionHash: await actionHash(request.method, request.path, request.body)
		});
		expect(rest).toEqual({ signature: message });
	});

	test.each<[string, object, string]>([
		['another account', { account: SLOT.kit }, 'rollback'],
		['another slot', { slot: SLOT.kit }, 'integrity'],
		['another kind', { kind: 2 }, 'format'],
		['another profile', { profile: 2 }, 'kdf-refused'],
		['another day', { expiresAtMs: NOW + 86_400_000 }, 'clock']
	])('is not signed for %s', async (_, other, code) => {
		const { holding } = held([challenge(other)]);
		const error = await errorOf(() => proving(holding, proof(), 2)(request));
		expect(error).toMatchObject(refusal(code));
	});

	test('is not signed once the proof has ended, even while a challenge was asked for', async () => {
		let now = NOW;
		const proved = proof();
		const { holding } = held([challenge({ expiresAtMs: NOW + TEN_MINUTES })], () => now);
		const purpose: ActionPurpose = 2;
		const proves = proving(holding, proved, purpose);
		now += TEN_MINUTES;
		expect(await errorOf(() => proves(request))).toMatchObject(refusal('proof'));
	});
});
