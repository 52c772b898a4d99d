/** The mail of a new device: which sign-ins it tells of, and what the cookie behind it is. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Host } from './host.ts';
import { DAY_MS, openMailing, type Mailing } from './mailing.ts';
import { Person, someone } from './person.ts';

const NEWS = 'New sign-in to your Keyhold account';
const NAME = '__Host-keyhold-browser';

let mailing: Mailing;

beforeAll(async () => {
	mailing = await openMailing();
});

afterAll(async () => {
	await mailing.remove();
});

/** Signs in with the cookies of a browser. @returns what it then keeps of the browser's name. */
async function signIn(person: Person, kept = '', host = mailing.host): Promise<string> {
	const visitor = Object.assign(new Person(host, person.email), person, { cookie: kept });
	const challenge = await visitor.challenge({ email: person.email, purpose: 1 });
	const response = await visitor.verify(visitor.signed(challenge, 1));
	if (response.status !== 200) throw new Error(`verify: ${String(response.status)}`);
	const cookies = response.headers.getSetCookie();
	return cookies.find((cookie) => cookie.startsWith(NAME)) ?? '';
}

function pairOf(cookie: string): string {
	return cookie.split(';')[0] ?? '';
}

/** How many mails told `person` of a new browser; asked after another mail came that was queued later. */
async function news({ email }: Person): Promise<number> {
	await mailing.member();
	return mailing.smtp.caught.filter(({ to, mail }) => to.includes(email) && mail.subject === NEWS)
		.length;
}

describe('a sign-in', () => {
	test('that is the first of all is no news', async () => {
		const person = await mailing.member();
		await signIn(person);
		expect(await news(person)).toBe(0);
	});

	test('from the same browser again is none', async () => {
		const person = await mailing.member();
		const kept = pairOf(await signIn(person));
		expect(pairOf(await signIn(person, kept))).toBe(kept);
		expect(await news(person)).toBe(0);
	});

	test('from another one is told, once for each', async () => {
		const person = await mailing.member();
		await signIn(person);
		const kept = pairOf(await signIn(person));
		await signIn(person, kept);
		expect(await news(person)).toBe(1);
		await signIn(person);
		expect(await news(person)).toBe(2);
	});

	test("from a browser that is another account's old friend is told", async () => {
		const [person, other] = [await mailing.member(), await mailing.member()];
		await signIn(person);
		const kept = pairOf(await signIn(other));
		await signIn(person, kept);
		expect(await news(person)).toBe(1);
	});

	test('with a browser name that was made up, or that is there twice, is told', async () => {
		const person = await mailing.member();
		const kept = pairOf(await signIn(person));
		await signIn(person, `${NAME}=${'A'.repeat(43)}`);
		await signIn(person, `${kept}; ${kept}`);
		await signIn(person, `${NAME}=short`);
		expect(await news(person)).toBe(3);
	});

	test('from a browser that was not seen for 400 days is told, if another was', async () => {
		const person = await mailing.member();
		const kept = pairOf(await signIn(person));
		mailing.host.ahead += 200 * DAY_MS;
		await signIn(person);
		expect(await news(person)).toBe(1);
		mailing.host.ahead += 200 * DAY_MS;
		await signIn(person, kept);
		expect(await news(person)).toBe(2);
	});
});

describe('the name of a browser', () => {
	test('is kept from scripts and other hosts, and stands in no table', async () => {
		const cookie = await signIn(await mailing.member());
		expect(cookie).toMatch(
			/^__Host-keyhold-browser=[\w-]{43}; HttpOnly; Max-Age=34560000; Path=\/; SameSite=Strict; Secure$/
		);
		const token = pairOf(cookie).split('=')[1] ?? '';
		const rows = await mailing.host.sql('select hex(key) as key from counters');
		expect(JSON.stringify(rows)).not.toContain(Buffer.from(token).toString('hex').toUpperCase());
	});

	test('is not given where no mail is sent', async () => {
		const host = await Host.open();
		expect(await signIn(await someone(host), '', host)).toBe('');
		await host.remove();
	});
});
