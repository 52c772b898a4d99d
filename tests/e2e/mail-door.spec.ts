/** The pages before the vault where the server sends mail: every link is taken from a mail that came. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expectOpen, openWithKit, renewAll } from './door-steps.ts';
import { expect, expectAccessible, picture } from './fixtures.ts';
import { linkIn, test } from './mailed.ts';
import { addKey, comeBack, createAccount, newPerson, type Person, unlock } from './person.ts';
import type { SmtpCatcher } from '../smtp.ts';

const NEXT = 'eleven copper hinges in a drawer';

/** A confirmed account, open in `page`; its mails so far are taken. */
async function member(page: Page, smtp: SmtpCatcher, person: Person): Promise<readonly string[]> {
	const kit = await createAccount(page, person);
	await expect(page.getByRole('heading', { name: m.register_wait_title() })).toBeVisible();
	await follow(page, smtp, person.email);
	await page.waitForURL('**/wallet');
	return kit;
}

/** Opens the link of the next mail in another tab of the same browser, and closes it once it is done. */
async function follow(page: Page, smtp: SmtpCatcher, email: string): Promise<void> {
	const tab = await page.context().newPage();
	await tab.goto(linkIn(await smtp.next(email)).href);
	await expect(tab.getByRole('heading', { name: m.confirm_done_title() })).toBeVisible();
	await tab.close();
}

/** Nothing of a token is left where a person, or the history, could see it. */
async function expectNoToken(page: Page, token: string): Promise<void> {
	await expect.poll(() => page.url()).not.toContain('#');
	const traces = await page.evaluate(() => JSON.stringify(history.state) + document.title);
	expect(traces).not.toContain(token);
	expect(await page.content()).not.toContain(token);
}

test('an account waits for the link of its mail, and goes on by itself', async ({ page, smtp }) => {
	const person = newPerson();
	await createAccount(page, person);
	await expect(page.getByRole('heading', { name: m.register_wait_title() })).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'register-wait');
	await page.getByRole('button', { name: m.register_wait_followed() }).click();
	await expect(page.getByText(m.register_wait_not_yet())).toBeVisible();
	const link = linkIn(await smtp.next(person.email));
	expect(link.pathname).toBe('/confirm');
	const tab = await page.context().newPage();
	await tab.goto(link.href);
	await expect(tab.getByRole('heading', { name: m.confirm_done_title() })).toBeVisible();
	await expectNoToken(tab, link.hash.slice(1));
	await expectAccessible(tab);
	await picture(tab, 'confirm-done');
	await page.waitForURL('**/wallet');
	await expectOpen(page);

	await tab.goto('/');
	await tab.goto(link.href);
	await expect(tab.getByRole('heading', { name: m.confirm_spent_title() })).toBeVisible();
	await expectAccessible(tab);
});

test('a link that was followed elsewhere is found by a button; the mail can be sent again', async ({
	page,
	smtp,
	anotherBrowser
}) => {
	const person = newPerson();
	await createAccount(page, person);
	await page.getByRole('button', { name: m.mailed_again() }).click();
	await expect(page.getByText(m.mailed_sent())).toBeVisible();
	await smtp.next(person.email);
	const second = linkIn(await smtp.next(person.email));
	const phone = await anotherBrowser();
	await phone.goto(second.href);
	await expect(phone.getByRole('heading', { name: m.confirm_done_title() })).toBeVisible();
	await page.getByRole('button', { name: m.register_wait_followed() }).click();
	await page.waitForURL('**/wallet');
	await phone.getByRole('link', { name: m.home_unlock() }).click();
	await expect(phone.getByLabel(m.unlock_password(), { exact: true })).toBeVisible();
	await unlock(phone, person);
});

test('an address that has an account is answered like any other, and its owner is told', async ({
	page,
	smtp,
	anotherBrowser
}) => {
	const person = newPerson();
	await member(page, smtp, person);
	const stranger = await anotherBrowser();
	await createAccount(stranger, { ...person, password: NEXT });
	await expect(stranger.getByRole('heading', { name: m.register_wait_title() })).toBeVisible();
	const { mail } = await smtp.next(person.email);
	expect(mail.subject).toBe(m.mail_taken_subject());
	await stranger.getByRole('button', { name: m.register_wait_followed() }).click();
	await expect(stranger.getByText(m.register_wait_not_yet())).toBeVisible();
});

