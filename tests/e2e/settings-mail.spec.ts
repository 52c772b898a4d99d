/** Another email where the server sends mail: both addresses are asked, and neither alone is enough. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, picture } from './fixtures.ts';
import { linkIn, test } from './mailed.ts';
import { createAccount, newPerson, unlock } from './person.ts';
import { goTo, stepUp } from './security-steps.ts';

/** Opens a mailed link in another tab of the same browser, and presses what confirms it. */
async function confirm(page: Page, link: URL): Promise<void> {
	const tab = await page.context().newPage();
	await tab.goto(link.href);
	await tab.getByRole('button', { name: m.email_link_button() }).click();
	await expect(tab.getByRole('heading', { name: m.email_link_done_title() })).toBeVisible();
	await tab.close();
	await page.bringToFront();
}

test('the email is changed once both addresses have confirmed it', async ({
	page,
	smtp,
	anotherBrowser
}) => {
	const person = newPerson();
	const email = `new.${person.email}`;
	await createAccount(page, person);
	const tab = await page.context().newPage();
	await tab.goto(linkIn(await smtp.next(person.email)).href);
	await expect(tab.getByRole('heading', { name: m.confirm_done_title() })).toBeVisible();
	await tab.close();
	await page.waitForURL('**/wallet');

	await goTo(page, 'settings');
	await page.getByRole('button', { name: m.email_change(), exact: true }).click();
	await page.getByLabel(m.email_new()).fill(email);
	await page.keyboard.press('Enter');
	await stepUp(page, person.password);
	await expect(page.getByText(m.email_waiting({ email }))).toBeVisible();
	await expect(page.getByText(m.email_unconfirmed({ email }))).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'settings-email-waiting');

	await confirm(page, linkIn(await smtp.next(email)));
	await page.getByRole('button', { name: m.email_look() }).click();
	await expect(page.getByText(m.email_confirmed({ email }))).toBeVisible();
	await expect(page.getByText(m.email_unconfirmed({ email: m.email_old() }))).toBeVisible();
	await expect(page.getByLabel(m.stepup_password(), { exact: true })).toHaveCount(0);

	await confirm(page, linkIn(await smtp.next(person.email)));
	const look = page.getByRole('button', { name: m.email_look() });
	const password = page.getByLabel(m.stepup_password(), { exact: true });
	// Coming back to the tab looks by itself, where the browser tells it.
	await expect(look.or(password).first()).toBeVisible();
	if (await look.isVisible()) await look.click();
	await password.fill(person.password);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('button', { name: m.email_change(), exact: true })).toBeFocused();
	await expect(page.getByRole('main').getByText(email, { exact: true })).toBeVisible();

	const other = await anotherBrowser();
	await other.goto('/login');
	await expect(other.getByLabel(m.unlock_email(), { exact: true })).toBeVisible();
	await unlock(other, { ...person, email });
});
