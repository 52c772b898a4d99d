/** What the host's command can do about accounts, asked of a server directly. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from '#lib/api/zod.ts';
import { RegisterRequest } from '#lib/api/accounts.ts';
import { AdminEvent } from '#lib/server/admin/messages.ts';
import { decode } from '#lib/encoding/base64url.ts';
import { eventsOf, lastOf } from './asked.ts';
import { withSecondFactor } from './code-app.ts';
import { Host } from './host.ts';
import { openMailing, type Mailing } from './mailing.ts';
import { Person, secret, sheet, someone } from './person.ts';
import { tablesOf, textOf } from './tables.ts';

let host: Host;

async function open(variables: Record<string, string> = {}): Promise<void> {
	host = await Host.open({
		LIMIT_REQUESTS: '100000/m',
		LIMIT_REGISTRATIONS_NETWORK: '100000/h',
		...variables
	});
}

afterEach(async () => {
	await host.remove();
});

describe('accounts', () => {
	beforeEach(() => open());

	test('says who there is, since when, how often signed in, with how many keys of what size', async () => {
		const before = Date.now();
		const ada = await someone(host, 'ada@example.org');
		const bob = await someone(host, 'bob@example.org');
		await bob.signIn();
		await ada.commit(ada.commitOf({ sheets: [sheet()], secrets: [secret(), secret()] }));
		await withSecondFactor(bob, host);
		const events = await eventsOf(host, { command: 'accounts' });
		expect(events).toMatchObject([
			{ email: 'ada@example.org', sessions: 1, secondFactor: false, keys: 2 },
			{ email: 'bob@example.org', sessions: 1, secondFactor: true, keys: 0 }
		]);
		const [first, second] = events.filter((event) => event.event === 'account');
		expect(first?.createdAtMs).toBeGreaterThanOrEqual(before);
		expect(first?.bytes).toBeGreaterThan(4_125 + 2 * 285);
		expect(second?.bytes).toBeLessThan(4_125);
	});

	test('goes on after an account whose email does not open', async () => {
		await someone(host, 'ada@example.org');
		await someone(host, 'bob@example.org');
		await host.sql(
			'update accounts set email = zeroblob(200) where id = (select min(id) from accounts)'
		);
		const events = await eventsOf(host, { command: 'accounts' });
		expect(events).toHaveLength(2);
		expect(events.filter((event) => !('email' in event))).toHaveLength(1);
	});

	test('says nothing that is in a vault, and no event is more than the schema allows', async () => {
		const person = await someone(host);
		const written = secret();
		await person.commit(person.commitOf({ secrets: [written] }));
		const events = await eventsOf(host, { command: 'accounts' });
		expect(events.map((event) => z.parse(AdminEvent, event))).toEqual(events);
		const [event] = events;
		expect(Object.keys(event ?? {}).sort()).toEqual(
			['bytes', 'createdAtMs', 'email', 'event', 'keys', 'secondFactor', 'sessions'].sort()
		);
	});
});

describe('invite', () => {
	test('makes a link that lets that email register, and nobody else', async () => {
		await open({ REGISTRATION: 'invite' });
		await someone(host);
		const request = { command: 'invite', email: 'Ada@Example.org' } as const;
		const invitation = await lastOf(host, request, 'invitation');
		expect(invitation.url).toMatch(/^https:\/\/vault\.example\.org\/register#invite=[\w-]{43}$/);
		expect(invitation).toMatchObject({ mailed: false, registration: 'invite' });
		expect(invitation.expiresAtMs).toBeGreaterThan(Date.now() + 6 * 86_400_000);
		const token = decode(invitation.url.split('=')[1] ?? '');
		const register = async (email: string) => {
			const wanted = { ...new Person(host, email).registration(), invitation: token };
			const visitor = new Person(host, email);
			return await visitor.post('/api/v1/accounts', z.encode(RegisterRequest, wanted));
		};
		expect((await register('bob@example.org')).status).toBe(403);
		expect((await register('ada@example.org')).status).toBe(200);
	});

	test('is refused where nobody may come, for an account that is there, and for no email', async () => {
		await open();
		await someone(host, 'ada@example.org');
		const heard = async (email: string) =>
			await lastOf(host, { command: 'invite', email }, 'fault');
		expect(await heard('ADA@example.org')).toMatchObject({ code: 'input', message: /already/ });
		expect(await heard('ada')).toMatchObject({ code: 'input', message: /@/ });
		await host.stop();
		await host.start({ REGISTRATION: 'closed' });
		expect(await heard('bob@example.org')).toMatchObject({ code: 'input', message: /closed/ });
	});
});

describe('setup-code', () => {
	test('is the code of the log while there is no account, and none afterwards', async () => {
		await open();
		const { code } = await lastOf(host, { command: 'setup-code' }, 'setup-code');
		expect(host.lines.join('')).toContain(`"setupCode":"${code ?? 'none'}"`);
		await someone(host);
		expect(await lastOf(host, { command: 'setup-code' }, 'setup-code')).toEqual({
			event: 'setup-code'
		});
	});
});

describe('disable-second-factor', () => {
	beforeEach(() => open());

	test('lets the password alone sign in again, and ends all sessions', async () => {
		const person = await someone(host);
		await withSecondFactor(person, host);
		const request = { command: 'disable-second-factor', email: person.email } as const;
		expect(await lastOf(host, request, 'second-factor-off')).toMatchObject({ wasOn: true });
		expect((await person.send('/api/v1/account')).status).toBe(401);
		await person.signIn();
		expect((await person.send('/api/v1/account')).status).toBe(200);
		expect(await host.sql('select * from backup_codes')).toEqual([]);
		const events = await host.sql("select detail from audit where event = 'admin'");
		expect(events).toMatchObject([{ detail: 'disable-second-factor' }]);
	});

	test('changes nothing where there is none', async () => {
		const person = await someone(host);
		const request = { command: 'disable-second-factor', email: person.email } as const;
		expect(await lastOf(host, request, 'second-factor-off')).toMatchObject({ wasOn: false });
		expect((await person.send('/api/v1/account')).status).toBe(200);
	});

	test('knows no account of another email', async () => {
		const request = { command: 'disable-second-factor', email: 'nobody@example.org' } as const;
		expect(await lastOf(host, request, 'fault')).toMatchObject({ code: 'input' });
	});
});

describe('end-sessions', () => {
	beforeEach(() => open());

	test('signs an account out everywhere, and no other', async () => {
		const [ada, bob] = [await someone(host, 'ada@example.org'), await someone(host)];
		const elsewhere = new Person(host, ada.email);
		Object.assign(elsewhere, { key: ada.key, passwordSlot: ada.passwordSlot });
		await elsewhere.signIn();
		const request = { command: 'end-sessions', email: 'ADA@example.org' } as const;
		expect(await lastOf(host, request, 'sessions-ended')).toMatchObject({ count: 2 });
		for (const browser of [ada, elsewhere]) {
			expect((await browser.send('/api/v1/account')).status).toBe(401);
		}
		expect((await bob.send('/api/v1/account')).status).toBe(200);
		await ada.signIn();
	});

	test('leaves rows in the account’s log', async () => {
		const person = await someone(host);
		await eventsOf(host, { command: 'end-sessions', email: person.email });
		const rows = await host.sql('select event, detail from audit order by id desc limit 2');
		expect(rows.map((row) => [row['event'], row['detail']])).toEqual([
			['sessions.ended', null],
			['admin', 'end-sessions']
		]);
	});

	test('knows no account of another email', async () => {
		const request = { command: 'end-sessions', email: 'nobody@example.org' } as const;
		expect(await lastOf(host, request, 'fault')).toMatchObject({ code: 'input' });
	});
});

describe('delete-account', () => {
	test('leaves no row that names the account, and no other account less', async () => {
		await open();
		const ada = await someone(host, 'ada@example.org');
		const bob = await someone(host, 'bob@example.org');
		await ada.commit(ada.commitOf({ sheets: [sheet()], secrets: [secret()] }));
		await withSecondFactor(ada, host);
		await eventsOf(host, { command: 'delete-account', email: 'ada@example.org' });
		for (const table of await tablesOf(host)) {
			const rows = await host.sql(`select * from "${table}"`);
			const texts = rows.map((row) => Array.from(row).map(textOf).join(' '));
			expect(texts.filter((text) => text.includes(ada.account))).toEqual([]);
		}
		expect((await ada.send('/api/v1/account')).status).toBe(401);
		expect((await bob.send('/api/v1/account')).status).toBe(200);
	});
});

describe('the owner is mailed', () => {
	let mailing: Mailing;

	beforeEach(async () => {
		mailing = await openMailing();
		({ host } = mailing);
	});

	// The host itself is removed after every test.
	afterEach(async () => {
		await mailing.smtp.stop();
	});

	test('that the host switched the second factor off, and nothing where there was none', async () => {
		const person = await mailing.member();
		await person.signIn();
		const request = { command: 'disable-second-factor', email: person.email } as const;
		expect(await lastOf(host, request, 'second-factor-off')).toMatchObject({ wasOn: false });
		await withSecondFactor(person, host);
		expect((await mailing.smtp.next(person.email)).mail.subject).toBe('Two-factor sign-in is on');
		expect(await lastOf(host, request, 'second-factor-off')).toMatchObject({ wasOn: true });
		const { mail } = await mailing.smtp.next(person.email);
		expect(mail.subject).toBe('Two-factor sign-in is off');
	});

	test('that the host deleted the account', async () => {
		const person = await mailing.member();
		await eventsOf(host, { command: 'delete-account', email: person.email });
		const { mail } = await mailing.smtp.next(person.email);
		expect(mail.subject).toBe('Your Keyhold account was deleted');
	});
});

test('the log says which command was run, and about nobody', async () => {
	await open();
	await someone(host, 'ada@example.org');
	await eventsOf(host, { command: 'delete-account', email: 'ada@example.org' });
	const line = host.lines.find((text) => text.includes('admin:'));
	expect(line).toContain('admin: delete-account');
	expect(host.lines.join('')).not.toContain('ada@');
});
