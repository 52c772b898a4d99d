/** Settings: each of them acts, on every device; another email; the end of the account. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import { heldSeconds } from './held.ts';
import { openPalette } from './keys.ts';
import { addKey, newPerson, register, unlock, type Person } from './person.ts';
import { goTo, stepUp } from './security-steps.ts';

async function expectLocked(page: Page): Promise<void> {
	await expect(page.getByLabel(m.unlock_password(), { exact: true })).toBeVisible();
	await expect(page.getByRole('button', { name: m.nav_lock(), exact: true })).toHaveCount(0);
}

async function elsewhere(open: () => Promise<Page>, person: Person): Promise<Page> {
	const page = await open();
	await page.goto('/login');
	await expect(page.getByLabel(m.unlock_password(), { exact: true })).toBeVisible();
	await unlock(page, person);
	return page;
}

/** Presses one of a few that stand side by side, and waits until it is saved. */
async function choose(page: Page, setting: string, choice: string): Promise<void> {
	const group = page.getByRole('radiogroup', { name: setting });
	await group.getByText(choice, { exact: true }).click();
	await expect(group.getByRole('radio', { name: choice, exact: true })).toBeChecked();
	await expect(page.getByText(m.settings_saved(), { exact: true })).toBeVisible();
}

function row(page: Page, name: string) {
	return page.getByRole('row', { name: new RegExp(name) });
}

test('what is chosen acts, here and on another device', async ({ page, anotherBrowser }) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	await page.keyboard.press('Escape');
	await expect(row(page, 'Alpha')).toBeFocused();
	const comfortable = (await row(page, 'Alpha').boundingBox())?.height;
	await goTo(page, 'settings');
	await choose(page, m.theme_label(), m.theme_dark());
	await choose(page, m.density_label(), m.density_compact());
	await choose(page, m.idle_label(), '5');
	await choose(page, m.clipboard_label(), '10');
	await page.getByRole('checkbox', { name: m.characters_on() }).uncheck();
	await expect(page.getByText(m.settings_saved(), { exact: true })).toBeVisible();
	await page.getByLabel(m.profile_name(), { exact: true }).fill('Zoë');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('button', { name: m.account_menu(), exact: true })).toHaveText('Z');

	const other = await elsewhere(anotherBrowser, person);
	for (const each of [page, other]) {
		await each.bringToFront();
		await expect(each.locator('html')).toHaveAttribute('data-theme', 'dark');
		await expect(each.getByRole('button', { name: m.account_menu(), exact: true })).toHaveText('Z');
		await each.getByRole('link', { name: m.nav_wallet(), exact: true }).click();
		const compact = (await row(each, 'Alpha').boundingBox())?.height ?? 0;
		expect(compact).toBeLessThan(comfortable ?? 0);
		await expect(each.getByText(/^Locks in [45]:/)).toBeVisible();
		await row(each, 'Alpha').focus();
		await each.keyboard.press('n');
		await expect(row(each, 'Alpha')).toBeFocused();
		await expect(each.getByRole('link', { name: m.wallet_add() })).not.toHaveAttribute(
			'aria-keyshortcuts'
		);
		await each.keyboard.press('Enter');
		await expect(each.getByRole('heading', { name: 'Alpha' })).toBeFocused();
		// No key that is a letter is promised, on a button or in the palette.
		await expect(
			each.locator(
				'[aria-keyshortcuts]:not([aria-keyshortcuts="F6"], [aria-keyshortcuts^="Control"])'
			)
		).toHaveCount(0);
		const palette = await openPalette(each);
		await expect(each.getByRole('option', { name: m.wallet_add(), exact: true })).toBeVisible();
		await expect(each.getByRole('dialog').locator('[role=option] kbd')).toHaveCount(0);
		await expect(each.locator('[role=option][aria-keyshortcuts]')).toHaveCount(0);
		await each.keyboard.press('Escape');
		await expect(palette).toHaveCount(0);
		await each.keyboard.press('Escape');
		await heldSeconds(each);
		await each.getByRole('button', { name: m.wallet_copy_name({ name: 'Alpha' }) }).click();
		// The toast; it is said to screen readers too, a moment later.
		await expect(each.getByText(/^Clipboard clears in ([1-9]|10) seconds?, /)).toBeVisible();
	}
});

test('it locks when the page is out of sight, once that is chosen', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	const hide = () =>
		page.evaluate(() => {
			Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
			document.dispatchEvent(new Event('visibilitychange'));
			Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
		});
	await goTo(page, 'settings');
	await hide();
	await page.getByRole('checkbox', { name: m.lock_hidden() }).check();
	await expect(page.getByText(m.settings_saved(), { exact: true })).toBeVisible();
	await hide();
	await expectLocked(page);
	await expect(page.getByText(m.unlock_locked_hidden())).toBeVisible();
	await unlock(page, person);
	await expect(page.getByRole('checkbox', { name: m.lock_hidden() })).toBeChecked();
});

test('it locks after as many minutes as were chosen, and says how many', async ({ page }) => {
	await page.clock.install();
	await register(page, newPerson());
	await goTo(page, 'settings');
	await page.setViewportSize({ width: 390, height: 844 });
	await choose(page, m.idle_label(), '5');
	const minutes = page.getByRole('radiogroup', { name: m.idle_label() }).locator('label');
	const tops = await minutes.evaluateAll((labels) =>
		labels.map((label) => label.getBoundingClientRect().top)
	);
	expect(new Set(tops).size).toBe(1);
	await page.clock.runFor(6 * 60_000);
	await expectLocked(page);
	await expect(page.getByText(m.unlock_locked_idle({ minutes: 5 }))).toBeVisible();
});

