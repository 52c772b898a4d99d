/** Passkeys: enrolled, signed in with, proved with; and everything that must not pass for one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROOF_HEADER, Proof, VerifyReply } from '#lib/api/auth.ts';
import { z } from '#lib/api/zod.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { actionMessage } from '#lib/encoding/challenge.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { Authenticator, type Touch } from './authenticator.ts';
import { Host } from './host.ts';
import { codeOf, newId, parsed, Person, random, secret, sha256, someone } from './person.ts';

const LIMITS = {
	// So far off that what is counted in memory gets no row: a test counts the rows.
	LIMIT_REQUESTS: '100000/m',
	LIMIT_AUTH: '100000/m',
	LIMIT_FAILURES_NETWORK: '100000/m',
	LIMIT_REGISTRATIONS_NETWORK: '100000/h'
};
const ZEROS = encode(new Uint8Array(16));

let host: Host;

beforeAll(async () => {
	host = await Host.open(LIMITS);
});

afterAll(async () => {
	await host.remove();
});

async function enrol(person: Person, passkey: Authenticator, touch?: Touch): Promise<Response> {
	const commit = person.accountCommitOf({ slots: [passkey.enrolled(touch)] });
	return await person.sendAccountCommit(commit, { purpose: 3 });
}

/** Someone with a passkey. */
async function withPasskey(counts = true): Promise<{ person: Person; passkey: Authenticator }> {
	const person = await someone(host);
	const passkey = new Authenticator(counts);
	expect((await enrol(person, passkey)).status).toBe(200);
	return { person, passkey };
}

/** Signs in with a touch, from a browser that knows nobody. */
async function signIn(passkey: Authenticator, touch?: Touch, browser = new Person(host)) {
	const challenge = await browser.challenge({ passkey: true, purpose: 1 });
	return await browser.verify(passkey.proof(challenge, 1, touch));
}

async function listed(person: Person) {
	const { slots } = await person.getAccount();
	return slots.find(({ kind }) => kind === 3);
}

describe('enrolling a passkey', () => {
	test('lists it with its credential and without a time of use', async () => {
		const { person, passkey } = await withPasskey();
		const slot = await listed(person);
		expect(slot).toMatchObject({ id: passkey.slot, credential: passkey.credential, revision: 1 });
		expect(slot).not.toHaveProperty('usedAtMs');
	});

	test('takes one that vouches for itself, which browsers let through unasked', async () => {
		const [person, passkey] = [await someone(host), new Authenticator()];
		expect((await enrol(person, passkey, { format: 'packed' })).status).toBe(200);
		expect((await signIn(passkey)).status).toBe(200);
	});

	test.each<[string, Touch]>([
		['for another origin', { origin: 'https://vault.example.com' }],
		['for this host over http', { origin: 'http://vault.example.org' }],
		['for another relying party', { rpId: 'example.org' }],
		['without verifying its user', { userVerified: false }],
		['without its user', { userPresent: false, userVerified: false }],
		['when it was asked to prove', { type: 'webauthn.get' }],
		['inside a frame of another site', { crossOrigin: true }],
		['with a chain of certificates', { format: 'certified' }],
		['with a certificate of another format', { format: 'fido-u2f' }]
	])('refuses one that was made %s', async (_how, touch) => {
		const person = await someone(host);
		const response = await enrol(person, new Authenticator(), touch);
		expect(await codeOf(response)).toBe('malformed');
		expect(await listed(person)).toBeUndefined();
	});

	test.each([0, 1, 40, 100, 180])('refuses an attestation that is cut at %i bytes', async (at) => {
		const [person, passkey] = [await someone(host), new Authenticator()];
		const slot = passkey.enrolled();
		const cut = {
			...slot.attestation,
			attestationObject: slot.attestation.attestationObject.slice(0, at + 1)
		};
		const commit = person.accountCommitOf({ slots: [{ ...slot, attestation: cut }] });
		const response = await person.sendAccountCommit(commit, { purpose: 3 });
		expect(await codeOf(response)).toBe('malformed');
	});

	test('refuses random bytes, and CBOR that nests without end', async () => {
		const [person, passkey] = [await someone(host), new Authenticator()];
		const slot = passkey.enrolled();
		for (const attestationObject of [random(300), new Uint8Array(16_000).fill(0x81)]) {
			const attestation = { ...slot.attestation, attestationObject };
			const commit = person.accountCommitOf({ slots: [{ ...slot, attestation }] });
			const response = await person.sendAccountCommit(commit, { purpose: 3 });
			expect(await codeOf(response)).toBe('malformed');
		}
	});

	test('refuses a credential that another account has', async () => {
		const { passkey } = await withPasskey();
		const thief = await someone(host);
		expect(await codeOf(await enrol(thief, passkey))).toBe('taken');
		expect(await listed(thief)).toBeUndefined();
	});

	test('ends all other sessions', async () => {
		const person = await someone(host);
		const elsewhere = Object.assign(new Person(host, person.email), person, { cookie: '' });
		await elsewhere.signIn();
		await enrol(person, new Authenticator());
		expect((await elsewhere.send('/api/v1/account')).status).toBe(401);
		expect((await person.send('/api/v1/account')).status).toBe(200);
	});
});

