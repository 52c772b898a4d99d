import { afterEach, describe, expect, test, vi } from 'vitest';
import { ACCOUNT_MANIFEST_MIN_BYTES, WRAPPED_KEY_BYTES } from '#lib/api/limits.ts';
import type { Id } from '#lib/api/wire.ts';
import { encode } from '#lib/encoding/base64url.ts';
import {
	askByEmail,
	askToUnlock,
	derivePasswordKeys,
	hasEnded,
	kitKeys,
	messageOf,
	passkeyKek,
	verify,
	verifyAssertion,
	type Asked
} from '#lib/keyholder/proving.ts';
import { readTyped } from '#lib/keyholder/typed.ts';
import { EMAIL, errorOf, NOW, ORIGIN, PASSWORD } from '../../../tests/hostile/harness.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { refusal } from '../../../tests/refusals.ts';

const ACCOUNT = 'A'.repeat(22);
const SLOT = `${'B'.repeat(21)}A`;
const OTHER = `${'C'.repeat(21)}A`;
const WRAP = encode(new Uint8Array(WRAPPED_KEY_BYTES));

const typed = readTyped(` ${EMAIL.toUpperCase()}`, PASSWORD);
const emailPin = { account: ACCOUNT, profile: 1 };
const accountPin = { generation: 1, seq: 7, head: new Uint8Array(32), vaults: {} };
const from = { profile: 1, salt: new Uint8Array(16) };

function challenge(slot: Id = SLOT) {
	const [short, long] = [16, 32].map((size) => encode(new Uint8Array(size)));
	return {
		...{ account: ACCOUNT, slot, kind: 1, profile: 1, salt: short },
		...{ challenge: long, expiresAtMs: NOW, token: long }
	};
}

/** What a server says of the account that it has a session for. */
function head(slots: readonly object[] = [passwordSlot, kitSlot], account: Id = ACCOUNT) {
	const blob = encode(new Uint8Array(ACCOUNT_MANIFEST_MIN_BYTES));
	return {
		...{ account, email: EMAIL, generation: 1, slots, chain: [], vaults: [] },
		manifest: { seq: 9, blob }
	};
}

const [salt, authPublicKey] = [16, 32].map((size) => encode(new Uint8Array(size)));
const passwordSlot = { id: SLOT, kind: 1, profile: 1, salt, authPublicKey, revision: 1 };
const kitSlot = { id: OTHER, kind: 2, locator: salt, authPublicKey, revision: 1 };

const byEmail = { email: typed.emailAsTyped, purpose: 1 };
const inSession = { slot: SLOT, purpose: 8 };

/** The challenges that were asked for to unlock. */
async function asking(answers: readonly (string | object)[], pins = { emailPin, accountPin }) {
	const { link, sent } = scriptedLink(answers);
	const asked = await askToUnlock(link, typed, pins.emailPin, pins.accountPin);
	return { asked, sent, challenges: sent.flatMap(({ body }) => body ?? []) };
}

/** A challenge that was asked for, as it was read from its answer. */
async function askedFor(answer: object = challenge()): Promise<Asked> {
	return await askByEmail(scriptedLink([answer]).link, typed);
}

afterEach(() => {
	vi.restoreAllMocks();
});

