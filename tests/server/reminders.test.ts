/** Reminders by mail: what is stored of them, when they go out, and how they are taken back. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RemindersState } from '#lib/api/reminders.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { runReminders } from '#lib/server/reminders.ts';
import { Host } from './host.ts';
import { DAY_MS, openMailing, type Mailing } from './mailing.ts';
import { codeOf, parsed, someone, type Person } from './person.ts';

const PATH = '/api/v1/account/reminders';
/** Thursday. */
const NOW = Date.parse('2026-11-26T10:00:00Z');
const [MONDAY, FIRST, LATER] = ['2026-11-30', '2026-12-01', '2027-01-01'] as const;

let mailing: Mailing;
let host: Host;
let person: Person;

beforeEach(async () => {
	mailing = await openMailing();
	({ host } = mailing);
	winds(NOW);
	person = await mailing.member();
	await person.signIn();
});

afterEach(async () => {
	await mailing.remove();
});

/** Puts the host's clock to a moment. */
function winds(to: number): void {
	host.ahead = to - Date.now();
}

async function set(...days: readonly string[]): Promise<readonly string[]> {
	return (await parsed(RemindersState, await person.post(PATH, { days }))).days;
}

async function daysNow(): Promise<readonly string[]> {
	return (await parsed(RemindersState, await person.send(PATH))).days;
}

/** The reminders that came; other mails tell of the sign-in. */
async function reminderMail() {
	for (;;) {
		const { mail } = await mailing.smtp.next(person.email);
		if (mail.subject === m.mail_reminder_subject()) return mail;
	}
}

async function events(): Promise<unknown[]> {
	const rows = await host.sql(
		"select event || ' ' || coalesce(detail, 'none') as line from audit where account = ? and event like 'reminder%' order by id",
		[person.account]
	);
	return rows.map(({ line }) => line);
}

describe('choosing days', () => {
	test('stores an account and a day, each once, and nothing else', async () => {
		expect(await set(FIRST, MONDAY, FIRST)).toEqual([MONDAY, FIRST]);
		const rows = await host.sql('select * from reminders order by day');
		expect(rows.map((row) => Array.from(row))).toEqual([
			[person.account, MONDAY],
			[person.account, FIRST]
		]);
	});

	test('takes back what is not among them, and all', async () => {
		await set(MONDAY, FIRST);
		expect(await set(LATER)).toEqual([LATER]);
		expect(await set()).toEqual([]);
		expect(await daysNow()).toEqual([]);
	});

	test('leaves out days that have come already', async () => {
		expect(await set('2026-11-23', FIRST)).toEqual([FIRST]);
	});

	test('is a row of the log if anything changed, and none if nothing did', async () => {
		await set(MONDAY, FIRST);
		await set(FIRST, MONDAY);
		expect(await events()).toEqual(['reminders.set 2']);
	});

	test.each([
		['a day that is none of the coarse ones', { days: ['2026-12-03'] }],
		['more than there may be', { days: Array.from({ length: 61 }, () => FIRST) }],
		['a name', { days: [FIRST], name: 'OpenAI main' }],
		['no list', { days: FIRST }]
	])('refuses %s', async (_what, body) => {
		expect((await person.post(PATH, body)).status).toBe(400);
		expect(await daysNow()).toEqual([]);
	});

	test('is nobody else’s to see or to change', async () => {
		await set(FIRST);
		const other = await mailing.member();
		await other.signIn();
		expect((await parsed(RemindersState, await other.send(PATH))).days).toEqual([]);
		await other.post(PATH, { days: [LATER] });
		expect(await daysNow()).toEqual([FIRST]);
		other.cookie = '';
		expect((await other.send(PATH)).status).toBe(401);
	});

	test('ends with the account', async () => {
		await set(FIRST);
		await person.prove({ purpose: 6 }, '/api/v1/account');
		expect(await host.sql('select * from reminders')).toHaveLength(0);
	});
});

describe('a day that has come', () => {
	test('is one mail, whatever the number of days that came with it, and then no more', async () => {
		await set(MONDAY, FIRST, LATER);
		await runReminders(host.server);
		expect(await daysNow()).toEqual([MONDAY, FIRST, LATER]);
		winds(Date.parse(`${FIRST}T00:10:00Z`));
		await runReminders(host.server);
		await runReminders(host.server);
		const mail = await reminderMail();
		expect(mail.text).toContain(`${host.server.env.origin}/wallet`);
		expect(await daysNow()).toEqual([LATER]);
		expect(await events()).toEqual(['reminders.set 3', 'reminder.sent none']);
	});

	test('is not taken back by who had not seen that it came', async () => {
		await set(MONDAY);
		winds(Date.parse(`${MONDAY}T00:01:00Z`));
		expect(await set(FIRST)).toEqual([MONDAY, FIRST]);
	});

	test('is dropped without a mail a week later', async () => {
		await set(MONDAY);
		winds(Date.parse(`${MONDAY}T00:00:00Z`) + 8 * DAY_MS);
		await runReminders(host.server);
		expect(await daysNow()).toEqual([]);
		expect(await events()).toEqual(['reminders.set 1']);
	});

	test('is queued by one of two that run at once', async () => {
		await set(MONDAY);
		winds(Date.parse(`${MONDAY}T09:00:00Z`));
		await Promise.all([runReminders(host.server), runReminders(host.server)]);
		expect(await events()).toEqual(['reminders.set 1', 'reminder.sent none']);
	});
});

test('a server that sends no mail says so and stores nothing', async () => {
	const silent = await Host.open();
	try {
		const member = await someone(silent);
		expect(await parsed(RemindersState, await member.send(PATH))).toEqual({
			mail: false,
			days: []
		});
		const refused = await member.post(PATH, { days: [LATER] });
		expect([refused.status, await codeOf(refused)]).toEqual([404, 'not-found']);
		expect(await silent.sql('select * from reminders')).toHaveLength(0);
	} finally {
		await silent.remove();
	}
});
