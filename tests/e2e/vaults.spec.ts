/** Several vaults: made, named, switched between, keys moved from one to another, and one deleted. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { misfits } from './boxes.ts';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import { heldSeconds } from './held.ts';
import { chooseEntry, enter, openPalette, tabTo } from './keys.ts';
import { addKey, comeBack, newPerson, register, unlock } from './person.ts';

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
	await page.keyboard.press('Enter');
	await expect(page.getByRole('dialog')).toHaveCount(0);
	await expect(vaultSwitch(page, name)).toBeVisible();
}

test('the name of a key has its room before the name of its vault', async ({ page }) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-alpha');
	await makeVault(page, 'Personal', 'Clients of the agency');
	await addKey(page, 'DIGITAL_OCEAN_TOKEN', 'value-of-beta');
	await choose(page, 'Clients of the agency', m.vaults_all());
	await page.keyboard.press('Escape');
	const name = row(page, 'DIGITAL_OCEAN_TOKEN').getByText('DIGITAL_OCEAN_TOKEN', { exact: true });
	const vault = row(page, 'DIGITAL_OCEAN_TOKEN')
		.getByText('Clients of the agency')
		.locator('visible=true');
	for (const width of [1280, 768, 390]) {
		await page.setViewportSize({ width, height: 800 });
		await expect(vault).toBeInViewport();
		const cut = await name.evaluate((each) => each.scrollWidth - each.clientWidth);
		expect(cut, `cut at ${width} px`).toBeLessThanOrEqual(0);
		await expect.poll(() => misfits(page)).toEqual([]);
	}
});

test('a name that another vault has is refused, and the menu leads to where vaults are named', async ({
	page
}) => {
	await register(page, newPerson());
	await choose(page, 'Personal', m.vaults_make());
	const field = page.getByLabel(m.vaults_name(), { exact: true });
	await expect(field).toBeFocused();
	await page.keyboard.type(' personal');
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.vaults_name_taken({ name: 'Personal' }))).toBeVisible();
	await expect(field).toHaveValue(' personal');
	await page.keyboard.press('Escape');
	const title = page.getByRole('heading', { name: m.vaults_title(), exact: true });
	await choose(page, 'Personal', m.vaults_manage());
	await expect(title).toBeFocused();
	await expect(title).toBeInViewport();
	await page.getByRole('button', { name: m.vaults_make() }).focus();
	await choose(page, 'Personal', m.vaults_manage());
	await expect(title).toBeFocused();
});

test('settings count the trash of every vault, and the trash says whose a key is', async ({
	page
}) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-alpha');
	await makeVault(page, 'Personal', 'Clients');
	await addKey(page, 'Beta', 'value-of-beta');
	await page.getByRole('button', { name: m.panel_trash() }).click();
	await expect(row(page, 'Beta')).toHaveCount(0);
	await choose(page, 'Clients', 'Personal');
	await choose(page, 'Personal', m.vaults_manage());
	const keys = m.keys_count({ count: 1 });
	await expect(page.getByText(m.yours_trash_text({ keys }))).toBeVisible();
	await expect(page.getByText(m.keys_count({ count: 0 }))).toBeVisible();
	const foot = page.locator('.foot');
	expect((await foot.boundingBox())?.height).toBe(0);
	await page.getByRole('link', { name: m.yours_trash() }).click();
	await expect(row(page, 'Beta').getByText('Clients')).toBeVisible();
	await expectAccessible(page);
});

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
	await test.step('the status line tells of both, and explains each', async () => {
		const keys = m.keys_count({ count: 2 });
		const [, said = ''] = m.status_verified_vaults({ time: '~', count: 2, keys }).split('~');
		await page.getByRole('button', { name: said }).click();
		await expect(page.getByRole('heading', { name: 'Clients' })).toBeVisible();
		await expectAccessible(page);
		await picture(page, 'verified-vaults');
		await page.keyboard.press('Escape');
	});
	await choose(page, m.vaults_all(), 'Personal');
	await expect(row(page, 'Beta')).toHaveCount(0);
	await picture(page, 'vaults-switch');
	await expectAccessible(page);
	await openPalette(page);
	await page.keyboard.type(m.dates_title());
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.dates_lead_vault({ vault: 'Personal' }))).toBeVisible();
	await expect(page.getByText(m.dates_none_vault({ vault: 'Personal' }))).toBeVisible();
	await test.step('and is shown alone after a reload', async () => {
		await comeBack(page, '/wallet');
		await unlock(page, person);
		await expect(row(page, 'Alpha')).toBeVisible();
		await expect(row(page, 'Beta')).toHaveCount(0);
	});

	const other = await anotherBrowser();
	await other.goto('/login');
	await expect(other.getByLabel(m.unlock_password(), { exact: true })).toBeVisible();
	await unlock(other, person);
	await expect(vaultSwitch(other, m.vaults_all())).toBeVisible();
	await expect(row(other, 'Alpha')).toBeVisible();
	await expect(row(other, 'Beta')).toBeVisible();
});

test('several keys move to another vault by the keyboard alone, and back by Undo; one from its panel', async ({
	page
}) => {
	await register(page, newPerson());
	for (const name of ['Alpha', 'Beta', 'Gamma']) await addKey(page, name, `value-of-${name}`);
	await heldSeconds(page);
	await page.keyboard.press('Escape');
	await makeVault(page, 'Personal', 'Clients');
	await choose(page, 'Clients', 'Personal');
	await tabTo(page, page.locator('[role=row][tabindex="0"]'));
	await page.keyboard.press('Home');
	await page.keyboard.press('x');
	await page.keyboard.press('Shift+ArrowDown');
	const bar = page.getByRole('region', { name: m.bulk_label() });
	await enter(page, bar.getByRole('button', { name: m.vaults_move_short(), exact: true }));
	await expect(page.getByRole('radio', { name: /^Clients/ })).toBeChecked();
	await expect(page.getByRole('radio', { name: /^Clients/ })).toBeFocused();
	await picture(page, 'vaults-move');
	await expectAccessible(page);
	await page.keyboard.press('Enter');
	const two = m.keys_count({ count: 2 });
	await expect(page.getByText(m.vaults_moved_toast({ name: two }))).toBeVisible();
	await expect(page.getByRole('row')).toHaveText([/Gamma/]);
	await expect(row(page, 'Gamma')).toBeFocused();
	await choose(page, 'Personal', 'Clients');
	await expect(page.getByRole('row')).toHaveText([/Alpha/, /Beta/]);
	await enter(page, page.getByRole('button', { name: m.undo() }));
	await expect(page.getByText(m.wallet_empty_title())).toBeVisible();
	await choose(page, 'Clients', 'Personal');
	await expect(page.getByRole('row')).toHaveText([/Alpha/, /Beta/, /Gamma/]);

	await row(page, 'Alpha').click();
	await page.getByRole('button', { name: m.vaults_move_short(), exact: true }).click();
	await page.getByRole('button', { name: m.vaults_move_go(), exact: true }).click();
	await expect(page.getByText(m.vaults_moved_toast({ name: 'Alpha' }))).toBeVisible();
	await expect(page.getByRole('row')).toHaveText([/Beta/, /Gamma/]);
});

test('what was typed into the form of a key goes along into another vault, and back', async ({
	page
}) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-Alpha');
	await makeVault(page, 'Personal', 'Clients');
	await choose(page, 'Clients', m.vaults_all());
	await heldSeconds(page);
	await row(page, 'Alpha').click();
	await page.keyboard.press('e');
	await page.getByLabel(m.form_name(), { exact: true }).fill('Beta');
	// With the form open: it goes with the key that it is of.
	await openPalette(page);
	await page.keyboard.type(m.vaults_move_title({ keys: 'Alpha' }));
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: m.vaults_move_go(), exact: true }).click();
	await expect(page.getByText(m.vaults_moved_toast({ name: 'Alpha' }))).toBeVisible();
	await row(page, 'Alpha').click();
	await expect(page.getByText(m.draft_kept()).first()).toBeVisible();
	await page.getByRole('button', { name: m.undo() }).click();
	await expect(row(page, 'Alpha')).toContainText('Personal');
	await row(page, 'Alpha').click();
	await page.getByRole('button', { name: m.draft_go_on() }).click();
	await expect(page.getByLabel(m.form_name(), { exact: true })).toHaveValue('Beta');
	await page.keyboard.press('ControlOrMeta+Enter');
	await expect(page.getByRole('heading', { name: 'Beta', exact: true })).toBeVisible();
	await expect(page.getByRole('row')).toHaveCount(1);
});

test('by the keyboard alone a vault gets another name, and is deleted with its keys after name and password', async ({
	page
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	const drop = (name: string) =>
		page.getByRole('button', { name: m.vaults_drop_name({ name }), exact: true });
	await enter(page, page.getByRole('link', { name: m.nav_settings(), exact: true }));
	await expect(page.getByRole('heading', { level: 1, name: m.settings_title() })).toBeVisible();
	await expect(drop('Personal')).toHaveCount(0);
	await enter(page, page.getByRole('button', { name: m.vaults_make(), exact: true }));
	const field = page.getByLabel(m.vaults_name(), { exact: true });
	await expect(field).toBeFocused();
	await page.keyboard.type('Clients');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('dialog')).toHaveCount(0);
	await enter(page, page.getByRole('button', { name: m.vaults_rename_name({ name: 'Clients' }) }));
	await expect(field).toBeFocused();
	await expect(field).toHaveValue('Clients');
	await page.keyboard.press('ControlOrMeta+a');
	// Signs that turn the text around it, and that nobody sees, are shown wherever it is.
	await page.keyboard.insertText('Old\u202E clients\u200B');
	await expectAccessible(page);
	await page.keyboard.press('Enter');
	const shown = 'Old‹202E› clients‹200B›';
	await expect(vaultSwitch(page, shown)).toBeVisible();
	await expect(
		page.getByRole('button', { name: m.vaults_rename_name({ name: shown }) })
	).toBeFocused();
	await picture(page, 'vaults-settings');
	await enter(page, drop(shown));
	await expect(page.getByRole('heading', { level: 2, name: shown })).toBeVisible();
	const typed = page.getByLabel(m.vaults_drop_type({ name: shown }));
	await expect(typed).toBeFocused();
	await page.keyboard.type('clients');
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.vaults_drop_differs({ name: shown }))).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'vaults-drop');
	await expect(typed).toBeFocused();
	await page.keyboard.press('ControlOrMeta+a');
	await page.keyboard.insertText(shown);
	await page.keyboard.press('Enter');
	const proof = page.getByRole('dialog', { name: m.stepup_title() });
	await expect(proof.getByLabel(m.stepup_password(), { exact: true })).toBeFocused();
	await page.keyboard.type(person.password);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('dialog')).toHaveCount(0);
	await expect(vaultSwitch(page, 'Personal')).toBeVisible();
	await expect(drop('Personal')).toHaveCount(0);
	// What opened the dialog is gone with its vault.
	await expect(
		page.getByRole('button', { name: m.vaults_rename_name({ name: 'Personal' }) })
	).toBeFocused();
	await enter(page, page.getByRole('link', { name: m.nav_wallet(), exact: true }));
	await expect(page.getByRole('row')).toHaveText([/Alpha/]);
});

test('a vault that is chosen in the palette while an empty one is shown has the keyboard', async ({
	page
}) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-alpha');
	await makeVault(page, 'Personal', 'Clients');
	await expect(page.getByRole('link', { name: m.wallet_empty_paste() })).toBeFocused();
	await openPalette(page);
	await page.keyboard.type('Personal');
	await expect(page.getByRole('option', { selected: true })).toContainText('Personal');
	await page.keyboard.press('Enter');
	await expect(row(page, 'Alpha')).toBeFocused();
});
