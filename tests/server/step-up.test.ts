/** What a good proof does to the session, in one write with the proof itself. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Host } from './host.ts';
import { codeOf, newId, Person, secret, someone } from './person.ts';

const HOUR_MS = 3_600_000;

let host: Host;

beforeAll(async () => {
	host = await Host.open();
});

afterAll(async () => {
	await host.remove();
});

async function eventsOf(person: Person) {
	const rows = await host.sql('select event from audit where account = ? order by id', [
		person.account
	]);
	return rows.map(({ event }) => event);
}

function cookieOf(response: Response): string | undefined {
	return response.headers.get('set-cookie')?.split(';')[0];
}

/** Makes the database refuse new sessions while `act` runs. */
async function withoutSessions(act: () => Promise<void>): Promise<void> {
	await host.sql(
		"create trigger full before insert on sessions begin select raise(abort, 'full'); end"
	);
	try {
		await act();
	} finally {
		await host.sql('drop trigger full');
	}
}

describe('a sign-in whose session could not be stored', () => {
	test('has not happened: nothing says so, and the same proof works afterwards', async () => {
		const person = new Person(host);
		await person.register();
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const proof = person.signed(challenge, 1);
		await withoutSessions(async () => {
			expect((await person.verify(proof)).status).toBe(401);
		});
		expect(await eventsOf(person)).not.toContain('sign-in');
		expect((await person.verify(proof)).status).toBe(200);
		expect((await person.send('/api/v1/account')).status).toBe(200);
	});
});

describe('a sign-out that could not be noted', () => {
	test('has not happened either', async () => {
		const person = await someone(host);
		await host.sql(
			"create trigger mute before insert on audit when new.event = 'sign-out' begin select raise(abort, 'full'); end"
		);
		const response = await person.send('/api/v1/auth/session', { method: 'DELETE' });
		await host.sql('drop trigger mute');
		expect(response.status).toBe(500);
		expect((await person.send('/api/v1/account')).status).toBe(200);
	});
});

describe('a thief of a cookie whose owner exports', () => {
	test('holds a cookie that ends within a minute; the owner has a new one', async () => {
		const person = await someone(host);
		const stolen = person.cookie;
		const item = newId();
		await person.commit(person.commitOf({ secrets: [secret(item)] }));
		const exported = await person.readSecrets([item], 'export', await person.exportProof([item]));
		const renewed = cookieOf(exported);
		expect(renewed).toMatch(/^__Host-keyhold=[\w-]{43}$/);
		expect(renewed).not.toBe(stolen);
		const answer = await person.send('/api/v1/account');
		expect(answer.status).toBe(200);
		expect(cookieOf(answer)).toBeUndefined();
		const rows = await host.sql('select * from sessions where account = ? order by expires_at', [
			person.account
		]);
		const left = rows.map((row) => Number(row['expires_at']) - Date.now());
		expect(left[0]).toBeLessThanOrEqual(60_000);
		expect(left[1]).toBeGreaterThan(11 * HOUR_MS);
		await host.sql('update sessions set created_at = created_at - 60000 where account = ?', [
			person.account
		]);
		expect((await person.send('/api/v1/account')).status).toBe(401);
		person.cookie = renewed ?? '';
		expect((await person.send('/api/v1/account')).status).toBe(200);
	});

	test('gets no new one with a proof that was used before', async () => {
		const person = await someone(host);
		const item = newId();
		await person.commit(person.commitOf({ secrets: [secret(item)] }));
		const proof = await person.exportProof([item]);
		await person.readSecrets([item], 'export', proof);
		const again = await person.readSecrets([item], 'export', proof);
		expect([again.status, cookieOf(again)]).toEqual([403, undefined]);
	});
});

describe('a cookie that was renewed', () => {
	test('comes with an answer that is a problem too, not only with a good one', async () => {
		const person = await someone(host);
		const now = Date.now();
		await host.sql('update sessions set expires_at = ? where account = ?', [
			now + 5 * HOUR_MS,
			person.account
		]);
		const response = await person.readSecrets([newId()]);
		expect(await codeOf(response)).toBe('not-found');
		expect(cookieOf(response)).toBe(person.cookie);
	});

	test('comes with an export of what is not there, so that the new session is not lost', async () => {
		const person = await someone(host);
		const items = [newId()];
		const response = await person.readSecrets(items, 'export', await person.exportProof(items));
		expect(response.status).toBe(404);
		expect(cookieOf(response)).not.toBe(person.cookie);
		expect(cookieOf(response)).toMatch(/^__Host-keyhold=[\w-]{43}$/);
	});
});
