/** Starting over: seven days of notices that can each stop it, then nothing is left. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ErasureBegun, ErasureState } from '#lib/api/erasures.ts';
import { runErasures } from '#lib/server/erasures.ts';
import { tokenIn } from '../smtp.ts';
import {
	DAY_MS,
	HOUR_MS,
	MINUTE_MS,
	openMailing,
	told,
	writesOf,
	type Mailing
} from './mailing.ts';
import { codeOf, newId, parsed, Person, secret, sheet } from './person.ts';
import { tablesOf, textOf } from './tables.ts';

const NOTICE = 'Your Keyhold account will be erased';

let mailing: Mailing;
let person: Person;

beforeEach(async () => {
	mailing = await openMailing();
	person = await mailing.member();
});

afterEach(async () => {
	await mailing.remove();
});

async function askLink(email = person.email): Promise<string> {
	await new Person(mailing.host).post('/api/v1/erasures/mails', { email });
	return tokenIn(await mailing.smtp.next(email));
}

async function begin(token: string): Promise<Response> {
	return await new Person(mailing.host).post('/api/v1/erasures', { token });
}

async function stop(token: string): Promise<Response> {
	return await new Person(mailing.host).post('/api/v1/erasures/stops', { token });
}

/** Begins one. @returns the token of the first notice. */
async function begun(): Promise<string> {
	expect((await begin(await askLink())).status).toBe(200);
	await mailsTried();
	return await nextNotice();
}

async function nextNotice(): Promise<string> {
	const caught = await mailing.smtp.next(person.email);
	expect(caught.mail.subject).toBe(NOTICE);
	return tokenIn(caught);
}

async function isThere(): Promise<boolean> {
	const rows = await mailing.host.sql('select id from accounts where id = ?', [person.account]);
	return rows.length === 1;
}

async function days(count: number): Promise<void> {
	mailing.host.ahead += count * DAY_MS;
	await runErasures(mailing.host.server);
	await mailsTried();
}