describe('a challenge to unlock', () => {
	test('is asked for inside the session of the pinned account', async () => {
		const { asked, sent, challenges } = await asking([head(), challenge()]);
		expect(sent[0]?.request).toBe('GET /api/v1/account?after=7');
		expect(challenges).toEqual([inSession]);
		expect(asked).toMatchObject({ purpose: 8, served: { account: ACCOUNT } });
	});

	test.each([
		['the account', { emailPin, accountPin: undefined }],
		['the email', { emailPin: undefined, accountPin }]
	])('is asked for by email, as it was typed, where %s is not pinned', async (_, pins) => {
		const { link, sent } = scriptedLink([challenge()]);
		const asked = await askToUnlock(link, typed, pins.emailPin, pins.accountPin);
		expect(sent.map(({ body }) => body)).toEqual([byEmail]);
		expect(asked.purpose).toBe(1);
		expect(asked.served).toBeUndefined();
	});

	test('is asked for by email where there is no session', async () => {
		const { asked, challenges } = await asking(['auth', challenge()]);
		expect(challenges).toEqual([byEmail]);
		expect(asked.purpose).toBe(1);
	});

	test('is asked for by email where the session is of another account', async () => {
		const { challenges } = await asking([head(undefined, OTHER), challenge()]);
		expect(challenges).toEqual([byEmail]);
	});

	test('is asked for by email where the account is served without a password', async () => {
		const { challenges } = await asking([head([kitSlot, kitSlot]), challenge()]);
		expect(challenges).toEqual([byEmail]);
	});

	test('is asked for by email where the session ended meanwhile', async () => {
		const { challenges } = await asking([head(), 'auth', challenge()]);
		expect(challenges).toEqual([inSession, byEmail]);
	});

	test('is refused for another slot than it was asked for', async () => {
		const error = await errorOf(() => asking([head(), challenge(OTHER)]));
		expect(error).toMatchObject(refusal('integrity'));
	});

	test.each([
		['the account', ['limited']],
		['the challenge', [head(), 'limited']]
	])('is not asked for anew when %s meets a limit', async (_, answers) => {
		const error = await errorOf(() => asking([...answers, challenge()]));
		expect(error).toMatchObject({ code: 'limited' });
	});
});

describe('a session', () => {
	async function ended(...answers: readonly (string | object)[]) {
		const { asked } = await asking([head(), challenge()]);
		const { link, sent } = scriptedLink(answers);
		return { ended: await hasEnded(link, asked), requests: sent.map(({ request }) => request) };
	}

	test('that was not asked in cannot end, and nobody is asked', async () => {
		const { link, sent } = scriptedLink([]);
		expect(await hasEnded(link, await askedFor())).toBe(false);
		expect(sent).toEqual([]);
	});

	test('goes on while the account is served', async () => {
		const requests = ['GET /api/v1/account?after=9'];
		expect(await ended(head())).toEqual({ ended: false, requests });
	});

	test.each([
		['none is there', 'auth'],
		['it is another account’s', head(undefined, OTHER)]
	])('has ended where %s', async (_, answer) => {
		expect(await ended(answer)).toMatchObject({ ended: true });
	});

	test('has not ended because nobody answers', async () => {
		expect(await errorOf(() => ended())).toMatchObject(refusal('offline'));
	});
});

describe('a proof', () => {
	const signing = { publicKey: new Uint8Array(32), sign: () => Promise.resolve(signature) };
	const signature = new Uint8Array(64).fill(3);
	const good = { slot: SLOT, wrap: WRAP };

	async function proving(answer: string | object, extras = {}) {
		const { link, sent } = scriptedLink([answer]);
		return { verified: await verify(link, await askedFor(), signing, extras), sent };
	}

	test('is answered with the wrap of its slot', async () => {
		const { verified, sent } = await proving(good);
		expect(verified).toEqual({
			outcome: 'proved',
			slot: SLOT,
			wrap: new Uint8Array(WRAPPED_KEY_BYTES)
		});
		const token = encode(new Uint8Array(32));
		expect(sent.map(({ body }) => body)).toEqual([{ token, signature: encode(signature) }]);
	});

	test('takes along what a server may ask for besides', async () => {
		const link = new Uint8Array(32).fill(4);
		const { sent } = await proving(good, { code: '123456', link });
		expect(sent[0]?.body).toMatchObject({ code: '123456', link: encode(link) });
	});

	test('is refused with the wrap of another slot', async () => {
		const error = await errorOf(() => proving({ ...good, slot: OTHER }));
		expect(error).toMatchObject({ ...refusal('integrity'), message: 'wrap of another slot' });
	});

	test('is refused with a session in the open, which no page may hold', async () => {
		const error = await errorOf(() => proving({ ...good, session: 's'.repeat(32) }));
		expect(error).toMatchObject({ ...refusal('format'), message: 'a session in the open' });
	});

	test.each([
		['auth', 'refused'],
		['second-factor', 'second-factor'],
		['link', 'link']
	])('that is answered with %s is %s', async (code, outcome) => {
		expect((await proving(code)).verified).toEqual({ outcome });
	});

	test('that meets a limit is no outcome', async () => {
		expect(await errorOf(() => proving('limited'))).toMatchObject({ code: 'limited' });
	});

	test('by passkey names its slot by itself', async () => {
		const { link } = scriptedLink([{ ...good, slot: OTHER }]);
		const assertion = {
			...{ credential: signature, clientData: signature },
			...{ authenticatorData: signature, signature }
		};
		const verified = await verifyAssertion(link, await askedFor(), assertion);
		expect(verified).toMatchObject({ outcome: 'proved', slot: OTHER });
	});
});

