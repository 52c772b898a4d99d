/** Coming back with the recovery kit where mail is sent: the kit and the mailed link, both. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { linksIn, tokenIn } from '../smtp.ts';
import { Host } from './host.ts';
import { HOUR_MS, MINUTE_MS, openMailing, told, writesOf, type Mailing } from './mailing.ts';
import { codeOf, newId, newKey, Person, someone } from './person.ts';

let mailing: Mailing;

beforeAll(async () => {
	mailing = await openMailing();
});

afterAll(async () => {
	await mailing.remove();
});

async function ask(email: string): Promise<Response> {
	return await new Person(mailing.host).post('/api/v1/recoveries/mails', { email });
}

async function linkFor({ email }: Person): Promise<string> {
	await ask(email);
	return tokenIn(await mailing.smtp.next(email));
}

/** A sign-in by kit, with that link. */
async function recover(person: Person, link?: string, key = person.recoveryKey) {
	const challenge = await person.challenge({ locator: encode(person.locator), purpose: 1 });
	const proof = person.signed(challenge, 1, { key });
	return await person.verify(proof, link === undefined ? {} : { link });
}

describe('a sign-in by recovery kit', () => {
	test('is good with the link that was mailed, and the owner is told', async () => {
		const person = await mailing.member();
		expect((await recover(person, await linkFor(person))).status).toBe(200);
		expect((await person.getAccount()).email).toBe(person.email);
		const { mail } = await mailing.smtp.next(person.email);
		expect(mail.subject).toBe('Your recovery kit was used');
	});

	test('is refused without one, and the owner does not hear of a use', async () => {
		const person = await mailing.member();
		expect(await codeOf(await recover(person))).toBe('link');
		expect(mailing.smtp.caught.at(-1)?.mail.subject).toBe('Confirm your Keyhold account');
	});

	test('uses its link up', async () => {
		const person = await mailing.member();
		const link = await linkFor(person);
		expect((await recover(person, link)).status).toBe(200);
		expect(await codeOf(await recover(person, link))).toBe('link');
	});

	test('uses its link up for one of two at the same moment', async () => {
		const person = await mailing.member();
		const link = await linkFor(person);
		const other = Object.assign(new Person(mailing.host, person.email), person);
		const answers = await Promise.all([recover(person, link), recover(other, link)]);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
	});

	test('is taken with a link a minute before its hour is over', async () => {
		const person = await mailing.member();
		const link = await linkFor(person);
		mailing.host.ahead += HOUR_MS - MINUTE_MS;
		expect((await recover(person, link)).status).toBe(200);
	});

	test('is refused with a link that is an hour old', async () => {
		const person = await mailing.member();
		const link = await linkFor(person);
		mailing.host.ahead += HOUR_MS;
		expect(await codeOf(await recover(person, link))).toBe('link');
	});

	test("is refused with another account's link, or a link for something else", async () => {
		const [person, other] = [await mailing.member(), await mailing.member()];
		expect(await codeOf(await recover(person, await linkFor(other)))).toBe('link');
		await person.post('/api/v1/erasures/mails', { email: person.email });
		const erase = tokenIn(await mailing.smtp.next(person.email));
		expect(await codeOf(await recover(person, erase))).toBe('link');
	});

	test('with a wrong kit says nothing of the link, and leaves it', async () => {
		const person = await mailing.member();
		const link = await linkFor(person);
		expect(await codeOf(await recover(person, link, newKey()))).toBe('auth');
		expect((await recover(person, link)).status).toBe(200);
	});

	test('needs no link by password', async () => {
		const person = await mailing.member();
		await person.signIn();
	});
});

describe('asking for the link', () => {
	test('is answered alike, and writes alike, for an address without an account', async () => {
		const person = await mailing.member();
		const nobody = `${newId().toLowerCase()}@example.org`;
		const seen: string[] = [];
		for (const email of [person.email, nobody]) {
			const writes = await writesOf(mailing.host, async () => {
				seen.push(await told(await ask(email)));
			});
			seen.push(JSON.stringify(writes));
		}
		expect(seen.slice(0, 2)).toEqual(seen.slice(2));
		expect(seen[0]).toMatch(/^204 /);
		await mailing.smtp.next(person.email);
		await ask(person.email);
		await mailing.smtp.next(person.email);
		// What was queued for nobody came before that one, and went nowhere.
		expect(mailing.smtp.caught.filter(({ to }) => to.includes(nobody))).toEqual([]);
	});

	test('for one who only waits to be confirmed sends nothing', async () => {
		const waiting = new Person(mailing.host);
		await waiting.register();
		await mailing.smtp.next(waiting.email);
		await ask(waiting.email);
		const person = await mailing.member();
		expect(linksIn(await askAgain(person))).toHaveLength(2);
		expect(mailing.smtp.caught.filter(({ to }) => to.includes(waiting.email))).toHaveLength(1);
	});

	async function askAgain({ email }: Person) {
		await ask(email);
		return await mailing.smtp.next(email);
	}
});

describe('a stranger who uses up every limit of mails to an address', () => {
	test('leaves its owner a link: those that were asked for are theirs', async () => {
		const few = await openMailing({ LIMIT_MAILS_ADDRESS: '2/h' });
		const person = await few.member();
		const stranger = new Person(few.host, person.email);
		const refusals: Record<string, number> = {};
		for (const path of ['accounts', 'confirmations/mails', 'erasures/mails', 'recoveries/mails']) {
			const request = () =>
				path === 'accounts'
					? stranger.register()
					: stranger.post(`/api/v1/${path}`, { email: person.email });
			let tries = 0;
			while ((await request()).status !== 429) tries++;
			refusals[path] = tries;
		}
		// The owner's own registration is counted with the first.
		expect(refusals).toEqual({
			accounts: 1,
			'confirmations/mails': 2,
			'erasures/mails': 2,
			'recoveries/mails': 2
		});
		for (;;) {
			const caught = await few.smtp.next(person.email);
			if (!linksIn(caught)[0]?.includes('/recover#')) continue;
			expect((await recover(person, tokenIn(caught))).status).toBe(200);
			break;
		}
		await few.remove();
	});
});

describe('where no mail is sent', () => {
	test('the kit signs in alone, and there is nothing to ask for', async () => {
		const host = await Host.open();
		const person = await someone(host);
		expect((await recover(person)).status).toBe(200);
		for (const path of ['recoveries', 'confirmations', 'erasures']) {
			const response = await person.post(`/api/v1/${path}/mails`, { email: person.email });
			expect(await codeOf(response)).toBe('not-found');
		}
		await host.remove();
	});
});
