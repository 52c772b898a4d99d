/** The main job, end to end: make an account, put a key in, copy it out, and what goes with it. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { clipboardText, expect, expectAccessible, paste, picture, test } from './fixtures.ts';
import { heldSeconds } from './held.ts';
import { addKey, comeBack, newPerson, register, unlock } from './person.ts';

const NAME = 'OpenAI, main';
/** As a provider would write it, made here. */
const VALUE = `sk-proj-${'Ab3'.repeat(30)}`;

test('an account is made, and its vault is empty', async ({ page }) => {
	const person = newPerson();
	const kit = await register(page, person);
	expect(kit.join('')).toMatch(/^[0-9A-Z]{36}$/);
	await expect(page.getByRole('heading', { name: m.wallet_empty_title() })).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'wallet-empty');
});

test('a pasted key is recognised, kept, masked and copied', async ({ page, context }) => {
	await register(page, newPerson());
	await page.getByRole('link', { name: m.wallet_empty_paste() }).click();
	await paste(page, VALUE);
	await expect(page.getByLabel(m.form_name(), { exact: true })).toHaveValue('OpenAI');
	await expect(page.getByLabel(m.form_env(), { exact: true })).toHaveValue('OPENAI_API_KEY');
	await expectAccessible(page);
	await picture(page, 'add');
	await page.getByLabel(m.form_name(), { exact: true }).fill(NAME);
	await page.getByRole('button', { name: m.form_keep() }).click();

	await expect(page.getByRole('row', { name: NAME })).toBeVisible();
	expect(await page.locator('body').innerText()).not.toContain(VALUE);
	await expectAccessible(page);
	await copyButton(page).click();
	await expect(page.getByRole('group').getByText(m.wallet_copied())).toBeVisible();
	expect(await clipboardText(context)).toBe(VALUE);
	await picture(page, 'wallet-copied');
});

test('the clipboard is cleared when asked', async ({ page, context }) => {
	await register(page, newPerson());
	await addKey(page, NAME, VALUE);
	await copyButton(page).click();
	await page.getByRole('button', { name: m.copied_clear() }).first().click();
	await expect(page.getByRole('group').getByText(m.wallet_copied())).toBeHidden();
	expect(await clipboardText(context)).not.toContain(VALUE);
});

test('a key is revealed, hidden again and edited; the old value stays', async ({ page }) => {
	await register(page, newPerson());
	await addKey(page, NAME, VALUE);
	await page.getByRole('button', { name: m.panel_reveal(), exact: true }).click();
	await expect(page.getByText(VALUE)).toBeVisible();
	await page.getByRole('button', { name: m.panel_hide() }).click();
	await expect(page.getByText(VALUE)).toBeHidden();

	await page.getByRole('button', { name: m.panel_edit() }).click();
	await page.getByLabel(m.form_value(), { exact: true }).fill('sk-proj-the-next-one');
	await page.getByRole('button', { name: m.form_save(), exact: true }).click();
	await expect(page.getByText(m.panel_previous(), { exact: false }).first()).toBeVisible();
	await page.getByRole('button', { name: m.panel_reveal(), exact: true }).click();
	await expect(page.getByText('sk-proj-the-next-one')).toBeVisible();
	await expectAccessible(page);
});

test('a key goes to the trash and comes back', async ({ page }) => {
	await register(page, newPerson());
	await addKey(page, NAME, VALUE);
	await heldSeconds(page);
	await page.keyboard.press('c');
	const toast = page.locator('[data-region=toast]');
	await expect(toast).toHaveCount(1);
	await page.getByRole('button', { name: m.panel_trash() }).click();
	await expect(page.getByRole('row', { name: NAME })).toBeHidden();
	await page.getByRole('link', { name: m.trash_title() }).click();
	await expect(page.getByRole('heading', { name: m.trash_title(), level: 1 })).toBeVisible();
	// One at a time, of what was copied and what can be undone.
	await expect(page.getByRole('button', { name: m.undo() })).toBeVisible();
	await expect(toast).toHaveCount(1);
	await expectAccessible(page);
	await picture(page, 'trash');
	await page.getByRole('button', { name: m.trash_restore() }).click();
	await page.getByRole('link', { name: m.wallet_title(), exact: true }).click();
	await expect(page.getByRole('row', { name: NAME })).toBeVisible();
});

