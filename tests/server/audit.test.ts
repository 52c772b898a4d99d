/** The audit log: what leaves a row, in which order. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Host } from './host.ts';
import { newId, newKey, random, secret, secretsOf, someone, type Person } from './person.ts';

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
