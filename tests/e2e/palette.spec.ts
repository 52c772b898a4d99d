/** The palette: keys, acts, pages and vaults by their names, with the keyboard alone. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { clipboardText, expect, expectAccessible, picture, test } from './fixtures.ts';
import { heldSeconds } from './held.ts';
import { openPalette, quickly } from './keys.ts';
import { addKey, newPerson, register } from './person.ts';

function row(page: Page, name: string) {
	return page.getByRole('row', { name: new RegExp(name) });
}

/** Types, and does what stands first. */
async function run(page: Page, text: string, key = 'Enter'): Promise<void> {
	const field = await openPalette(page);
	await page.keyboard.type(text);
	await expect(page.getByRole('dialog').getByRole('option', { selected: true })).toHaveCount(1);
	await page.keyboard.press(key);
	await expect(field).toHaveCount(0);
}

test('a key is copied, opened and edited from it', async ({ page, context }) => {
	await register(page, newPerson());
	await addKey(page, 'Stripe live', 'value-of-stripe');
	await addKey(page, 'OpenAI main', 'value-of-openai');
	await page.keyboard.press('Escape');
	await expect(row(page, 'OpenAI main')).toBeFocused();

	await openPalette(page);
	await page.keyboard.type('strp');
	await page.keyboard.press('Backspace');
	const option = page.getByRole('dialog').getByRole('option', { selected: true });
	await expect(option).toHaveText(/Stripe live/);
	const field = page.getByRole('combobox', { name: m.palette_title() });
	expect(await field.getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'));
	await picture(page, 'palette-key');
	await expectAccessible(page);
	await page.keyboard.press('Enter');
	await expect(
		page.getByText(m.copied_title({ name: 'Stripe live' }), { exact: true })
	).toBeVisible();
	expect(await clipboardText(context)).toBe('value-of-stripe');
	await page.bringToFront();
	await expect(row(page, 'OpenAI main')).toBeFocused();

	await run(page, 'stripe', 'ControlOrMeta+Enter');
	await expect(page.getByRole('heading', { level: 2, name: 'Stripe live' })).toBeVisible();
	await run(page, 'openai', 'Shift+Enter');
	await expect(page.getByLabel(m.form_name(), { exact: true })).toHaveValue('OpenAI main');
});

test('what is typed before it is loaded is looked for, and is no shortcut', async ({ page }) => {
	await register(page, newPerson());
	await addKey(page, 'Stripe live', 'value-of-stripe');
	let release: () => void = () => undefined;
	const loading = new Promise<void>((resolve) => (release = resolve));
	await page.route('**/*.js', async (route) => {
		await loading;
		await route.continue();
	});
	await page.keyboard.press('ControlOrMeta+k');
	await page.keyboard.type('edit stripex');
	await page.keyboard.press('Backspace');
	release();
	const field = page.getByRole('combobox', { name: m.palette_title() });
	await expect(field).toHaveValue('edit stripe');
	await expect(field).toBeFocused();
	await expect(page.getByLabel(m.form_name(), { exact: true })).toHaveCount(0);
});

test('one that does not load says so', async ({ page, expectedErrors }) => {
	expectedErrors.push(/Failed to load resource/, /dynamically imported module/);
	await register(page, newPerson());
	await expect(page.getByRole('link', { name: m.wallet_empty_paste() })).toBeFocused();
	await page.route('**/*.js', (route) => route.abort());
	await page.keyboard.press('ControlOrMeta+k');
	await expect(page.getByRole('alert')).toHaveText(m.part_unloaded());
	await expectAccessible(page);
	await page.keyboard.press('Escape');
	await expect(page.getByRole('alert')).toHaveCount(0);
});

test('acts, pages and vaults are found by their names', async ({ page }) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-alpha');
	const field = await openPalette(page);
	await picture(page, 'palette-all');
	await expectAccessible(page);
	const options = page.getByRole('option');
	const first = await page.getByRole('dialog').getByRole('option', { selected: true }).innerText();
	await page.keyboard.press('ArrowUp');
	await expect(options.last()).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('ArrowDown');
	await expect(page.getByRole('dialog').getByRole('option', { selected: true })).toContainText(
		first.trim().slice(-5)
	);
	await page.keyboard.type('nothing is called so');
	await expect(options).toHaveCount(0);
	await expect(
		page.getByText(m.wallet_found_none({ query: 'nothing is called so' })).first()
	).toBeVisible();
	await expectAccessible(page);
	await page.keyboard.press('Escape');
	await expect(field).toHaveCount(0);

	await run(page, m.nav_settings());
	await expect(page.getByRole('heading', { level: 1, name: m.settings_title() })).toBeVisible();
	await run(page, 'alpha');
	await expect(page.getByText(m.copied_title({ name: 'Alpha' }), { exact: true })).toBeVisible();
	await run(page, m.theme_dark());
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
	await openPalette(page);
	await picture(page, 'palette-dark');
	await expectAccessible(page);
	await page.keyboard.press('Escape');
	await run(page, m.vaults_make());
	await page.getByLabel(m.vaults_name(), { exact: true }).fill('Clients');
	await page.keyboard.press('Enter');
	await expect(
		page.getByRole('button', { name: m.vaults_shown({ name: 'Clients' }) })
	).toBeVisible();
	await run(page, m.palette_show_all());
	await expect(row(page, 'Alpha')).toBeVisible();
	await run(page, m.nav_lock());
	await expect(page.getByLabel(m.unlock_password(), { exact: true })).toBeVisible();
});