describe('signing in by passkey', () => {
	test('names nobody in its challenge, which is alike for all', async () => {
		const ask = () => new Person(host).challenge({ passkey: true, purpose: 1 });
		for (const { account, slot, kind, profile, salt } of [await ask(), await ask()]) {
			expect([account, slot, kind, profile]).toEqual([ZEROS, ZEROS, 3, 0]);
			expect(salt).toEqual(new Uint8Array(16));
		}
	});

	test('finds the slot by its credential and gives its wrap and a session', async () => {
		const { person, passkey } = await withPasskey();
		const browser = new Person(host);
		const reply = await parsed(VerifyReply, await signIn(passkey, {}, browser));
		expect(reply).toEqual({ slot: passkey.slot, wrap: passkey.wrap });
		expect((await browser.getAccount()).account).toBe(person.account);
		expect(await listed(person)).toHaveProperty('usedAtMs');
	});

	test('needs no code, where the password does: it is both factors', async () => {
		const { person, passkey } = await withPasskey();
		await host.sql("insert into second_factors values (?, x'00', 1, 0, 0)", [person.account]);
		expect((await signIn(passkey)).status).toBe(200);
	});

	test.each<[string, Touch]>([
		['another origin', { origin: 'https://vault.example.com' }],
		['this host over http', { origin: 'http://vault.example.org' }],
		['another port of this host', { origin: 'https://vault.example.org:8443' }],
		['another relying party', { rpId: 'example.org' }],
		['a user who was not verified', { userVerified: false }],
		['nobody there', { userPresent: false }],
		['the making of a passkey', { type: 'webauthn.create' }],
		['a frame of another site', { crossOrigin: true }]
	])('is refused with %s', async (_what, touch) => {
		const { passkey } = await withPasskey();
		expect(await codeOf(await signIn(passkey, touch))).toBe('auth');
		expect((await signIn(passkey)).status).toBe(200);
	});

	test('answers an unknown credential as a bad signature', async () => {
		const { passkey } = await withPasskey();
		const browser = new Person(host);
		const challenge = await browser.challenge({ passkey: true, purpose: 1 });
		const good = passkey.assertion(random(32));
		const told = [];
		for (const assertion of [good, { ...good, credential: random(32) }]) {
			const response = await browser.verify({ token: challenge.token, assertion });
			const { number, ...problem } = z.parse(
				z.looseObject({ number: z.string() }),
				await response.json()
			);
			expect(number).toMatch(/^[0-9a-f]{16}$/);
			told.push({ problem, headers: [...response.headers] });
		}
		expect(told[1]).toEqual(told[0]);
	});

	test('leaves the same number of rows for an unknown credential as for a known one', async () => {
		const { passkey } = await withPasskey();
		const added = async (authenticator: Authenticator) => {
			const count = 'select (select count(*) from audit) + count(*) as rows from counters';
			const [before] = await host.sql(count);
			await signIn(authenticator, { userVerified: false });
			const [after] = await host.sql(count);
			return Number(after?.['rows']) - Number(before?.['rows']);
		};
		await added(passkey);
		expect(await added(new Authenticator())).toBe(await added(passkey));
	});

	test("is refused with another's key under the own credential's name", async () => {
		const [{ passkey }, { passkey: other }] = [await withPasskey(), await withPasskey()];
		const browser = new Person(host);
		const challenge = await browser.challenge({ passkey: true, purpose: 1 });
		const proof = other.proof(challenge, 1);
		if (!('assertion' in proof)) throw new Error('no assertion');
		const assertion = { ...proof.assertion, credential: passkey.credential };
		expect(await codeOf(await browser.verify({ token: proof.token, assertion }))).toBe('auth');
	});

	test('is refused over another challenge', async () => {
		const { passkey } = await withPasskey();
		const browser = new Person(host);
		const [one, other] = [
			await browser.challenge({ passkey: true, purpose: 1 }),
			await browser.challenge({ passkey: true, purpose: 1 })
		];
		const proof = { ...passkey.proof(one, 1), token: other.token };
		expect(await codeOf(await browser.verify(proof))).toBe('auth');
	});

	test('works once, however many try at once', async () => {
		const { passkey } = await withPasskey();
		const browser = new Person(host);
		const proof = passkey.proof(await browser.challenge({ passkey: true, purpose: 1 }), 1);
		const tries = Array.from({ length: 20 }, () => new Person(host).verify(proof));
		const statuses = (await Promise.all(tries)).map(({ status }) => status);
		expect(statuses.filter((status) => status === 200)).toHaveLength(1);
		expect(statuses.filter((status) => status === 401)).toHaveLength(19);
		expect((await browser.verify(proof)).status).toBe(401);
	});

	test('is refused by a signature for a passkey, and by a passkey for a password', async () => {
		const { person, passkey } = await withPasskey();
		const browser = new Person(host);
		const nobody = await browser.challenge({ passkey: true, purpose: 1 });
		expect((await browser.verify(person.signed(nobody, 1))).status).toBe(401);
		const named = await browser.challenge({ email: person.email, purpose: 1 });
		expect((await browser.verify(passkey.proof(named, 1))).status).toBe(401);
	});

	test('is refused once the passkey was dropped', async () => {
		const { person, passkey } = await withPasskey();
		await host.sql('delete from slots where account = ? and id = ?', [
			person.account,
			passkey.slot
		]);
		expect((await signIn(passkey)).status).toBe(401);
	});

	test('of nobody, again and again, locks no passkey out but on that network', async () => {
		const { passkey } = await withPasskey();
		await host.stop();
		await host.start({ LIMIT_FAILURES_NETWORK: '3/h', LIMIT_FAILURES_ACCOUNT: '3/h' });
		const from = (address: string) => new Person(host, undefined, address);
		for (let n = 0; n < 3; n++) {
			const strange = await signIn(new Authenticator(), {}, from('198.51.100.7'));
			expect(strange.status).toBe(401);
		}
		await expect(signIn(passkey, {}, from('198.51.100.7'))).rejects.toThrow('429');
		expect((await signIn(passkey, {}, from('203.0.113.9'))).status).toBe(200);
		await host.stop();
		await host.start(LIMITS);
	});
});