/** Every mail that is due went out, and that is noted, or was refused. */
async function mailsTried(): Promise<void> {
	for (;;) {
		const rows = await mailing.host.sql('select tries from mails');
		if (rows.every((row) => Number(row['tries']) > 0)) return;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

/** Where the account is still named. */
async function traces(): Promise<string[]> {
	const found: string[] = [];
	for (const table of await tablesOf(mailing.host)) {
		const rows = await mailing.host.sql(`select * from "${table}"`);
		const text = JSON.stringify(rows.map((row) => Array.from(row).map(textOf)));
		if (text.includes(person.account)) found.push(table);
	}
	return found;
}

describe('starting over', () => {
	test('erases after seven days and seven notices, and says so', async () => {
		await person.signIn();
		await person.commit(person.commitOf({ sheets: [sheet()], secrets: [secret()] }));
		const reply = await parsed(ErasureBegun, await begin(await askLink()));
		expect(Math.round((reply.eraseAtMs - Date.now()) / DAY_MS)).toBe(7);
		await mailsTried();
		await nextNotice();
		for (let day = 1; day <= 6; day++) {
			await days(1);
			await nextNotice();
			expect(await isThere()).toBe(true);
		}
		mailing.host.ahead += DAY_MS - HOUR_MS;
		await runErasures(mailing.host.server);
		expect(await isThere()).toBe(true);
		mailing.host.ahead += HOUR_MS;
		await runErasures(mailing.host.server);
		const { mail } = await mailing.smtp.next(person.email);
		expect(mail.subject).toBe('Your Keyhold account was deleted');
		expect(await traces()).toEqual([]);
	});

	test('leaves the address free for a new account', async () => {
		await begun();
		for (let day = 1; day <= 7; day++) await days(1);
		expect(await isThere()).toBe(false);
		while ((await mailing.smtp.next(person.email)).mail.subject === NOTICE);
		const again = await mailing.member(person.email);
		await again.signIn();
	});

	test('sends no second notice on one day', async () => {
		await begun();
		for (let hour = 0; hour < 23; hour++) {
			mailing.host.ahead += HOUR_MS;
			await runErasures(mailing.host.server);
		}
		await days(1);
		await nextNotice();
		const notices = mailing.smtp.caught.filter(({ mail }) => mail.subject === NOTICE);
		expect(notices).toHaveLength(2);
	});

	test('shows to whoever is signed in', async () => {
		await person.signIn();
		const state = async () =>
			await parsed(ErasureState, await person.send('/api/v1/account/erasure'));
		expect(await state()).toEqual({});
		const reply = await parsed(ErasureBegun, await begin(await askLink()));
		expect(await state()).toEqual(reply);
	});

	test('asked for again goes on as it is', async () => {
		const first = await parsed(ErasureBegun, await begin(await askLink()));
		await nextNotice();
		mailing.host.ahead += HOUR_MS;
		expect(await parsed(ErasureBegun, await begin(await askLink()))).toEqual(first);
	});
});

describe('every notice', () => {
	test.each([0, 1, 6])('stops it: that of day %i', async (day) => {
		let token = await begun();
		for (let passed = 1; passed <= day; passed++) {
			await days(1);
			token = await nextNotice();
		}
		expect((await stop(token)).status).toBe(204);
		for (let more = 0; more < 8; more++) await days(1);
		expect(await isThere()).toBe(true);
		await person.signIn();
	});

	test('of the first day stops it on the last', async () => {
		const token = await begun();
		for (let day = 1; day <= 6; day++) await days(1);
		expect((await stop(token)).status).toBe(204);
		await days(1);
		expect(await isThere()).toBe(true);
	});

	test('is worth nothing once it was stopped, and so is a link that would begin it', async () => {
		const other = await askLink();
		const token = await begun();
		await days(1);
		const second = await nextNotice();
		expect((await stop(token)).status).toBe(204);
		expect(await codeOf(await stop(token))).toBe('link');
		expect(await codeOf(await stop(second))).toBe('link');
		expect(await codeOf(await begin(other))).toBe('link');
	});

	test('does not begin one, and the link that begins one stops none', async () => {
		const asked = await askLink();
		expect(await codeOf(await stop(asked))).toBe('link');
		const token = await begun();
		expect(await codeOf(await begin(token))).toBe('link');
	});
});

describe('a server that was off', () => {
	test('for days, or for good, erases nothing before seven notices went out', async () => {
		await begun();
		// Two weeks later.
		await days(14);
		expect(await isThere()).toBe(true);
		await nextNotice();
		for (let day = 1; day <= 5; day++) {
			await days(1);
			await nextNotice();
			expect(await isThere()).toBe(true);
		}
		await days(1);
		expect(await isThere()).toBe(false);
	});
});

describe('a mail server that is down', () => {
	test('erases nothing, however long it is: a day without its notice does not count', async () => {
		await begun();
		mailing.smtp.refuse(451);
		for (let day = 1; day <= 10; day++) {
			await days(1);
			expect(await isThere()).toBe(true);
		}
		mailing.smtp.refuse(undefined);
		// The first day had its notice; six are wanting, and the days without one are not among them.
		await days(1);
		await nextNotice();
		for (let day = 1; day <= 5; day++) {
			await days(1);
			await nextNotice();
			expect(await isThere()).toBe(true);
		}
		await days(1);
		expect(await isThere()).toBe(false);
	});

	test('finds one notice waiting when it is back, not one of each day', async () => {
		await begun();
		mailing.smtp.refuse(451);
		for (let day = 1; day <= 3; day++) {
			await days(1);
		}
		expect(await mailing.host.sql('select id from mails')).toHaveLength(1);
	});

	test('does not erase on the last day either, when its notice did not go out', async () => {
		await begun();
		for (let day = 1; day <= 5; day++) {
			await days(1);
			await nextNotice();
		}
		mailing.smtp.refuse(451);
		await days(1);
		await days(1);
		expect(await isThere()).toBe(true);
	});
});

describe('a link that begins it', () => {
	test('works once, within a day', async () => {
		const token = await askLink();
		mailing.host.ahead += DAY_MS;
		expect(await codeOf(await begin(token))).toBe('link');
		const fresh = await askLink();
		mailing.host.ahead += DAY_MS - MINUTE_MS;
		expect((await begin(fresh)).status).toBe(200);
		expect(await codeOf(await begin(fresh))).toBe('link');
	});

	test('is asked for alike by an address without an account', async () => {
		const seen: string[] = [];
		for (const email of [person.email, `${newId().toLowerCase()}@example.org`]) {
			const writes = await writesOf(mailing.host, async () => {
				const stranger = new Person(mailing.host);
				seen.push(await told(await stranger.post('/api/v1/erasures/mails', { email })));
			});
			seen.push(JSON.stringify(writes));
		}
		expect(seen.slice(0, 2)).toEqual(seen.slice(2));
		expect(seen[0]).toMatch(/^204 /);
	});
});
