import { afterEach, describe, expect, test, vi } from 'vitest';
import { WRAPPED_KEY_BYTES } from '#lib/api/limits.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { decode, encode } from '#lib/encoding/base64url.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { NO_ID } from '#lib/keyholder/challenges.ts';
import { beginByPasskey, checkPrf, enterByPasskey } from '#lib/keyholder/passkey-sign-in.ts';
import type { PasskeyAnswer, UnlockStep } from '#lib/keyholder/views.ts';
import { challengeMessage } from '#lib/protocol/challenge.ts';
import { passkeyInput } from '#lib/protocol/slots.ts';
import { errorOf, NOW, ORIGIN } from '../../../tests/hostile/harness.ts';
import { ACCOUNT, bytes, SLOT } from '../../../tests/hostile/open-accounts.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { refusal } from '../../../tests/refusals.ts';

const GOOD = { slot: SLOT.phone, wrap: encode(bytes(1, WRAPPED_KEY_BYTES)) };

afterEach(() => {
	vi.restoreAllMocks();
});

function challenge(other: object = {}) {
	return {
		...{ account: NO_ID, slot: NO_ID, kind: 3, profile: 0, salt: encode(bytes(0, 16)) },
		...{ challenge: encode(bytes(4)), expiresAtMs: NOW, token: encode(bytes(5)), ...other }
	};
}

/** What an authenticator gives whose passkey is nobody's; of the signature nobody here takes notice. */
function nobodys(): PasskeyAnswer {
	return {
		...{ credential: bytes(6, 20), clientData: bytes(7), authenticatorData: bytes(8, 37) },
		...{ signature: bytes(9, 64), prf: bytes(10) }
	};
}

function touched(other: Partial<PasskeyAnswer> = {}): PasskeyAnswer {
	return { ...nobodys(), userHandle: decode(ACCOUNT), ...other };
}

async function entering(answers: readonly (string | object)[], answer = touched()) {
	const { link, sent } = scriptedLink([challenge(), ...answers]);
	const signIn = await beginByPasskey(link);
	const memory = new SecretMemory();
	const steps: UnlockStep[] = [];
	const enter = () => enterByPasskey(signIn, answer, (step) => steps.push(step));
	return { enter, answer, sent, memory, steps, pins: link.ports.pins };
}

describe('what a passkey is asked to sign', () => {
	test('is the challenge of nobody, for this origin, and the input of its PRF', async () => {
		const { link, sent } = scriptedLink([challenge()]);
		const { request } = await beginByPasskey(link);
		expect(sent.map(({ body }) => body)).toEqual([{ passkey: true, purpose: 1 }]);
		const message = challengeMessage({
			...{ purpose: 1, account: NO_ID, slot: NO_ID, challenge: bytes(4) },
			...{ expiresAtMs: NOW, origin: ORIGIN }
		});
		expect(request).toEqual({
			...{ challenge: await sha256(message), prfInput: await passkeyInput(), allowed: [] }
		});
	});

	test.each<[string, object, string]>([
		['an account', { account: ACCOUNT.replace(/^./, 'B') }, 'format'],
		['a slot', { slot: SLOT.phone }, 'format'],
		['another kind', { kind: 1 }, 'format'],
		['a cost', { profile: 1 }, 'format'],
		['another day', { expiresAtMs: NOW + 86_400_000 }, 'clock']
	])('names no %s', async (_, other, code) => {
		const { link } = scriptedLink([challenge(other)]);
		expect(await errorOf(() => beginByPasskey(link))).toMatchObject(refusal(code));
	});
});

describe('a passkey that was touched', () => {
	test.each<[string, Bytes | undefined]>([
		['nobody', undefined],
		['no id', bytes(1, 15)],
		['more than an id', bytes(1, 17)]
	])('names its account: %s is refused, and nothing is sent', async (_, userHandle) => {
		const touch = userHandle === undefined ? nobodys() : touched({ userHandle });
		const { enter, answer, sent } = await entering([], touch);
		expect(await errorOf(enter)).toMatchObject(refusal('invalid'));
		expect(sent).toHaveLength(1);
		expect(answer.prf).toEqual(bytes(0));
	});

	test.each([
		['no bytes', bytes(1, 0)],
		['too few', bytes(1, 31)],
		['too many', bytes(1, 33)],
		['zeros', bytes(0)]
	])('gives a result of the PRF: %s is refused, and nothing is sent', async (_, prf) => {
		const { enter, answer, sent } = await entering([], touched({ prf }));
		expect(await errorOf(enter)).toMatchObject(refusal('invalid'));
		expect(() => {
			checkPrf(bytes(1));
		}).not.toThrow();
		expect(sent).toHaveLength(1);
		expect(answer.prf.every((byte) => byte === 0)).toBe(true);
	});

	test('sends what it signed, and nothing of the PRF', async () => {
		const { enter, sent, steps } = await entering(['auth']);
		expect(await enter()).toBeUndefined();
		expect(steps).toEqual([{ step: 2 }]);
		expect(sent[1]?.body).toEqual({
			token: encode(bytes(5)),
			assertion: {
				...{ credential: encode(bytes(6, 20)), clientData: encode(bytes(7)) },
				...{ authenticatorData: encode(bytes(8, 37)), signature: encode(bytes(9, 64)) }
			}
		});
	});

	test.each(['second-factor', 'link'])('needs no %s: it is a failure', async (code) => {
		const { enter } = await entering([code]);
		expect(await errorOf(enter)).toMatchObject(refusal('failed'));
	});

	test('asks for what came after the pin of its account', async () => {
		const { enter, sent, pins } = await entering([GOOD]);
		const pin = { generation: 1, seq: 6, head: bytes(), vaults: {} };
		await pins.save({ account: { id: ACCOUNT, pin, descendsFrom: () => true } });
		expect(await errorOf(enter)).toMatchObject(refusal('offline'));
		expect(sent.at(-1)?.request).toBe('GET /api/v1/account?after=6');
	});

	test.each([
		['is not known', ['auth']],
		['is not answered', []],
		['is let in and the account is not served', [GOOD]]
	])('leaves nothing in memory where it %s', async (_, answers) => {
		const { enter, answer, memory } = await entering(answers);
		await enter().catch(() => undefined);
		expect(answer.prf).toEqual(bytes(0));
		expect(memory.left()).toEqual([]);
	});
});
