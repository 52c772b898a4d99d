/** Wrong proofs by strangers, who want the owner of an account locked out. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { ServerError } from '#lib/server/errors.ts';
import { Host } from './host.ts';
import { newId, newKey, Person, secret, someone } from './person.ts';

let host: Host;
let owner: Person;

beforeEach(async () => {
	host = await Host.open();
	owner = await someone(host);
});

afterEach(async () => {
	await host.remove();
});

/** One wrong proof for the owner's account from `address`; the status of the answer. */
async function attack(address: string): Promise<number> {
	const stranger = new Person(host, owner.email, address);
	const request = { email: owner.email, purpose: 1 };
	const response = await stranger.post('/api/v1/auth/challenge', request);
	if (response.status !== 200) return response.status;
	const challenge = await stranger.challenge(request);
	return (await stranger.verify(stranger.signed(challenge, 1, { key: newKey() }))).status;
}

/** Until the account takes no more tries from networks that it does not know. */
async function attackFromEverywhere(): Promise<void> {
	await host.stop();
	await host.start({ LIMIT_FAILURES_ACCOUNT: '6/h' });
	for (let n = 0; n < 6; n++) expect(await attack(`198.51.${n}.7`)).toBe(401);
	expect(await attack('198.51.100.7')).toBe(429);
}

/** The owner's key, wherever the owner is. */
function ownerAt(address: string, cookie = ''): Person {
	const { account, vault, key, recoveryKey, passwordSlot } = owner;
	const person = new Person(host, owner.email, address);
	return Object.assign(person, { account, vault, key, recoveryKey, passwordSlot, cookie });
}

async function unlock(person: Person, key = person.key): Promise<number> {
	const request = { slot: person.passwordSlot, purpose: 8 };
	const response = await person.post('/api/v1/auth/challenge', request);
	if (response.status !== 200) return response.status;
	const challenge = await person.challenge(request);
	return (await person.verify(person.signed(challenge, 8, { key }))).status;
}

describe('a stranger who has a whole /48', () => {
	test('gets no further than one who has a /64, and keeps the owner out nowhere else', async () => {
		const statuses: number[] = [];
		for (let n = 0; n < 30; n++) statuses.push(await attack(`2001:db8:7:${n.toString(16)}::1`));
		expect(statuses.filter((status) => status === 401)).toHaveLength(10);
		await ownerAt('2001:db8:8::1').signIn();
	});
});

describe('a stranger who has a hundred networks', () => {
	test('does not keep the owner from signing in where they signed in before', async () => {
		await attackFromEverywhere();
		await ownerAt(owner.address).signIn();
	});

	test('does so over a restart too', async () => {
		await attackFromEverywhere();
		await host.stop();
		await host.start({ LIMIT_FAILURES_ACCOUNT: '6/h' });
		await ownerAt(owner.address).signIn();
		await expect(ownerAt('203.0.113.9').signIn()).rejects.toThrow('429');
	});

	test('does not keep the owner from using the recovery kit anywhere', async () => {
		await attackFromEverywhere();
		const away = ownerAt('203.0.113.9');
		const challenge = await away.challenge({ locator: encode(owner.locator), purpose: 1 });
		const proof = away.signed(challenge, 1, { key: owner.recoveryKey });
		expect((await away.verify(proof)).status).toBe(200);
	});

	test('does not keep the owner from unlocking inside a session, also on the way', async () => {
		await attackFromEverywhere();
		expect(await unlock(ownerAt('203.0.113.9', owner.cookie))).toBe(200);
	});

	test('does not keep the owner from exporting', async () => {
		const item = newId();
		await owner.commit(owner.commitOf({ secrets: [secret(item)] }));
		await attackFromEverywhere();
		const proof = await owner.exportProof([item]);
		expect((await owner.readSecrets([item], 'export', proof)).status).toBe(200);
	});
});

