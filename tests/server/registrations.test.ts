/** Registering where mail is sent: nothing is there before the link, and nothing tells who is. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RegisterReply, RegisterRequest } from '#lib/api/accounts.ts';
import { ChallengeReply } from '#lib/api/auth.ts';
import { z } from '#lib/api/zod.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { prune } from '#lib/server/prune.ts';
import { linksIn, smtpVariables, startSmtp, tokenIn, type SmtpCatcher } from '../smtp.ts';
import { Host } from './host.ts';
import { DAY_MS, MINUTE_MS, UNLIMITED, writesOf } from './mailing.ts';
import { codeOf, newId, newKey, parsed, Person } from './person.ts';

let smtp: SmtpCatcher;
let host: Host;

beforeAll(async () => {
	smtp = await startSmtp();
	host = await Host.open({ ...UNLIMITED, ...smtpVariables(smtp) });
	// So that no later one needs the set-up code.
	await confirmed(new Person(host));
});

afterAll(async () => {
	await host.remove();
	await smtp.stop();
});

async function confirm(token: string): Promise<Response> {
	return await new Person(host).post('/api/v1/confirmations', { token });
}

async function confirmed(person: Person): Promise<Person> {
	await person.register();
	const response = await confirm(tokenIn(await smtp.next(person.email)));
	if (response.status !== 204) throw new Error(`confirm: ${String(response.status)}`);
	return person;
}

/** An answer without what is random in it. */
async function told(response: Response): Promise<string> {
	const text = (await response.text()).replace(/"(number|account)":"[^"]+"/g, '');
	return `${response.status} ${JSON.stringify([...response.headers])} ${text}`;
}

describe('a registration', () => {
	test('waits for its link, and opens once it was followed', async () => {
		const person = new Person(host);
		const reply = await parsed(RegisterReply, await person.register());
		expect(reply).toEqual({ account: person.account, state: 'confirm' });
		const mail = await smtp.next(person.email);
		expect((await confirm(tokenIn(mail))).status).toBe(204);
		await person.signIn();
		expect((await person.getAccount()).email).toBe(person.email);
	});

	test('has a link that works once', async () => {
		const person = new Person(host);
		await person.register();
		const token = tokenIn(await smtp.next(person.email));
		expect((await confirm(token)).status).toBe(204);
		expect(await codeOf(await confirm(token))).toBe('link');
	});

	test('opens a minute before the day is over', async () => {
		const person = new Person(host);
		await person.register();
		const token = tokenIn(await smtp.next(person.email));
		host.ahead += DAY_MS - MINUTE_MS;
		await prune(host.server);
		expect((await confirm(token)).status).toBe(204);
		host.ahead -= DAY_MS - MINUTE_MS;
		await person.signIn();
	});

	test('is over a day later, and then forgotten', async () => {
		const person = new Person(host);
		await person.register();
		const token = tokenIn(await smtp.next(person.email));
		host.ahead += DAY_MS;
		expect(await codeOf(await confirm(token))).toBe('link');
		await prune(host.server);
		expect(await host.sql('select id from registrations')).toHaveLength(0);
		host.ahead -= DAY_MS;
	});

	test('of one address that waits twice is one account: the first link that is followed', async () => {
		const [first, second] = [new Person(host), new Person(host)];
		Object.assign(second, { email: first.email });
		await first.register();
		await second.register();
		const mails = [await smtp.next(first.email), await smtp.next(first.email)];
		const [one = '', two = ''] = mails.map(tokenIn);
		const answers = await Promise.all([confirm(one), confirm(two)]);
		expect(answers.map(({ status }) => status).sort()).toEqual([204, 403]);
	});

	test('with the id of another account makes no account of it', async () => {
		const owner = await confirmed(new Person(host));
		const thief = new Person(host);
		Object.assign(thief, { account: owner.account });
		await thief.register();
		expect(await codeOf(await confirm(tokenIn(await smtp.next(thief.email))))).toBe('link');
		await owner.signIn();
		expect((await owner.getAccount()).email).toBe(owner.email);
	});

	test.each(['two,others@example.org', '<script>@example.org', '"a"@example.org', 'a@example'])(
		'for %s, where no mail can go, is refused',
		async (email) => {
			expect(await codeOf(await new Person(host, email).register())).toBe('malformed');
		}
	);

	test('is answered in the language that was asked for, and the account keeps it', async () => {
		const person = new Person(host);
		const request = { ...person.registration(), language: 'de' as const };
		await person.post('/api/v1/accounts', z.encode(RegisterRequest, request));
		const caught = await smtp.next(person.email);
		expect(caught.mail.subject).toBe('Bestätige dein Keyhold-Konto');
		expect(caught.mail.text).toContain('Öffne den Link innerhalb von 24 Stunden');
		expect(caught.mail.text).not.toContain('Open the link');
		await confirm(tokenIn(caught));
		const [row] = await host.sql('select language from accounts where id = ?', [person.account]);
		expect(row?.['language']).toBe('de');
	});
});