test('a link that is not whole is said, and asks the server nothing', async ({ page }) => {
	for (const path of ['/confirm', '/confirm#AAAA', '/email#', '/start-over/stop#nothing']) {
		await page.goto(path);
		await expect(page.getByRole('heading', { name: m.follow_none_title() })).toBeVisible();
		await expectAccessible(page);
	}
});

test('a forgotten password takes the kit and the mailed link', async ({
	page,
	smtp,
	anotherBrowser
}) => {
	const person = newPerson();
	const old = await member(page, smtp, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	const other = await anotherBrowser();
	await other.goto('/login');
	await other.getByRole('link', { name: m.unlock_forgot() }).click();
	await expect(other.getByRole('heading', { name: m.recover_title(), level: 1 })).toBeVisible();
	await expect(other.getByText(m.recover_lead_mail())).toBeVisible();
	await expectAccessible(other);
	await other.getByLabel(m.unlock_email(), { exact: true }).fill(person.email);
	await other.getByRole('button', { name: m.recover_send() }).click();
	await expect(other.getByRole('heading', { name: m.recover_sent_title() })).toBeVisible();
	await expectAccessible(other);
	await picture(other, 'recover-sent');
	const link = linkIn(await smtp.next(person.email));
	await other.goto(link.href);
	await expect(other.getByRole('heading', { name: m.recover_kit_title() })).toBeVisible();
	await expectNoToken(other, link.hash.slice(1));
	await openWithKit(other, person.email, old);
	const kit = await renewAll(other, NEXT);
	await expect(other.getByRole('row', { name: 'Alpha' })).toBeVisible();
	const subjects = new Set<string | undefined>();
	while (subjects.size < 3) subjects.add((await smtp.next(person.email)).mail.subject);
	const told = [m.mail_recovery_used_subject, m.mail_new_device_subject, m.mail_rotated_subject];
	expect(subjects).toEqual(new Set(told.map((subject) => subject())));

	await page.getByRole('button', { name: m.wallet_copy_name({ name: 'Alpha' }) }).click();
	await expect(page.getByText(m.unlock_locked_expired())).toBeVisible();
	// The link was used up by that sign-in.
	await page.goto(link.href);
	await openWithKit(page, person.email, kit);
	await expect(page.getByText(m.recover_kit_link())).toBeVisible();
	await expectAccessible(page);
	await page.goto('/login');
	await unlock(page, { ...person, password: NEXT });
});

test('starting over begins by a link, and any notice can stop it', async ({ page, smtp }) => {
	const person = newPerson();
	await member(page, smtp, person);
	await comeBack(page, '/start-over');
	// Said before anything is asked: nobody can open it, and what comes then.
	for (const text of [m.start_over_lead(), m.start_over_2_text(), m.start_over_3_text()]) {
		await expect(page.getByText(text)).toBeVisible();
	}
	await expectAccessible(page);
	await picture(page, 'start-over');
	await page.getByRole('button', { name: m.start_over_send() }).click();
	await expect(page.getByRole('heading', { name: m.start_over_sent_title() })).toBeVisible();
	const link = linkIn(await smtp.next(person.email));
	await page.goto(link.href);
	await expect(page.getByRole('heading', { name: m.start_over_begin_title() })).toBeVisible();
	await expect(page.getByText(m.start_over_begin_text())).toBeVisible();
	await expectNoToken(page, link.hash.slice(1));
	await expectAccessible(page);
	await picture(page, 'start-over-begin');
	await page.getByRole('button', { name: m.start_over_begin() }).click();
	await expect(page.getByText(m.start_over_begun_text())).toBeVisible();
	await expectAccessible(page);
	const notice = await smtp.next(person.email);
	expect(notice.mail.subject).toBe(m.mail_erase_notice_subject());
	await page.goto(linkIn(notice).href);
	await expect(page.getByRole('heading', { name: m.stop_done_title() })).toBeVisible();
	await expectAccessible(page);
	await page.goto('/login');
	await unlock(page, person);
	await expect(page.getByText(m.erasure_text())).toHaveCount(0);
	await comeBack(page, '/');
	await page.goto(link.href);
	await page.getByRole('button', { name: m.start_over_begin() }).click();
	await expect(page.getByRole('heading', { name: m.start_over_spent_title() })).toBeVisible();
});