describe('a stranger who guesses at every account', () => {
	test('keeps nobody out: the limit of all together is a warning in the log', async () => {
		await host.stop();
		await host.start({ LIMIT_FAILURES_TOTAL: '3/10m' });
		for (let n = 0; n < 5; n++) expect(await attack(`198.51.${n}.7`)).toBe(401);
		await ownerAt('203.0.113.9').signIn();
		const warnings = host.lines.filter((line) => line.includes('"limit":"failuresTotal"'));
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toContain('"level":40');
	});
});

describe('a neighbour in the same network who uses its windows up', () => {
	test.each(['LIMIT_AUTH', 'LIMIT_REQUESTS'])(
		'does not keep someone who is signed in from unlocking: %s',
		async (variable) => {
			await host.stop();
			await host.start({ [variable]: '4/10m' });
			const ask = () =>
				new Person(host).post('/api/v1/auth/challenge', { email: 'a@b', purpose: 1 });
			for (let n = 0; n < 5; n++) await ask();
			expect((await ask()).status).toBe(429);
			expect(await unlock(owner)).toBe(200);
			const forger = new Person(host);
			forger.cookie = `__Host-keyhold=${encode(new Uint8Array(32))}`;
			const forged = await forger.post('/api/v1/auth/challenge', { email: 'a@b', purpose: 1 });
			expect(forged.status).toBe(429);
		}
	);

	test('gives someone who is signed in a window, not the freedom of none', async () => {
		await host.stop();
		await host.start({ LIMIT_AUTH: '2/10m' });
		const statuses: number[] = [];
		for (let n = 0; n < 5; n++)
			statuses.push((await owner.post('/api/v1/auth/challenge', {})).status);
		expect(statuses).toEqual([400, 400, 400, 400, 429]);
	});
});

describe('a thief of a cookie', () => {
	test('has as many tries at the password as a stranger has, from one network', async () => {
		const thief = ownerAt('198.51.100.7', owner.cookie);
		for (let n = 0; n < 10; n++) expect(await unlock(thief, newKey())).toBe(401);
		expect(await unlock(thief, newKey())).toBe(429);
	});

	test('has no more from many networks, and locks out that session alone', async () => {
		await host.stop();
		await host.start({ LIMIT_FAILURES_ACCOUNT: '6/h' });
		const statuses: number[] = [];
		for (let n = 0; n < 8; n++) {
			statuses.push(await unlock(ownerAt(`198.51.${n}.7`, owner.cookie), newKey()));
		}
		expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
		const again = ownerAt('203.0.113.9');
		await again.signIn();
		expect(await unlock(again)).toBe(200);
	});
});

describe('a server behind a proxy that names no address header', () => {
	const warned = () => host.lines.some((line) => line.includes('ADDRESS_HEADER'));

	test('is told at start: all visitors would be one network', () => {
		expect(warned()).toBe(true);
	});

	test.each([
		{ ADDRESS_HEADER: 'X-Forwarded-For' },
		{ HOST: '0.0.0.0' },
		{ ORIGIN: 'http://localhost:3000' }
	])('is not told with %o', async (variables) => {
		await host.stop();
		host.lines.length = 0;
		await host.start(variables);
		expect(warned()).toBe(false);
	});
});

test('a good proof is no try, though the database was too busy to note it', async () => {
	await host.stop();
	await host.start({ LIMIT_FAILURES_HERE: '2/10m' });
	const { database } = host.server;
	const write = database.write.bind(database);
	let calls = 0;
	const busy = vi.spyOn(database, 'write').mockImplementation((statements) => {
		if (++calls % 2 === 1) return write(statements);
		return Promise.reject(new ServerError('busy', 'the write queue is full', 2));
	});
	for (let n = 0; n < 2; n++) {
		const challenge = await owner.challenge({ email: owner.email, purpose: 1 });
		expect((await owner.verify(owner.signed(challenge, 1))).status).toBe(503);
	}
	busy.mockRestore();
	await owner.signIn();
});