describe('the count of an authenticator', () => {
	test('is refused when it has gone back, or stands still: a copy was used', async () => {
		const { passkey } = await withPasskey();
		expect((await signIn(passkey, { count: 10 })).status).toBe(200);
		expect((await signIn(passkey, { count: 10 })).status).toBe(401);
		expect((await signIn(passkey, { count: 9 })).status).toBe(401);
		expect((await signIn(passkey, { count: 0 })).status).toBe(401);
		expect((await signIn(passkey, { count: 11 })).status).toBe(200);
	});

	test('may be zero for ever', async () => {
		const { passkey } = await withPasskey(false);
		expect((await signIn(passkey)).status).toBe(200);
		expect((await signIn(passkey)).status).toBe(200);
	});

	test('lets one of two through that have counted the same at the same moment', async () => {
		const { passkey } = await withPasskey();
		const tries = [1, 2, 3, 4].map(() => signIn(passkey, { count: 50 }));
		const statuses = (await Promise.all(tries)).map(({ status }) => status);
		expect(statuses.sort()).toEqual([200, 401, 401, 401]);
	});
});

describe('inside a session a passkey', () => {
	async function prove(
		person: Person,
		passkey: Authenticator,
		purpose: number,
		more: { actionHash?: Bytes } = {}
	) {
		const challenge = await person.challenge({ slot: passkey.slot, purpose });
		return passkey.proof(challenge, purpose, more);
	}

	test('unlocks', async () => {
		const { person, passkey } = await withPasskey();
		const response = await person.verify(await prove(person, passkey, 8));
		expect((await parsed(VerifyReply, response)).wrap).toEqual(passkey.wrap);
	});

	test('allows the one request that it was touched for', async () => {
		const { person, passkey } = await withPasskey();
		const item = newId();
		await person.commit(person.commitOf({ secrets: [secret(item)] }));
		const path = `/api/v1/vaults/${person.vault}/secrets`;
		const body = JSON.stringify({ items: [item], purpose: 'export' });
		const actionHash = sha256(actionMessage('POST', path, sha256(utf8(body))));
		const proof = await prove(person, passkey, 5, { actionHash });
		const header = { [PROOF_HEADER]: encode(utf8(JSON.stringify(z.encode(Proof, proof)))) };
		expect((await person.readSecrets([newId()], 'export', header)).status).toBe(403);
		expect((await person.readSecrets([item], 'export', header)).status).toBe(200);
		expect((await person.readSecrets([item], 'export', header)).status).not.toBe(200);
	});

	test('is refused under the name of another credential, though its key fits', async () => {
		const { person, passkey } = await withPasskey();
		const proof = await prove(person, passkey, 8);
		if (!('assertion' in proof)) throw new Error('no assertion');
		const assertion = { ...proof.assertion, credential: random(32) };
		expect((await person.verify({ ...proof, assertion })).status).toBe(401);
	});

	test('proves for no slot but its own', async () => {
		const { person, passkey } = await withPasskey();
		const second = new Authenticator();
		expect((await enrol(person, second)).status).toBe(200);
		const challenge = await person.challenge({ slot: passkey.slot, purpose: 8 });
		expect((await person.verify(second.proof(challenge, 8))).status).toBe(401);
	});
});
