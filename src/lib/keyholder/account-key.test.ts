import { afterEach, describe, expect, test, vi } from 'vitest';
import { randomBytes } from '#lib/crypto/random.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { encode } from '#lib/encoding/base64url.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import {
	accountKeyByPassword,
	passwordProof,
	pinEmail,
	wipeAccountKey
} from '#lib/keyholder/account-key.ts';
import { Holding } from '#lib/keyholder/holding.ts';
import { emailHash } from '#lib/keyholder/pins.ts';
import { derivePasswordKeys } from '#lib/keyholder/proving.ts';
import { passwordBytes } from '#lib/protocol/password.ts';
import { passwordDescriptor } from '#lib/protocol/slots.ts';
import { wrapAccountKey } from '#lib/protocol/wrapped-keys.ts';
import { EMAIL, errorOf, NOW, PASSWORD } from '../../../tests/hostile/harness.ts';
import { ACCOUNT, accountOf, bytes, SLOT } from '../../../tests/hostile/open-accounts.ts';
import { scriptedLink } from '../../../tests/hostile/scripted-link.ts';
import { SecretMemory } from '../../../tests/hostile/secret-memory.ts';
import { refusal } from '../../../tests/refusals.ts';

const salt = bytes(3, 16);
const KEY = bytes(5);

const { kek, signing } = await derivePasswordKeys(
	scriptedLink([]).link,
	{ email: EMAIL, password: passwordBytes(PASSWORD) },
	{ profile: 1, salt }
);
const wrap = await wrapped();
/** The same account key, wrapped once more: nobody lists that. */
const unlisted = await wrapped();
const slot = { salt, authPublicKey: signing.publicKey, wrapHash: await sha256(wrap) };

async function wrapped(): Promise<Bytes> {
	return await wrapAccountKey({
		...{ account: ACCOUNT, slot: SLOT.password, revision: 1, generation: 3 },
		descriptor: await passwordDescriptor(1, salt),
		...{ kek, accountKey: KEY, random: randomBytes }
	});
}

afterEach(() => {
	vi.restoreAllMocks();
});

function challenge(other: object = {}) {
	const [challenge, token] = [encode(bytes(0)), encode(bytes(0))];
	return {
		...{ account: ACCOUNT, slot: SLOT.password, kind: 1, profile: 1, salt: encode(salt) },
		...{ challenge, expiresAtMs: NOW, token, ...other }
	};
}

function proved(wrapped: Bytes = wrap, id: string = SLOT.password) {
	return { slot: id, wrap: encode(wrapped) };
}

function held(answers: readonly (string | object)[] = []) {
	const { link, life, sent } = scriptedLink(answers);
	const holding = new Holding(link, accountOf([], undefined, slot));
	return { holding, life, sent, memory: new SecretMemory() };
}

describe('the password once more', () => {
	test('is compared with the slot that is listed, and nothing is sent', async () => {
		const { holding, sent } = held();
		const proof = await passwordProof(holding, PASSWORD);
		expect(proof).toMatchObject({ slot: { id: SLOT.password, salt }, typed: { email: EMAIL } });
		expect(sent).toEqual([]);
	});

	test('is another one: its key is gone', async () => {
		const { holding, sent, memory } = held();
		expect(await passwordProof(holding, 'another password')).toBeUndefined();
		expect(memory.left()).toEqual([]);
		expect(sent).toEqual([]);
	});

	test('needs the email that was typed', async () => {
		const open = { ...accountOf([], undefined, slot), typed: undefined };
		const holding = new Holding(scriptedLink([]).link, open);
		const error = await errorOf(() => passwordProof(holding, PASSWORD));
		expect(error).toMatchObject(refusal('no-email'));
	});
});