test('two devices that change different settings keep both', async ({ page, anotherBrowser }) => {
	const person = newPerson();
	await register(page, person);
	const other = await elsewhere(anotherBrowser, person);
	await goTo(page, 'settings');
	await goTo(other, 'settings');
	await choose(page, m.density_label(), m.density_compact());
	await choose(other, m.idle_label(), '60');
	const group = other.getByRole('radiogroup', { name: m.density_label() });
	await expect(group.getByRole('radio', { name: m.density_compact() })).toBeChecked();
});

test('what cannot be saved is said, and shown as it was', async ({
	page,
	context,
	expectedErrors
}) => {
	expectedErrors.push(/ERR_INTERNET_DISCONNECTED/);
	await register(page, newPerson());
	await goTo(page, 'settings');
	await context.setOffline(true);
	const group = page.getByRole('radiogroup', { name: m.density_label() });
	await group.getByText(m.density_compact(), { exact: true }).click();
	await expect(page.getByText(m.fault_offline())).toBeVisible();
	await expect(group.getByRole('radio', { name: m.density_comfortable() })).toBeChecked();
	await context.setOffline(false);
	await choose(page, m.density_label(), m.density_compact());
});

test('the email is changed with the password, and the new one opens', async ({
	page,
	anotherBrowser
}) => {
	const person = newPerson();
	const email = `new.${person.email}`;
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	const other = await elsewhere(anotherBrowser, person);
	await goTo(page, 'settings');
	await page.getByRole('button', { name: m.email_change(), exact: true }).click();
	await expect(page.getByLabel(m.email_new())).toBeFocused();
	await page.keyboard.type('nobody');
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.register_email_wrong())).toBeVisible();
	await page.getByLabel(m.email_new()).fill(email);
	await page.keyboard.press('Enter');
	await stepUp(page, person.password);
	await expect(page.getByText(m.email_finish({ email }))).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'settings-email');
	await page.getByLabel(m.stepup_password(), { exact: true }).fill('not this one');
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.stepup_wrong_password())).toBeVisible();
	await page.getByLabel(m.stepup_password(), { exact: true }).fill(person.password);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('button', { name: m.email_change(), exact: true })).toBeFocused();
	await expect(page.getByRole('main').getByText(email, { exact: true })).toBeVisible();

	await other.getByRole('button', { name: m.wallet_copy_name({ name: 'Alpha' }) }).click();
	await expect(other.getByText(m.unlock_locked_expired())).toBeVisible();
	await other.getByLabel(m.unlock_password(), { exact: true }).fill(person.password);
	await other.getByRole('button', { name: m.unlock_button(), exact: true }).click();
	// This device has seen the account, and what answers to the old email now is not it.
	await expect(other.getByText(m.broken_title())).toBeVisible();
	await other.getByRole('button', { name: m.unlock_other_account() }).click();
	await unlock(other, { ...person, email });
});

test('the account is deleted by its email, its password, and nothing less', async ({
	page,
	anotherBrowser
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	const other = await elsewhere(anotherBrowser, person);
	await goTo(page, 'settings');
	const button = page.getByRole('button', { name: m.leave_button(), exact: true });
	await button.click();
	const dialog = page.getByRole('dialog');
	await expect(dialog.getByRole('heading')).toHaveText(/Delete the account and 1 key/);
	await expect(dialog.getByText(m.leave_dialog_text())).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'settings-delete');
	await dialog.getByRole('textbox').fill('somebody@example.org');
	await page.keyboard.press('Enter');
	await expect(dialog.getByText(m.leave_differs({ text: person.email }))).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(button).toBeFocused();

	await test.step('without the password nothing happens', async () => {
		await button.click();
		await dialog.getByRole('textbox').fill(person.email);
		await page.keyboard.press('Enter');
		await expect(page.getByRole('dialog', { name: m.stepup_title() })).toBeVisible();
		await page.keyboard.press('Escape');
		await expect(button).toBeFocused();
	});

	await button.click();
	await dialog.getByRole('textbox').fill(person.email);
	await page.keyboard.press('Enter');
	await stepUp(page, person.password);
	await expect(page.getByRole('heading', { name: m.home_title() })).toBeVisible();
	await expect(page.getByRole('status').filter({ hasText: m.leave_done() })).toHaveCount(1);
	await other.getByRole('button', { name: m.wallet_copy_name({ name: 'Alpha' }) }).click();
	await expectLocked(other);
	await other.getByLabel(m.unlock_password(), { exact: true }).fill(person.password);
	await other.getByRole('button', { name: m.unlock_button(), exact: true }).click();
	// This device has seen the account, and what answers to its email now is not it.
	await expect(other.getByText(m.broken_title())).toBeVisible();
	await expectLocked(other);
});

test('an erasure under way is said above everything, with its day', async ({ page }) => {
	const person = newPerson();
	await page.route('**/api/v1/account/erasure', async (route) => {
		await route.fulfill({ json: { eraseAtMs: Date.UTC(2031, 4, 6, 12) } });
	});
	await register(page, person);
	await expect(page.getByText(m.erasure_title({ date: '6 May 2031' }))).toBeVisible();
	await expect(page.getByText(m.erasure_text())).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'settings-erasure');
});