test('locking leaves nothing on the page; the password brings it back', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, NAME, VALUE);
	await page.getByRole('button', { name: m.nav_lock(), exact: true }).click();
	await expect(page.getByRole('heading', { name: m.unlock_title() })).toBeVisible();
	await expect.poll(() => page.content()).not.toContain(NAME);
	await page.goBack();
	await expect(page.getByRole('heading', { name: m.unlock_title() })).toBeVisible();
	expect(await page.content()).not.toContain(NAME);
	await unlock(page, person);
	await page.getByRole('link', { name: m.wallet_title(), exact: true }).click();
	await expect(page.getByRole('row', { name: NAME })).toBeVisible();
});

test('a wrong password is one sentence, and nothing typed is lost', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	await comeBack(page, '/login');
	await page.getByLabel(m.unlock_password(), { exact: true }).fill('not the password');
	await page.getByRole('button', { name: m.unlock_button(), exact: true }).click();
	await expect(page.getByText(m.unlock_wrong())).toBeVisible();
	const field = page.getByLabel(m.unlock_password(), { exact: true });
	await expect(field).toBeFocused();
	await expect(field).toHaveValue('not the password');
	await expectAccessible(page);
	await unlock(page, person);
});

test('another browser opens the same vault', async ({ page, anotherBrowser }) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, NAME, VALUE);
	const other = await anotherBrowser();
	await other.goto('/login');
	await unlock(other, person);
	await expect(other.getByRole('row', { name: NAME })).toBeVisible();
});

test('what one browser saves, the other one shows', async ({ page, anotherBrowser }) => {
	const person = newPerson();
	await register(page, person);
	const other = await anotherBrowser();
	await other.goto('/login');
	await unlock(other, person);
	await addKey(other, 'From elsewhere', 'sk-elsewhere-1');
	await comeBack(page, '/wallet');
	await unlock(page, person);
	await expect(page.getByRole('row', { name: 'From elsewhere' })).toBeVisible();
	await addKey(page, NAME, VALUE);
	await addKey(other, 'A third', 'sk-third-1');
	await expect(other.getByRole('row')).toHaveCount(3);
});

test('the way from the first page to a copied key works at 390 px', async ({ page, context }) => {
	await page.setViewportSize({ width: 390, height: 844 });
	await register(page, newPerson());
	await picture(page, 'wallet-empty-390');
	await addKey(page, NAME, VALUE);
	await expectAccessible(page);
	await picture(page, 'key-390');
	await page.getByRole('button', { name: m.panel_back() }).click();
	await copyButton(page).first().click();
	await expect(page.getByRole('group').getByText(m.wallet_copied())).toBeVisible();
	expect(await clipboardText(context)).toBe(VALUE);
	const width = await page.evaluate(() => document.documentElement.scrollWidth);
	expect(width).toBeLessThanOrEqual(390);
});

test('offline, a page that was not opened yet says so, and the wallet is open still', async ({
	page,
	context,
	expectedErrors
}) => {
	expectedErrors.push(/ERR_INTERNET_DISCONNECTED/, /dynamically imported module/, /preload CSS/);
	await register(page, newPerson());
	await addKey(page, NAME, VALUE);
	await context.setOffline(true);
	await page.getByRole('link', { name: m.nav_settings(), exact: true }).click();
	await expect(page.getByRole('heading', { name: m.error_offline_title() })).toBeVisible();
	await expectAccessible(page);
	await page.getByRole('link', { name: m.error_home() }).click();
	await expect(page.getByRole('row', { name: NAME })).toBeVisible();
});

function copyButton(page: Page) {
	return page.getByRole('button', { name: m.wallet_copy_name({ name: NAME }) });
}
