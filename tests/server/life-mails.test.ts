/** Where mail is sent: what an owner is told of an account's changes, and what a new email needs. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AcceptRestoreRequest } from '#lib/api/account.ts';
import { z } from '#lib/api/zod.ts';
import { smtpVariables, startSmtp, tokenIn, type SmtpCatcher } from '../smtp.ts';
import { Authenticator } from './authenticator.ts';
import { turnOff, withSecondFactor } from './code-app.ts';
import { passwordSlotOf } from './enrolled.ts';
import { Host } from './host.ts';
import { codeOf, newId, Person, random } from './person.ts';
import { rotate, rotationOf, stage } from './rotating.ts';
import { dumpOf } from './tables.ts';

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
	await person.signIn();
});

async function subjectTo(address: string): Promise<string | undefined> {
	return (await smtp.next(address)).mail.subject;
}

describe('the owner is told', () => {
	test('that the password was changed', async () => {
		const commit = person.accountCommitOf({ slots: [passwordSlotOf(person)] });
		expect((await person.sendAccountCommit(commit, { purpose: 3 })).status).toBe(200);
		expect(await subjectTo(person.email)).toMatch(/password/i);
	});

	test('in words that are true of both, where a password costs more to guess than before', async () => {
		const slots = [passwordSlotOf(person, { profile: 2 })];
		const commit = person.accountCommitOf({ slots });
		expect((await person.sendAccountCommit(commit, { purpose: 3 })).status).toBe(200);
		const { mail } = await smtp.next(person.email);
		expect(mail.subject).toBe('Your Keyhold password was changed or better protected');
		expect(mail.text).toMatch(/by itself when you enter your password after an update/);
		expect(mail.text).toMatch(/a new password may have been set/);
		expect(mail.text).toMatch(/If you entered your password then[^]*If not, use your recovery kit/);
		const rows = await host.sql('select event from audit where account = ?', [person.account]);
		const events = rows.map(({ event }) => event);
		expect(events).toContain('password.raised');
		expect(events).not.toContain('password.changed');
	});

	test('that a passkey was added', async () => {
		const commit = person.accountCommitOf({ slots: [new Authenticator().enrolled()] });
		expect((await person.sendAccountCommit(commit, { purpose: 3 })).status).toBe(200);
		expect(await subjectTo(person.email)).toMatch(/passkey/i);
	});

	test('that the account has new keys', async () => {
		const request = rotationOf(person);
		await stage(person, request.rotation, { vault: person.vault, sheets: [], secrets: [] });
		expect((await rotate(person, request)).status).toBe(200);
		expect(await subjectTo(person.email)).toMatch(/keys?\b/i);
	});

	test('that a restore was accepted', async () => {
		const expected = { seq: person.accountSeq, head: person.accountHead };
		const json = z.encode(AcceptRestoreRequest, {
			expected,
			seq: 9,
			manifest: random(448),
			vaults: []
		});
		const response = await person.prove({ purpose: 7 }, '/api/v1/account/restore', json);
		expect(response.status).toBe(200);
		expect(await subjectTo(person.email)).toMatch(/backup|restore/i);
	});

	test('that the account is gone, when it is', async () => {
		expect((await person.prove({ purpose: 6 }, '/api/v1/account')).status).toBe(204);
		expect(await subjectTo(person.email)).toMatch(/delete/i);
	});

	test('that the second factor is on, and with which device', async () => {
		await withSecondFactor(person, host);
		const { mail } = await smtp.next(person.email);
		expect(mail.subject).toBe('Two-factor sign-in is on');
		expect(mail.text).toMatch(/\d{4} at \d{1,2}:\d\d [AP]M UTC/);
	});

	test('that the second factor is off, and nothing of a code that was wrong', async () => {
		const { app } = await withSecondFactor(person, host);
		await smtp.next(person.email);
		expect(await turnOff(person, app.wrongCode())).toEqual({ outcome: 'wrong-code' });
		expect(await turnOff(person, app.code())).toEqual({ outcome: 'off' });
		expect(await subjectTo(person.email)).toBe('Two-factor sign-in is off');
	});

	test('that a backup code was used, and how many are left', async () => {
		const { backupCodes } = await withSecondFactor(person, host);
		await smtp.next(person.email);
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const [code = ''] = backupCodes;
		expect((await person.verify(person.signed(challenge, 1), { code })).status).toBe(200);
		const { mail } = await smtp.next(person.email);
		expect(mail.subject).toBe('A backup code was used');
		expect(mail.text).toContain('9 codes are left');
	});

	test('in the language that an account commit chose, from then on', async () => {
		const german = person.accountCommitOf({ language: 'de' });
		expect((await person.sendAccountCommit(german)).status).toBe(200);
		const slots = [passwordSlotOf(person)];
		const commit = person.accountCommitOf({ slots });
		expect((await person.sendAccountCommit(commit, { purpose: 3 })).status).toBe(200);
		const { mail } = await smtp.next(person.email);
		expect(mail.subject).toBe('Dein Keyhold-Passwort wurde geändert');
		expect(mail.text).toContain('Alle anderen Geräte wurden abgemeldet.');
	});

	test('nothing of a change that lost', async () => {
		const stale = person.accountCommitOf({ slots: [passwordSlotOf(person)] });
		await person.commitAccount();
		expect((await person.sendAccountCommit(stale, { purpose: 3 })).status).toBe(409);
		const commit = person.accountCommitOf({ slots: [new Authenticator().enrolled()] });
		await person.sendAccountCommit(commit, { purpose: 3 });
		expect(await subjectTo(person.email)).toMatch(/passkey/i);
	});
});

describe('a new email', () => {
	let email: string;

	beforeEach(async () => {
		email = `${newId().toLowerCase()}@example.net`;
		await person.prove({ purpose: 2 }, '/api/v1/account/email-change', { email });
	});

	/** Follows the link that was mailed to that address. */
	async function follow(address: string): Promise<void> {
		const token = tokenIn(await smtp.next(address));
		const response = await person.post('/api/v1/email-changes/confirmations', { token });
		expect(response.status).toBe(204);
	}

	async function change(to: string): Promise<Response> {
		const commit = person.accountCommitOf({ slots: [passwordSlotOf(person)], email: to });
		return await person.sendAccountCommit(commit, { purpose: 2 });
	}

	test('is refused with neither or one of its links followed, and nothing changes', async () => {
		const before = await dumpOf(host);
		expect(await codeOf(await change(email))).toBe('link');
		const after = await dumpOf(host);
		for (const table of ['accounts', 'account_chain', 'slots', 'email_changes', 'links']) {
			expect(after[table], table).toEqual(before[table]);
		}
		await follow(email);
		expect(await codeOf(await change(email))).toBe('link');
		expect((await person.getAccount()).email).toBe(person.email);
	});

	test('is refused if another one was confirmed', async () => {
		await follow(email);
		await follow(person.email);
		expect(await codeOf(await change('other@example.net'))).toBe('link');
	});

	test('takes the place of the old one, and both addresses are told', async () => {
		await follow(email);
		await follow(person.email);
		expect((await change(email)).status).toBe(200);
		expect((await person.getAccount()).email).toBe(email);
		expect(await subjectTo(person.email)).toMatch(/email/i);
		expect(await subjectTo(email)).toMatch(/email/i);
		const rows = await host.sql('select 1 from email_changes where account = ?', [person.account]);
		expect(rows).toHaveLength(0);
	});

	test('is confirmed for one commit, not for a second', async () => {
		await follow(email);
		await follow(person.email);
		await change(email);
		const commit = person.accountCommitOf({
			slots: [passwordSlotOf(person, { revision: 3 })],
			email: person.email
		});
		const response = await person.sendAccountCommit(commit, {
			purpose: 2,
			slot: person.recoverySlot,
			key: person.recoveryKey
		});
		expect(await codeOf(response)).toBe('link');
	});
});
