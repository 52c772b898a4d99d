/** The audit log: what leaves a row, in which order. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { Host } from './host.ts';
import { newId, newKey, Person, random, secret, secretsOf, someone } from './person.ts';

let host: Host;

beforeAll(async () => {
	host = await Host.open();
});

afterAll(async () => {
	await host.remove();
});

async function eventsOf(person: Person) {
	const rows = await host.sql('select * from audit where account = ? order by id', [
		person.account
	]);
	return rows.map((row) => row['event']);
}

describe('the audit log', () => {
	test('tells the life of an account', async () => {
		const person = await someone(host);
		await person.commit(person.commitOf());
		await person.commitAccount(random(1_105));
		const challenge = await person.challenge({ slot: person.passwordSlot, purpose: 8 });
		await person.verify(person.signed(challenge, 8));
		await person.verify(person.signed(challenge, 8));
		const wrong = await person.challenge({ slot: person.passwordSlot, purpose: 8 });
		await person.verify(person.signed(wrong, 8, { key: newKey() }));
		await person.send('/api/v1/auth/session', { method: 'DELETE' });
		expect(await eventsOf(person)).toEqual([
			'account.made',
			'sign-in',
			'vault.commit',
			'account.commit',
			'unlock',
			'proof.refused',
			'unlock.failed',
			'sign-out'
		]);
	});

	test('writes as much of a wrong proof for nobody as for an owner', async () => {
		const owner = await someone(host);
		const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' };
		const rowOf = async (email: string) => {
			const stranger = new Person(host, email, '198.51.100.7');
			const { token } = await stranger.challenge({ email, purpose: 1 });
			const guess = { token: encode(token), signature: encode(random(64)) };
			const response = await stranger.post('/api/v1/auth/verify', guess, { headers });
			expect(response.status).toBe(401);
			const [row] = await host.sql('select * from audit order by id desc limit 1');
			const columns = Object.entries(row ?? {});
			return columns.flatMap(([name, value]) => (value === null ? [] : [name]));
		};
		const known = await rowOf(owner.email);
		expect(known).toContain('device');
		expect(await rowOf('nobody@example.org')).toEqual(known);
	});

	test('names the secret that was read, and why', async () => {
		const person = await someone(host);
		const written = [secret(), secret()];
		await person.commit(person.commitOf({ secrets: written }));
		const asked = written.map(({ item }) => item).reverse();
		for (const item of asked) await person.readSecrets([item], 'reveal');
		const rows = await host.sql(
			"select item, vault, detail from audit where account = ? and event = 'secret.read' order by id",
			[person.account]
		);
		expect(rows.map((row) => row['item'])).toEqual(asked);
		for (const { vault, detail } of rows) expect([vault, detail]).toEqual([person.vault, 'reveal']);
	});

	test('says of an export how many secrets it took; they come in the order asked for', async () => {
		const person = await someone(host);
		const written = Array.from({ length: 500 }, () => secret());
		await person.commit(person.commitOf({ secrets: written }));
		const asked = written.map(({ item }) => item).reverse();
		const proof = await person.exportProof(asked);
		const { secrets } = await secretsOf(await person.readSecrets(asked, 'export', proof));
		expect(secrets.map(({ item }) => item)).toEqual(asked);
		const rows = await host.sql(
			"select item, vault, detail from audit where account = ? and event = 'secret.read'",
			[person.account]
		);
		expect(rows.map(({ item, vault, detail }) => [item, vault, detail])).toEqual([
			[null, person.vault, 'export of 500']
		]);
	});

	test('has no row for a commit that lost', async () => {
		const person = await someone(host);
		const request = { ...person.commitOf(), expected: { seq: 1, head: random(32) } };
		await person.commit(request);
		expect(await eventsOf(person)).toEqual(['account.made', 'sign-in']);
	});

	test('has the export of secrets after the proof that allowed it', async () => {
		const person = await someone(host);
		const item = newId();
		await person.commit(person.commitOf({ secrets: [secret(item)] }));
		await person.readSecrets([item], 'export', await person.exportProof([item]));
		expect((await eventsOf(person)).slice(-2)).toEqual(['proof', 'secret.read']);
	});
});
