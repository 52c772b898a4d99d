/** Another email: confirmed at both addresses, then committed, and nothing before that. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EmailChangeState } from '#lib/api/email-changes.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { emailChanges } from '#lib/server/db/schema-waiting.ts';
import { tokenIn, type Caught } from '../smtp.ts';
import { passwordSlotOf } from './enrolled.ts';
import { Host } from './host.ts';
import { DAY_MS, MINUTE_MS, openMailing, told, type Mailing } from './mailing.ts';
import { codeOf, newId, parsed, Person, someone } from './person.ts';

const PATH = '/api/v1/account/email-change';
const BY = { purpose: 2 };

let mailing: Mailing;

beforeAll(async () => {
	mailing = await openMailing();
});

afterAll(async () => {
	await mailing.remove();
});

async function member(): Promise<Person> {
	const person = await mailing.member();
	await person.signIn();
	return person;
}

function newEmail(): string {
	return `${newId().toLowerCase()}@example.net`;
}

async function ask(person: Person, email: string): Promise<Response> {
	return await person.prove(BY, PATH, { email });
}

/** Asks, and takes both mails. */
async function asked(person: Person, email: string): Promise<[Caught, Caught]> {
	expect((await ask(person, email)).status).toBe(200);
	return [await mailing.smtp.next(person.email), await mailing.smtp.next(email)];
}

async function follow(caught: Caught): Promise<Response> {
	const token = tokenIn(caught);
	return await new Person(mailing.host).post('/api/v1/email-changes/confirmations', { token });
}

async function state(person: Person) {
	return await parsed(EmailChangeState, await person.send(PATH));
}

async function commit(person: Person, email: string): Promise<Response> {
	const change = person.accountCommitOf({ email, slots: [passwordSlotOf(person)] });
	return await person.sendAccountCommit(change, BY);
}

describe('a change of email', () => {
	test('is committed after both links, and both addresses are told', async () => {
		const [person, email] = [await member(), newEmail()];
		const [old, fresh] = await asked(person, email);
		const waiting = { state: 'waiting', email, oldConfirmed: false, newConfirmed: false };
		expect(await state(person)).toEqual(waiting);
		expect((await follow(fresh)).status).toBe(204);
		expect(await state(person)).toEqual({ ...waiting, newConfirmed: true });
		expect((await follow(old)).status).toBe(204);
		expect(await state(person)).toEqual({ ...waiting, oldConfirmed: true, newConfirmed: true });
		expect((await commit(person, email)).status).toBe(200);
		expect((await person.getAccount()).email).toBe(email);
		expect(await state(person)).toEqual({ state: 'none' });
		for (const address of [person.email, email]) {
			const { mail } = await mailing.smtp.next(address);
			expect(mail.subject).toBe('The email of your Keyhold account was changed');
		}
	});

	test.each([
		['neither link', []],
		['the old address alone', [0]],
		['the new address alone', [1]]
	])('is refused after %s', async (_which, followed) => {
		const [person, email] = [await member(), newEmail()];
		const mails = await asked(person, email);
		for (const index of followed) expect((await follow(mails[index] ?? mails[0])).status).toBe(204);
		expect(await codeOf(await commit(person, email))).toBe('link');
		expect((await person.getAccount()).email).toBe(person.email);
	});

	test('is refused to another address than the one that was confirmed', async () => {
		const person = await member();
		for (const mail of await asked(person, newEmail())) await follow(mail);
		expect(await codeOf(await commit(person, newEmail()))).toBe('link');
	});

	test('is refused once it was asked for again, and the old links are dead', async () => {
		const [person, first, second] = [await member(), newEmail(), newEmail()];
		const mails = await asked(person, first);
		await follow(mails[0]);
		await asked(person, second);
		expect(await codeOf(await follow(mails[1]))).toBe('link');
		expect(await codeOf(await commit(person, first))).toBe('link');
		expect(await codeOf(await commit(person, second))).toBe('link');
	});

	test('is taken a minute before the day is over', async () => {
		const [person, email] = [await member(), newEmail()];
		const mails = await asked(person, email);
		mailing.host.ahead += DAY_MS - MINUTE_MS;
		for (const mail of mails) expect((await follow(mail)).status).toBe(204);
		expect((await commit(person, email)).status).toBe(200);
	});

	test('is refused, and shown no more, a day later', async () => {
		const [person, email] = [await member(), newEmail()];
		for (const mail of await asked(person, email)) await follow(mail);
		mailing.host.ahead += DAY_MS;
		expect(await state(person)).toEqual({ state: 'none' });
		expect(await codeOf(await commit(person, email))).toBe('link');
	});

	test('has links that work once', async () => {
		const [old] = await asked(await member(), newEmail());
		expect((await follow(old)).status).toBe(204);
		expect(await codeOf(await follow(old))).toBe('link');
	});

	test('ends the links that were mailed to the old address', async () => {
		const [person, email] = [await member(), newEmail()];
		await person.post('/api/v1/erasures/mails', { email: person.email });
		const token = tokenIn(await mailing.smtp.next(person.email));
		for (const mail of await asked(person, email)) await follow(mail);
		expect((await commit(person, email)).status).toBe(200);
		expect(await codeOf(await person.post('/api/v1/erasures', { token }))).toBe('link');
	});

	test('needs a proof: a stolen cookie asks for nothing', async () => {
		const person = await member();
		const response = await person.post(PATH, { email: newEmail() });
		expect(await codeOf(response)).toBe('proof');
		expect(await state(person)).toEqual({ state: 'none' });
	});

	test('to where no mail can go is refused', async () => {
		const person = await member();
		expect(await codeOf(await ask(person, 'a,victim@example.org'))).toBe('malformed');
	});

	test('to an address that has an account is answered alike, and its owner told', async () => {
		const [person, other] = [await member(), await member()];
		const body = (text: string) => text.replace(/[\w.-]+@[\w.-]+|__Host-[^;"]+/g, '');
		const free = body(await told(await ask(person, newEmail())));
		expect(body(await told(await ask(person, other.email)))).toBe(free);
		const { mail } = await mailing.smtp.next(other.email);
		expect(mail.text).toContain('It has an account already');
		expect(mail.html).not.toContain('href');
	});
});

describe('where no mail is sent', () => {
	test('there is nothing to confirm, and the commit is taken at once', async () => {
		const host = await Host.open();
		const person = await someone(host);
		const email = newEmail();
		const reply = await parsed(EmailChangeState, await ask(person, email));
		expect(reply).toEqual({ state: 'none' });
		expect((await commit(person, email)).status).toBe(200);
		await host.remove();
	});
});

describe('a commit while the host rotates its keys', () => {
	test('goes through, though what waits was wrapped again since it was read', async () => {
		const [person, email] = [await member(), newEmail()];
		for (const caught of await asked(person, email)) await follow(caught);
		const { database, wrapper } = mailing.host.server;
		const write = database.write.bind(database);
		database.write = async (statements) => {
			if (
				statements.some(
					(each) => 'toSQL' in each && each.toSQL().sql.startsWith('delete from "email_changes"')
				)
			) {
				const place = { table: 'email_changes', row: [person.account], column: 'email' };
				const again = wrapper.wrap(place, utf8(email));
				await write([database.orm.update(emailChanges).set({ email: again })]);
			}
			return await write(statements);
		};
		try {
			expect((await commit(person, email)).status).toBe(200);
		} finally {
			database.write = write;
		}
		expect((await person.getAccount()).email).toBe(email);
		expect(await state(person)).toEqual({ state: 'none' });
	});
});