test('what the key in the panel can do is in it, and Undo afterwards', async ({ page }) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-alpha');
	await heldSeconds(page);
	await run(page, m.palette_trash({ name: 'Alpha' }));
	await expect(row(page, 'Alpha')).toHaveCount(0);
	await run(page, m.undo());
	await expect(row(page, 'Alpha')).toBeVisible();
});

test('what is done to the focused key and to marked ones is in it, and how the list is filtered, ordered and kept', async ({
	page
}) => {
	await register(page, newPerson());
	for (const name of ['Alpha', 'Beta']) await addKey(page, name, `value-of-${name}`);
	await page.keyboard.press('Escape');
	await expect(row(page, 'Beta')).toBeFocused();
	await page.keyboard.press('x');
	await page.keyboard.press('k');
	await expect(row(page, 'Alpha')).toBeFocused();
	await run(page, m.palette_reveal({ name: 'Alpha' }));
	await expect(page.getByRole('heading', { level: 2, name: 'Alpha' })).toBeVisible();
	await expect(page.getByText('value-of-Alpha')).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(row(page, 'Alpha')).toBeFocused();
	await run(page, m.bulk_all({ count: 2 }));
	await expect(row(page, 'Alpha')).toBeFocused();
	const two = m.keys_count({ count: 2 });
	const field = await openPalette(page);
	const chosen = page.getByRole('dialog').getByRole('option', { selected: true });
	await expect(chosen).not.toHaveCount(0);
	await page.keyboard.type(m.palette_tag({ keys: two }));
	await expect(chosen).toHaveText(m.palette_tag({ keys: two }));
	await page.keyboard.press('Enter');
	await expect(field).toHaveAttribute('placeholder', m.bulk_tag_label());
	await page.keyboard.type('prod');
	await expect(chosen).toHaveText(m.palette_tag_with({ tag: 'prod' }));
	await expectAccessible(page);
	await picture(page, 'palette-tag');
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.bulk_tagged_toast({ name: two }), { exact: true })).toBeVisible();
	await expect(field).toHaveCount(0);
	const choice = { what: m.filter_sort(), choice: m.sort_added() };
	await run(page, m.palette_choice(choice));
	await expect(page.getByLabel(m.filter_sort(), { exact: true })).toHaveValue('added');
	await run(page, m.palette_choice({ what: m.filter_tag(), choice: 'prod' }));
	await expect(page.getByRole('button', { name: 'prod', exact: true })).toBeVisible();
	await openPalette(page);
	await page.keyboard.type(m.views_keep());
	await expect(chosen).toHaveText(m.views_keep());
	await page.keyboard.press('Enter');
	await expect(field).toHaveAttribute('placeholder', m.views_name());
	await page.keyboard.type('Mine');
	await expect(chosen).toHaveText(m.palette_keep_view({ name: 'Mine' }));
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.views_kept({ name: 'Mine' }))).toHaveCount(1);
	await run(page, m.filter_clear());
	await expect(page.getByRole('button', { name: 'prod', exact: true })).toHaveCount(0);
	await run(page, m.palette_view({ name: 'Mine' }));
	await expect(page.getByRole('button', { name: 'prod', exact: true })).toBeVisible();
});

test('the list of keys names it, and the letters that go to a page', async ({ page }) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-alpha');
	await run(page, m.keys_title());
	const help = page.getByRole('dialog', { name: m.keys_title() });
	await expect(help.getByText(m.keys_palette())).toBeVisible();
	const fade = () => help.evaluate((element) => getComputedStyle(element).animationDuration);
	await page.emulateMedia({ reducedMotion: 'no-preference' });
	expect(await fade()).toBe('0.14s');
	await page.emulateMedia({ reducedMotion: 'reduce' });
	expect(await fade()).toBe('0s');
	await expect(help.getByText(m.keys_go({ places: m.nav_wallet() }))).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'palette-keys');
	await page.keyboard.press('Escape');
	// A dialog keeps its keys for as long as it is there.
	await expect(help).toHaveCount(0);
	await row(page, 'Alpha').focus();
	await quickly(page, 'gt');
	await expect(page.getByRole('heading', { level: 1, name: m.trash_title() })).toBeVisible();
});

test.describe('on a phone', () => {
	test.use({ viewport: { width: 390, height: 844 } });

	test('it is in the menu of the account', async ({ page }) => {
		await register(page, newPerson());
		await addKey(page, 'Alpha', 'value-of-alpha');
		await page.getByRole('button', { name: m.panel_back() }).click();
		await page.getByRole('button', { name: m.account_menu(), exact: true }).click();
		await page.getByRole('menuitem', { name: m.palette_title() }).click();
		await expect(page.getByRole('combobox', { name: m.palette_title() })).toBeFocused();
		await picture(page, 'palette-390');
		await expectAccessible(page);
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
	});
});