describe('a stranger', () => {
	test('is answered alike for an address that has an account, and its owner is told', async () => {
		const owner = await confirmed(new Person(host));
		const fresh = new Person(host);
		const known = await told(await new Person(host, owner.email).register());
		expect(known).toBe(await told(await fresh.register()));
		const mail = await smtp.next(owner.email);
		expect(linksIn(mail)).toEqual([]);
		expect(mail.mail.subject).toBe('You have a Keyhold account already');
	});

	test('has the same written for an address that has an account', async () => {
		const owner = await confirmed(new Person(host));
		const known = await writesOf(host, () => new Person(host, owner.email).register());
		expect(known).toEqual(await writesOf(host, () => new Person(host).register()));
		expect(known.at(-1)).toMatch(
			/^insert into "registrations" .*; insert into "links" .*; insert into "mails"/
		);
	});

	test('changes nothing of an account by registering its address', async () => {
		const owner = await confirmed(new Person(host));
		await new Person(host, owner.email).register();
		await owner.signIn();
		expect((await owner.getAccount()).account).toBe(owner.account);
	});
});

describe('for one who waits', () => {
	async function shape(person: Person) {
		const response = await person.post('/api/v1/auth/challenge', {
			email: person.email,
			purpose: 1
		});
		const reply = await parsed(ChallengeReply, response.clone());
		const { kind, profile, account, slot, salt } = reply;
		const text = JSON.stringify([...response.headers]);
		return { reply, seen: { kind, profile, text, status: response.status }, account, slot, salt };
	}

	test('challenge answers as for an unknown email: the same ids and salt before and after', async () => {
		const person = new Person(host);
		const before = await shape(person);
		await person.register();
		const after = await shape(person);
		const { account, slot, salt, seen } = after;
		expect({ account, slot, salt, seen }).toEqual({
			account: before.account,
			slot: before.slot,
			salt: before.salt,
			seen: before.seen
		});
		expect(account).not.toBe(person.account);
		expect(seen).toEqual((await shape(new Person(host))).seen);
	});

	test('verify answers as for an unknown email, whoever signed', async () => {
		const [person, unknown] = [new Person(host), new Person(host)];
		await person.register();
		const answers = [];
		for (const { who, key } of [
			{ who: person, key: person.key },
			{ who: person, key: newKey() },
			{ who: unknown, key: newKey() }
		]) {
			const challenge = await who.challenge({ email: who.email, purpose: 1 });
			answers.push(await told(await who.verify(who.signed(challenge, 1, { key }))));
		}
		expect(new Set(answers).size).toBe(1);
		expect(answers[0]).toMatch(/^401 /);
	});

	test('a locator is unknown as well', async () => {
		const person = new Person(host);
		await person.register();
		const reply = await person.challenge({ locator: encode(person.locator), purpose: 1 });
		expect(reply.account).not.toBe(person.account);
	});
});

describe('asking for the confirmation again', () => {
	const ask = (email: string) => new Person(host).post('/api/v1/confirmations/mails', { email });

	test('mails another link; each of the two works', async () => {
		const person = new Person(host);
		await person.register();
		await smtp.next(person.email);
		expect((await ask(person.email)).status).toBe(204);
		expect((await confirm(tokenIn(await smtp.next(person.email)))).status).toBe(204);
	});

	test('is answered alike, and costs alike, for who waits, who has an account and nobody', async () => {
		const waiting = new Person(host);
		await waiting.register();
		const owner = await confirmed(new Person(host));
		const answers: string[] = [];
		const written: string[] = [];
		for (const email of [waiting.email, owner.email, `${newId()}@example.org`.toLowerCase()]) {
			const batches = await writesOf(host, async () => answers.push(await told(await ask(email))));
			written.push(JSON.stringify(batches));
		}
		expect(new Set(answers).size).toBe(1);
		expect(answers[0]).toMatch(/^204 /);
		expect(new Set(written).size).toBe(1);
		expect(written[0]).toContain('mails');
		expect(linksIn(await smtp.next(owner.email))).toEqual([]);
	});

	test('sends nothing to an address that nobody registered', async () => {
		const [nobody, person] = [`${newId()}@example.org`.toLowerCase(), new Person(host)];
		await ask(nobody);
		await person.register();
		// It was queued later, and is there.
		await smtp.next(person.email);
		expect(smtp.caught.filter(({ to }) => to.includes(nobody))).toEqual([]);
	});
});

test('a registration that waits is nowhere to be read in the database', async () => {
	const person = new Person(host);
	await person.register();
	const [row] = await host.sql('select * from registrations order by created_at desc limit 1');
	const text = JSON.stringify(row, (_key, value: unknown) =>
		value instanceof ArrayBuffer ? Buffer.from(value).toString('latin1') : value
	);
	expect(text).not.toContain(person.email);
	expect(text).not.toContain(person.account);
});
