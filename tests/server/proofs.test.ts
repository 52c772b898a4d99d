/** Proofs, by the one who holds the key and by everyone else. */
import { sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROOF_HEADER, Proof, VerifyReply } from '#lib/api/auth.ts';
import { z } from '#lib/api/zod.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { actionMessage, challengeMessage } from '#lib/encoding/challenge.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { prune } from '#lib/server/prune.ts';
import { Host } from './host.ts';
import {
	codeOf,
	newId,
	newKey,
	parsed,
	Person,
	random,
	secret,
	secretsOf,
	sha256,
	someone
} from './person.ts';

const HOUR_MS = 3_600_000;
const LIMITS = {
	// So far off that what is counted in memory gets no row: a test counts the rows.
	LIMIT_REQUESTS: '100000/m',
	LIMIT_AUTH: '100000/m',
	LIMIT_FAILURES_HERE: '1000/m',
	LIMIT_FAILURES_ACCOUNT: '1000/m'
};

let host: Host;
let person: Person;

beforeAll(async () => {
	host = await Host.open(LIMITS);
	person = await someone(host);
});

afterAll(async () => {
	await host.remove();
});

describe('signing in', () => {
	test('with the recovery slot gives its wrap', async () => {
		const member = new Person(host);
		await member.register();
		const challenge = await member.challenge({ locator: encode(member.locator), purpose: 1 });
		expect(challenge).toMatchObject({ kind: 2, profile: 0, salt: new Uint8Array(16) });
		const response = await member.verify(member.signed(challenge, 1, { key: member.recoveryKey }));
		expect((await parsed(VerifyReply, response)).slot).toBe(member.recoverySlot);
	});

	test('answers an unknown email, a wrong key and a broken signature alike', async () => {
		const answers = [];
		const unknown = await person.challenge({ email: 'nobody@example.org', purpose: 1 });
		const known = await person.challenge({ email: person.email, purpose: 1 });
		const broken = { token: known.token, signature: random(64) };
		for (const proof of [
			person.signed(unknown, 1),
			person.signed(known, 1, { key: newKey() }),
			broken
		]) {
			const response = await new Person(host).verify(proof);
			const { number, ...problem } = z.parse(
				z.looseObject({ number: z.string() }),
				await response.json()
			);
			expect(number).toMatch(/^[0-9a-f]{16}$/);
			answers.push({ problem, headers: [...response.headers] });
		}
		expect(answers[1]).toEqual(answers[0]);
		expect(answers[2]).toEqual(answers[0]);
	});

	test('leaves the same number of rows for an unknown email as for a known one', async () => {
		const rows = async () => {
			const [row] = await host.sql('select (select count(*) from audit) + count(*) from counters');
			return Number(row?.[0]);
		};
		const added = async (email: string) => {
			const before = await rows();
			const challenge = await person.challenge({ email, purpose: 1 });
			await person.verify(person.signed(challenge, 1, { key: newKey() }));
			return (await rows()) - before;
		};
		const other = new Person(host);
		await other.register();
		expect(await added('nobody-at-all@example.org')).toBe(await added(other.email));
	});

	test('works once with one challenge, however many try at once', async () => {
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const proof = person.signed(challenge, 1);
		const tries = Array.from({ length: 50 }, () => new Person(host).verify(proof));
		const statuses = (await Promise.all(tries)).map(({ status }) => status);
		expect(statuses.filter((status) => status === 200)).toHaveLength(1);
		expect(statuses.filter((status) => status === 401)).toHaveLength(49);
	});

	test('is refused after 120 seconds', async () => {
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		host.ahead += 120_001;
		expect(await codeOf(await person.verify(person.signed(challenge, 1)))).toBe('auth');
	});

	test('is refused with a signature for another origin', async () => {
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const message = challengeMessage({
			...challenge,
			purpose: 1,
			origin: 'https://vault.example.com',
			actionHash: new Uint8Array(32)
		});
		const signature = new Uint8Array(sign(null, message, person.key.privateKey));
		const response = await person.verify({ token: challenge.token, signature });
		expect(await codeOf(response)).toBe('auth');
	});

	test('is refused with a token in which any one byte differs', async () => {
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const proof = person.signed(challenge, 1);
		for (const index of proof.token.keys()) {
			const changed = proof.token.slice();
			changed[index] = (changed[index] ?? 0) ^ 1;
			const response = await new Person(host).verify({ ...proof, token: changed });
			expect(response.status).toBe(401);
		}
	});

	test('is refused with a token of another server, where the same account lives too', async () => {
		const elsewhere = await Host.open();
		const twin = Object.assign(new Person(elsewhere, person.email), identityOf(person));
		expect((await twin.register()).status).toBe(200);
		const request = { email: person.email, purpose: 1 };
		const [here, there] = [await person.challenge(request), await twin.challenge(request)];
		expect([there.account, there.slot]).toEqual([here.account, here.slot]);
		const proof = twin.signed(there, 1);
		expect(await codeOf(await person.verify(proof))).toBe('auth');
		expect((await twin.verify(proof)).status).toBe(200);
		await elsewhere.remove();
	});

	test('is refused when it is sent again after a clock that jumped ahead was set back', async () => {
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const proof = person.signed(challenge, 1);
		expect((await person.verify(proof)).status).toBe(200);
		host.ahead += HOUR_MS;
		await prune(host.server);
		host.ahead -= HOUR_MS;
		expect(await codeOf(await person.verify(proof))).toBe('auth');
	});

	test('is refused when it is sent again after a restart', async () => {
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const proof = person.signed(challenge, 1);
		expect((await person.verify(proof)).status).toBe(200);
		await host.stop();
		await host.start(LIMITS);
		expect(await codeOf(await person.verify(proof))).toBe('auth');
	});

	test('is forgotten once it was used and has expired for a day', async () => {
		await person.signIn();
		const used = async () => (await host.sql('select * from used_challenges')).length;
		host.ahead += 24 * HOUR_MS;
		await prune(host.server);
		expect(await used()).toBeGreaterThan(0);
		host.ahead += 120_001;
		await prune(host.server);
		expect(await used()).toBe(0);
		host.ahead = 0;
	});
});

