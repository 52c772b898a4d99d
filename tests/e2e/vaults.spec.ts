/** Several vaults: made, named, switched between, keys moved from one to another, and one deleted. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, expectReadableInOtherTheme, picture, test } from './fixtures.ts';
import { chooseEntry, enter } from './keys.ts';
import { addKey, newPerson, register, unlock } from './person.ts';
import { goTo, stepUp } from './security-steps.ts';

function row(page: Page, name: string) {
	return page.getByRole('row', { name: new RegExp(name) });
}

function vaultSwitch(page: Page, name: string) {
	return page.getByRole('button', { name: m.vaults_shown({ name }), exact: true });
}

/** From the switch in the bar, by keyboard: a menu like any other. */
async function choose(page: Page, from: string, entry: string): Promise<void> {
	await enter(page, vaultSwitch(page, from));
	await chooseEntry(page, entry);
}

async function makeVault(page: Page, from: string, name: string): Promise<void> {
	await choose(page, from, m.vaults_make());
	const field = page.getByLabel(m.vaults_name(), { exact: true });
	await expect(field).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.vaults_name_missing())).toBeVisible();
	await expect(field).toBeFocused();
	await page.keyboard.type(name);
	await expectAccessible(page);
	await expectReadableInOtherTheme(page);
	await page.keyboard.press('Enter');
	await expect(vaultSwitch(page, name)).toBeVisible();
}

test('a second vault is made, filled, shown alone, and seen elsewhere', async ({
	page,
	anotherBrowser
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	await makeVault(page, 'Personal', 'Clients');
	await expect(page.getByText(m.wallet_empty_title())).toBeVisible();
	await addKey(page, 'Beta', 'value-of-beta');
	await expect(row(page, 'Beta')).toBeVisible();
	await expect(row(page, 'Alpha')).toHaveCount(0);
	await choose(page, 'Clients', m.vaults_all());
	await expect(row(page, 'Alpha')).toBeVisible();
	await expect(row(page, 'Beta')).toBeVisible();
	await choose(page, m.vaults_all(), 'Personal');
	await expect(row(page, 'Beta')).toHaveCount(0);
	await picture(page, 'vaults-switch');
	await expectAccessible(page);

	const other = await anotherBrowser();
	await other.goto('/login');
	await expect(other.getByLabel(m.unlock_password(), { exact: true })).toBeVisible();
	await unlock(other, person);
	await expect(vaultSwitch(other, m.vaults_all())).toBeVisible();
	await expect(row(other, 'Alpha')).toBeVisible();
	await expect(row(other, 'Beta')).toBeVisible();
});

test('a key moves to another vault, and back by Undo', async ({ page }) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-alpha');
	await makeVault(page, 'Personal', 'Clients');
	await choose(page, 'Clients', 'Personal');
	await row(page, 'Alpha').click();
	await page.getByRole('button', { name: m.vaults_move_short(), exact: true }).click();
	await expect(page.getByRole('radio', { name: /^Clients/ })).toBeChecked();
	await picture(page, 'vaults-move');
	await expectAccessible(page);
	await page.getByRole('button', { name: m.vaults_move_go(), exact: true }).click();
	await expect(page.getByText(m.vaults_moved_toast({ name: 'Alpha' }))).toBeVisible();
	await expect(row(page, 'Alpha')).toHaveCount(0);
	await choose(page, 'Personal', 'Clients');
	await expect(row(page, 'Alpha')).toBeVisible();
	await page.getByRole('button', { name: m.undo() }).click();
	await expect(row(page, 'Alpha')).toHaveCount(0);
	await choose(page, 'Clients', 'Personal');
	await expect(row(page, 'Alpha')).toBeVisible();
});

test('a vault gets another name, and is deleted with its keys after name and password', async ({
	page
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	await goTo(page, 'settings');
	const remove = page.getByRole('button', { name: /^Delete / });
	const shown = 'Old‹202E› clients‹200B›';
	await expect(
		page.getByRole('button', { name: m.vaults_drop_name({ name: 'Personal' }) })
	).toHaveCount(0);
	await page.getByRole('button', { name: m.vaults_make(), exact: true }).click();
	await page.getByLabel(m.vaults_name(), { exact: true }).fill('Clients');
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: m.vaults_rename_name({ name: 'Clients' }) }).click();
	const field = page.getByLabel(m.vaults_name(), { exact: true });
	await expect(field).toHaveValue('Clients');
	// Signs that turn the text around it, and that nobody sees, are shown wherever it is.
	await field.fill('Old\u202E clients\u200B');
	await page.keyboard.press('Enter');
	await expect(vaultSwitch(page, shown)).toBeVisible();
	await picture(page, 'vaults-settings');
	await page.getByRole('button', { name: m.vaults_drop_name({ name: shown }) }).click();
	await expect(page.getByRole('heading', { level: 2, name: shown })).toBeVisible();
	await page.getByLabel(m.vaults_drop_type({ name: shown })).fill('clients');
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.vaults_drop_differs({ name: shown }))).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'vaults-drop');
	await page.getByLabel(m.vaults_drop_type({ name: shown })).fill(shown);
	await page.keyboard.press('Enter');
	await stepUp(page, person.password);
	await expect(vaultSwitch(page, 'Personal')).toBeVisible();
	await expect(remove.filter({ hasText: m.vaults_drop() }).first()).toBeVisible();
	await expect(
		page.getByRole('button', { name: m.vaults_drop_name({ name: 'Personal' }) })
	).toHaveCount(0);
	await page.getByRole('link', { name: m.nav_wallet(), exact: true }).click();
	await expect(row(page, 'Alpha')).toBeVisible();
});
