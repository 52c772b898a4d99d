/** Every mail that the server writes, as it arrives. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RegisterRequest } from '#lib/api/accounts.ts';
import { z } from '#lib/api/zod.ts';
import { LANGUAGES } from '#lib/i18n/languages.ts';
import { audit } from '#lib/server/db/schema-audit.ts';
import { runErasures } from '#lib/server/erasures.ts';
import { invite } from '#lib/server/invitations.ts';
import { notify, type NoticeDetails, type NoticeEvent } from '#lib/server/mail/notices.ts';
import {
	linkIn,
	linksIn,
	smtpVariables,
	startSmtp,
	tokenIn,
	type Caught,
	type SmtpCatcher
} from '../smtp.ts';
import { Host, ORIGIN } from './host.ts';
import { Person } from './person.ts';

const DEVICE = 'Firefox on Linux';

let smtp: SmtpCatcher;
let host: Host;
let person: Person;

beforeAll(async () => {
	smtp = await startSmtp();
	host = await Host.open({ ...smtpVariables(smtp), LIMIT_MAILS_NETWORK: '1000/h' });
});

afterAll(async () => {
	await host.remove();
	await smtp.stop();
});

beforeEach(async () => {
	person = new Person(host);
	await person.register();
	const token = tokenIn(await smtp.next(person.email));
	await person.post('/api/v1/confirmations', { token });
});

async function told<E extends NoticeEvent>(event: E, details: NoticeDetails<E>): Promise<void> {
	const { server } = host;
	await server.database.write(await notify(server, person.account, event, details));
}

/** What holds of every mail; `link` is the page and the form of its one link. */
function check(caught: Caught, to: string, subject: string, link?: RegExp): void {
	const { mail } = caught;
	expect(caught.to).toEqual([to]);
	expect(mail.to).toEqual([{ address: to, name: '' }]);
	expect(mail.from).toEqual({ address: 'keyhold@example.org', name: 'Keyhold' });
	expect(mail.subject).toBe(subject);
	expect(mail.attachments).toEqual([]);
	expect(mail.html).not.toMatch(/<(img|style|script|link|iframe|form)\b|style=|src=|url\(/i);
	// The same words in both.
	const words = (text = '') => text.replace(/https?:\S+|[\s:]+/g, ' ').replace(/ +/g, ' ');
	const unescaped = (mail.html ?? '')
		.replace(/^[\s\S]*<body>|<\/body>[\s\S]*$/g, '')
		.replace(/<[^>]+>/g, '\n')
		.replace(/&#39;/g, "'");
	expect(words(unescaped).trim()).toBe(words(mail.text).trim());
	expect(mail.text).toContain('Sent by Keyhold at vault.example.org.');
	const links = linksIn(caught);
	expect(new Set(links).size).toBe(link === undefined ? 0 : 1);
	// Once in the text, once in the HTML.
	expect(links).toHaveLength(link === undefined ? 0 : 2);
	if (link !== undefined) expect(linkIn(caught).href.slice(ORIGIN.length)).toMatch(link);
	// Nothing of the account but what its owner reads anyway.
	for (const secret of [person.account, person.passwordSlot]) {
		expect(caught.raw).not.toContain(secret);
	}
}

const TOKEN = '[A-Za-z0-9_-]{43}';

describe('a notice', () => {
	test.each<[NoticeEvent, string]>([
		['new-device', 'New sign-in to your Keyhold account'],
		['password-changed', 'Your Keyhold password was changed'],
		['password-raised', 'Your Keyhold password was changed or better protected'],
		['slots-changed', 'A passkey was added to your Keyhold account'],
		['second-factor-on', 'Two-factor sign-in is on'],
		['second-factor-off', 'Two-factor sign-in is off'],
		['recovery-used', 'Your recovery kit was used'],
		['rotated', 'The keys of your Keyhold account were replaced'],
		['restore-accepted', 'A restored backup was accepted'],
		['account-deleted', 'Your Keyhold account was deleted']
	])('of %s says when and by what, and has no link', async (event, subject) => {
		await told(event as 'rotated', { device: DEVICE });
		const caught = await smtp.next(person.email);
		check(caught, person.email, subject);
		expect(caught.mail.text).toMatch(/\d{4} at \d{1,2}:\d\d [AP]M UTC, with Firefox on Linux\./);
	});

	test('names the device in the language of the account', async () => {
		await host.sql("update accounts set language = 'de' where id = ?", [person.account]);
		await told('rotated', { device: DEVICE });
		expect((await smtp.next(person.email)).mail.text).toContain('mit Firefox unter Linux.');
	});

	test('without a device says when', async () => {
		await told('rotated', {});
		expect((await smtp.next(person.email)).mail.text).toMatch(/[AP]M UTC\.\n/);
	});

	test.each([
		[0, '0 codes are left'],
		[1, '1 code is left'],
		[9, '9 codes are left']
	])('of a backup code says how many are left: %i', async (left, words) => {
		await told('backup-code-used', { left, device: DEVICE });
		const caught = await smtp.next(person.email);
		check(caught, person.email, 'A backup code was used');
		expect(caught.mail.text).toContain(words);
	});

	test('of another email goes to both addresses', async () => {
		const email = `new.${person.email}`;
		await told('email-changed', { email });
		for (const to of [person.email, email]) {
			const caught = await smtp.next(to);
			check(caught, to, 'The email of your Keyhold account was changed');
			expect(caught.mail.text).toContain(email);
		}
	});

	test('is queued with the write that it tells of, or not at all', async () => {
		const { server } = host;
		const waiting = await host.sql('select id from mails');
		const before = new Set(waiting.map(({ id }) => id));
		const statements = await notify(server, person.account, 'rotated', {});
		await host.sql("create trigger no before insert on audit begin select raise(abort, 'no'); end");
		const row = { at: 0, account: 'nobody', event: 'admin' };
		const doomed = server.database.orm.insert(audit).values(row);
		expect((await server.database.write([...statements, doomed])).outcome).toBe('constraint');
		await host.sql('drop trigger no');
		const after = await host.sql('select id from mails');
		expect(after.map(({ id }) => id).filter((id) => !before.has(id))).toEqual([]);
	});

	test('of an account that is gone, or where no mail is sent, is none', async () => {
		const { server } = host;
		expect(await notify(server, 'AAAAAAAAAAAAAAAAAAAAAA', 'rotated', {})).toEqual([]);
		const silent = { ...server, env: { ...server.env, smtp: undefined } };
		expect(await notify(silent, person.account, 'rotated', {})).toEqual([]);
	});
});

describe.each(LANGUAGES)('in %s', (language) => {
	/** The words of the catalogue as it is written, not as it is compiled. */
	const words = JSON.parse(
		readFileSync(`src/lib/i18n/messages/${language}.json`, 'utf8')
	) as Record<string, string>;

	test('a link is mailed and a notice follows, every sentence of it', async () => {
		const other = new Person(host);
		const request = { ...other.registration(), language };
		await other.post('/api/v1/accounts', z.encode(RegisterRequest, request));
		const confirm = await smtp.next(other.email);
		expect(confirm.mail.subject).toBe(words['mail_confirm_subject']);
		expect(confirm.mail.text).toContain(words['mail_confirm']);
		await other.post('/api/v1/confirmations', { token: tokenIn(confirm) });
		const { server } = host;
		await server.database.write(await notify(server, other.account, 'rotated', {}));
		const { mail } = await smtp.next(other.email);
		expect(mail.subject).toBe(words['mail_rotated_subject']);
		expect(mail.text).toContain(words['mail_rotated']);
		expect(mail.text).toContain(words['mail_not_you_kit']);
	});
});

describe('a mail with a link', () => {
	test('confirms a registration', async () => {
		const other = new Person(host);
		await other.register();
		const caught = await smtp.next(other.email);
		const page = new RegExp(`^/confirm#${TOKEN}$`);
		check(caught, other.email, 'Confirm your Keyhold account', page);
	});

	test('invites', async () => {
		const { url } = await invite(host.server, 'guest@example.org');
		const caught = await smtp.next('guest@example.org');
		const page = new RegExp(`^/register#invite=${TOKEN}$`);
		check(caught, 'guest@example.org', 'You are invited to Keyhold', page);
		expect(linkIn(caught).href).toBe(url);
	});

	test('recovers', async () => {
		await person.post('/api/v1/recoveries/mails', { email: person.email });
		const caught = await smtp.next(person.email);
		const subject = 'Open your Keyhold account with the recovery kit';
		check(caught, person.email, subject, new RegExp(`^/recover#${TOKEN}$`));
	});

	test('starts over, stops that, and tells that it happened', async () => {
		await person.post('/api/v1/erasures/mails', { email: person.email });
		const asked = await smtp.next(person.email);
		check(asked, person.email, 'Start over with Keyhold', new RegExp(`^/start-over#${TOKEN}$`));
		const begun = await person.post('/api/v1/erasures', { token: tokenIn(asked) });
		expect(begun.status).toBe(200);
		const notice = await smtp.next(person.email);
		const page = new RegExp(`^/start-over/stop#${TOKEN}$`);
		check(notice, person.email, 'Your Keyhold account will be erased', page);
		const seen = 'update erasures set erase_at = 0, waiting_notice = null, notice_at = ?';
		await host.sql(seen, [Date.now() + host.ahead]);
		await runErasures(host.server);
		check(await smtp.next(person.email), person.email, 'Your Keyhold account was deleted');
	});

	test('confirms another email at both addresses', async () => {
		await person.signIn();
		const email = `new.${person.email}`;
		await person.prove({ purpose: 2 }, '/api/v1/account/email-change', { email });
		for (const to of [person.email, email]) {
			const caught = await smtp.next(to);
			const subject = 'Confirm the new email of your Keyhold account';
			check(caught, to, subject, new RegExp(`^/email#${TOKEN}$`));
		}
	});
});

test('the owner of a taken address is told without a link', async () => {
	await new Person(host, person.email).register();
	check(await smtp.next(person.email), person.email, 'You have a Keyhold account already');
});