/** Everything that a server can tell a person by. */
function identityOf({ account, passwordSlot, recoverySlot, vault, salt, key }: Person) {
	return { account, passwordSlot, recoverySlot, vault, salt, key };
}

describe('unlocking inside a session', () => {
	test('gives the wrap and keeps the session', async () => {
		const challenge = await person.challenge({ slot: person.passwordSlot, purpose: 8 });
		const response = await person.verify(person.signed(challenge, 8));
		expect((await parsed(VerifyReply, response)).wrap).toEqual(person.wrap);
		expect(response.headers.get('set-cookie')).toBeNull();
	});

	test('is refused outside of it, or in the session of another', async () => {
		const challenge = await person.challenge({ slot: person.passwordSlot, purpose: 8 });
		const proof = person.signed(challenge, 8);
		expect((await new Person(host).verify(proof)).status).toBe(401);
		expect((await (await someone(host)).verify(proof)).status).toBe(401);
	});

	test('does not sign in: its challenge is good for nothing else', async () => {
		const challenge = await person.challenge({ slot: person.passwordSlot, purpose: 8 });
		expect((await person.verify(person.signed(challenge, 1))).status).toBe(401);
	});
});

describe('Keyhold-Proof', () => {
	const items = [newId(), newId()];

	beforeAll(async () => {
		await person.signIn();
		await person.commit(person.commitOf({ secrets: items.map((item) => secret(item)) }));
	});

	test('allows the export that it was made for', async () => {
		const response = await person.readSecrets(items, 'export', await person.exportProof(items));
		const { secrets } = await secretsOf(response);
		expect(secrets.map(({ item }) => item)).toEqual(items);
	});

	test('is needed: the cookie alone exports nothing', async () => {
		const response = await person.readSecrets(items, 'export');
		expect(response.status).toBe(403);
		expect(await codeOf(response)).toBe('proof');
	});

	test.each(['copy', 'reveal', 'edit'])(
		'is needed for more than one secret: no export goes by the name of %s',
		async (purpose) => {
			expect(await codeOf(await person.readSecrets(items, purpose))).toBe('malformed');
			expect((await person.readSecrets(items.slice(0, 1), purpose)).status).toBe(200);
		}
	);

	test('allows no other body', async () => {
		const proof = await person.exportProof(items.slice(0, 1));
		expect(await codeOf(await person.readSecrets(items, 'export', proof))).toBe('proof');
	});

	test('allows no other path', async () => {
		const other = await someone(host);
		const body = utf8(JSON.stringify({ items, purpose: 'export' }));
		const path = `/api/v1/vaults/${other.vault}/secrets`;
		const actionHash = sha256(actionMessage('POST', path, sha256(body)));
		const challenge = await person.challenge({ slot: person.passwordSlot, purpose: 5 });
		const proof = z.encode(Proof, person.signed(challenge, 5, { actionHash }));
		const header = { [PROOF_HEADER]: encode(utf8(JSON.stringify(proof))) };
		expect(await codeOf(await person.readSecrets(items, 'export', header))).toBe('proof');
	});

	test('works once', async () => {
		const proof = await person.exportProof(items);
		expect((await person.readSecrets(items, 'export', proof)).status).toBe(200);
		expect(await codeOf(await person.readSecrets(items, 'export', proof))).toBe('proof');
	});

	test('by another account, for exactly this request, allows nothing here', async () => {
		const other = await someone(host);
		const theirs = Object.assign(new Person(host), identityOf(other), {
			vault: person.vault,
			cookie: other.cookie
		});
		const proof = await theirs.exportProof(items);
		expect(await codeOf(await person.readSecrets(items, 'export', proof))).toBe('proof');
		const own = await person.exportProof(items);
		expect((await person.readSecrets(items, 'export', own)).status).toBe(200);
	});

	test('of purpose 5 does not sign in', async () => {
		const challenge = await person.challenge({ slot: person.passwordSlot, purpose: 5 });
		expect((await person.verify(person.signed(challenge, 5))).status).toBe(401);
	});

	test.each(['', '%', 'bm90IGpzb24', encode(utf8('{"token":1}')), 'A'.repeat(5_000)])(
		'is refused when it reads "%s"',
		async (header) => {
			const response = await person.readSecrets(items, 'export', { [PROOF_HEADER]: header });
			expect(await codeOf(response)).toBe('proof');
		}
	);
});

test('a challenge is worth nothing on the same server under another origin', async () => {
	const origin = 'https://vault.example.com';
	const challenge = await person.challenge({ email: person.email, purpose: 1 });
	const proof = z.encode(Proof, person.signed(challenge, 1));
	await host.stop();
	await host.start({ ORIGIN: origin });
	const response = await person.post('/api/v1/auth/verify', proof, { headers: { origin } });
	expect(await codeOf(response)).toBe('auth');
});