describe('what is signed', () => {
	test('names the origin, the challenge and its purpose', async () => {
		const asked = await askedFor();
		const message = encode(messageOf(ORIGIN, asked));
		expect(encode(messageOf('https://example.org', asked))).not.toBe(message);
		expect(encode(messageOf(ORIGIN, { ...asked, purpose: 8 }))).not.toBe(message);
		const reply = { ...asked.reply, challenge: new Uint8Array(32).fill(1) };
		expect(encode(messageOf(ORIGIN, { ...asked, reply }))).not.toBe(message);
	});
});

describe('what keys are derived from', () => {
	test('is gone once they are: a password', async () => {
		const memory = new SecretMemory();
		const password = Uint8Array.of(1, 2, 3);
		const { kek } = await derivePasswordKeys(scriptedLink([]).link, { ...typed, password }, from);
		expect(password).toEqual(new Uint8Array(3));
		expect(memory.left()).toEqual(['slot/kek']);
		kek.fill(0);
		expect(memory.left()).toEqual([]);
	});

	test('is gone where it may not be derived from: a password', async () => {
		const password = Uint8Array.of(1, 2, 3);
		const derive = () =>
			derivePasswordKeys(scriptedLink([]).link, { ...typed, password }, { ...from, profile: 9 });
		expect(await errorOf(derive)).toMatchObject(refusal('kdf-refused'));
		expect(password).toEqual(new Uint8Array(3));
	});

	test('is gone, and so is what comes of it, when it comes after a lock', async () => {
		const root = new Uint8Array(32).fill(7);
		let finish: () => void = () => undefined;
		const derive = () =>
			new Promise<typeof root>((resolve) => {
				finish = () => {
					resolve(root);
				};
				life.end();
			});
		const { link, life } = scriptedLink([], { derive });
		const password = Uint8Array.of(1, 2, 3);
		const deriving = () => derivePasswordKeys(link, { ...typed, password }, from);
		expect(await errorOf(deriving)).toMatchObject(refusal('locked'));
		expect(password).toEqual(new Uint8Array(3));
		finish();
		await Promise.resolve();
		expect(root).toEqual(new Uint8Array(32));
	});

	test('is gone once they are: the root of a kit, and not the kit', async () => {
		const memory = new SecretMemory();
		const kit = new Uint8Array(20).fill(5);
		const { kek } = await kitKeys(kit);
		kek.fill(0);
		expect(memory.left()).toEqual(['input']);
		kit.fill(0);
		expect(memory.left()).toEqual([]);
	});

	test('is gone once they are: what a passkey gave', async () => {
		const memory = new SecretMemory();
		const prf = new Uint8Array(32).fill(6);
		const kek = await passkeyKek(prf);
		expect(prf).toEqual(new Uint8Array(32));
		expect(memory.left()).toEqual(['slot/kek']);
		kek.fill(0);
	});

	test('is gone where it cannot be derived from: what a passkey gave', async () => {
		const prf = new Uint8Array(31).fill(6);
		await errorOf(() => passkeyKek(prf));
		expect(prf).toEqual(new Uint8Array(31));
	});

	test('leaves nothing where this browser cannot sign', async () => {
		const memory = new SecretMemory();
		vi.spyOn(crypto.subtle, 'exportKey').mockRejectedValue(new Error('no Ed25519'));
		const kit = new Uint8Array(20);
		expect(await errorOf(() => kitKeys(kit))).toMatchObject({ message: 'no Ed25519' });
		expect(memory.left()).toEqual([]);
	});
});