describe('the account key once more', () => {
	test('is opened by the listed wrap, and is its holder’s to wipe', async () => {
		const { holding, sent, memory } = held([challenge(), proved()]);
		const opened = await accountKeyByPassword(holding, PASSWORD);
		if (opened.outcome !== 'opened') throw new Error(opened.outcome);
		expect(opened.accountKey).toEqual(KEY);
		expect(sent[0]?.body).toEqual({ slot: SLOT.password, purpose: 8 });
		expect(Object.keys(sent[1]?.body ?? {}).sort()).toEqual(['signature', 'token']);
		expect(memory.left()).toEqual([]);
		wipeAccountKey(opened);
		expect(opened.accountKey).toEqual(bytes(0));
	});

	test('takes the code of a second factor along', async () => {
		const { holding, sent } = held([challenge(), proved()]);
		await accountKeyByPassword(holding, PASSWORD, '123456');
		expect(sent[1]?.body).toMatchObject({ code: '123456' });
	});

	test('is not asked for with another password', async () => {
		const { holding, sent } = held();
		const opened = await accountKeyByPassword(holding, 'another password');
		expect(opened).toEqual({ outcome: 'wrong-password' });
		expect(sent).toEqual([]);
	});

	test('leaves nothing where a code is wanted', async () => {
		const { holding, memory } = held([challenge(), 'second-factor']);
		const opened = await accountKeyByPassword(holding, PASSWORD);
		expect(opened).toEqual({ outcome: 'second-factor' });
		expect(memory.left()).toEqual([]);
	});

	test.each<[string, () => (string | object)[], string]>([
		['is for another account', () => [challenge({ account: SLOT.kit })], 'rollback'],
		['is for another slot', () => [challenge({ slot: SLOT.kit })], 'integrity'],
		['is for another cost', () => [challenge({ profile: 2 })], 'kdf-refused'],
		['is not taken any more', () => [challenge(), 'auth'], 'auth'],
		['is answered with another slot', () => [challenge(), proved(wrap, SLOT.kit)], 'integrity'],
		[
			'is answered with a wrap that nobody lists',
			() => [challenge(), proved(unlisted)],
			'integrity'
		],
		['is answered by nobody', () => [challenge()], 'offline']
	])('leaves nothing where the proof %s', async (_, answers, code) => {
		const { holding, memory } = held(answers());
		const error = await errorOf(() => accountKeyByPassword(holding, PASSWORD));
		expect(error).toMatchObject(refusal(code));
		expect(memory.left()).toEqual([]);
	});

	test('names a wrap that nobody lists as what it is', async () => {
		const { holding } = held([challenge(), proved(unlisted)]);
		const error = await errorOf(() => accountKeyByPassword(holding, PASSWORD));
		expect(error).toMatchObject({ message: 'another wrap than the listed one' });
	});
});

describe('the email of a password that fits', () => {
	async function pinned(before?: string) {
		const { holding, life } = held();
		const { pins } = holding.link.ports;
		const hash = await emailHash(EMAIL);
		if (before !== undefined)
			await pins.save({ email: { hash, pin: { account: before, profile: 2 } } });
		const proof = await passwordProof(holding, PASSWORD);
		if (proof === undefined) throw new Error('another password');
		return { holding, life, proof, pin: () => pins.email(hash) };
	}

	test('means this account from now on', async () => {
		const { holding, proof, pin } = await pinned();
		await pinEmail(holding, proof);
		expect(await pin()).toEqual({ account: ACCOUNT, profile: 1 });
	});

	test('goes on to mean what it meant', async () => {
		const { holding, proof, pin } = await pinned(ACCOUNT);
		await pinEmail(holding, proof);
		expect(await pin()).toEqual({ account: ACCOUNT, profile: 2 });
	});

	test('goes on to mean another account, if it does', async () => {
		const { holding, proof, pin } = await pinned(SLOT.kit);
		await pinEmail(holding, proof);
		expect(await pin()).toEqual({ account: SLOT.kit, profile: 2 });
	});

	test('means nothing after a lock', async () => {
		const { holding, life, proof, pin } = await pinned();
		life.end();
		expect(await errorOf(() => pinEmail(holding, proof))).toMatchObject(refusal('locked'));
		expect(await pin()).toBeUndefined();
	});
});
