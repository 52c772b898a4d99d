/** Everything by the keyboard alone: nothing here presses a mouse button or gives focus by script. */
import type { Locator, Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { clipboardText, expect, paste, test } from './fixtures.ts';
import { held, heldSeconds } from './held.ts';
import { quickly, tabTo } from './keys.ts';
import { addKey, comeBack, newPerson, readKit, register, unlock } from './person.ts';
import { AWS_ID } from './samples.ts';

const VALUE = `sk-proj-${'Ab3'.repeat(30)}`;

function row(page: Page, name: string): Locator {
	return page.getByRole('row', { name: new RegExp(name) });
}

test('an account is made, a key kept and copied, and the vault locked, without a mouse', async ({
	page,
	context
}) => {
	const { email, password } = newPerson();
	await page.goto('/');
	await tabTo(page, page.getByRole('link', { name: m.home_create() }));
	await page.keyboard.press('Enter');
	await expect(page.getByLabel(m.register_email())).toBeFocused();
	await page.keyboard.type(email);
	await tabTo(page, page.getByLabel(m.register_password(), { exact: true }));
	await page.keyboard.type(password);
	await expect(page.getByText(m.strength_local())).toBeVisible();
	await page.keyboard.press('Enter');

	const kit = await readKit(page);
	for (const [index, group] of kit.entries()) {
		const field = page.getByLabel(m.kit_group({ number: index + 1 }), { exact: true });
		if (!(await field.isVisible())) continue;
		await tabTo(page, field);
		await page.keyboard.type(group);
	}
	await page.keyboard.press('Enter');

	await expect(page.getByRole('link', { name: m.wallet_empty_paste() })).toBeFocused();
	await paste(page, VALUE);
	await expect(page.getByLabel(m.form_name(), { exact: true })).toBeFocused();
	await page.keyboard.press('ControlOrMeta+a');
	await page.keyboard.type('OpenAI main');
	await page.keyboard.press('ControlOrMeta+Enter');

	await expect(row(page, 'OpenAI main')).toBeFocused();
	await page.keyboard.press('c');
	await expect(page.getByRole('group', { name: /OpenAI main/ })).toBeVisible();
	expect(await clipboardText(context)).toBe(VALUE);
	await page.bringToFront();
	await page.keyboard.press('Shift+L');
	await expect(page.getByLabel(m.unlock_password(), { exact: true })).toBeFocused();
	await page.keyboard.type(password);
	await page.keyboard.press('Enter');
	await expect(row(page, 'OpenAI main')).toBeFocused();
});

test('whoever goes on before the page of an empty wallet is loaded keeps the focus', async ({
	page
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	await comeBack(page, '/wallet');
	await unlock(page, person);
	await expect(row(page, 'Alpha')).toBeFocused();
	// Once the commit is on its way nothing but what then is drawn is left to load.
	const commit = await held(page, '**/commits');
	const asked = page.waitForRequest('**/commits');
	await page.keyboard.press('#');
	await asked;
	const letCome = await held(page, '**/_app/immutable/chunks/**');
	commit();
	await expect(row(page, 'Alpha')).toHaveCount(0);
	const vaults = page.getByRole('button', { name: m.vaults_shown({ name: 'Personal' }) });
	await tabTo(page, vaults);
	letCome();
	await expect(page.getByRole('link', { name: m.wallet_empty_paste() })).toBeVisible();
	await expect(vaults).toBeFocused();
});

test.describe('in a wallet of three keys', () => {
	test.beforeEach(async ({ page }) => {
		await register(page, newPerson());
		for (const name of ['Alpha', 'Beta', 'Gamma']) await addKey(page, name, `value-of-${name}`);
		await page.keyboard.press('Escape');
		await expect(row(page, 'Gamma')).toBeFocused();
		await heldSeconds(page);
	});

	test('arrows, letters and ends move through the list', async ({ page }) => {
		await page.keyboard.press('Home');
		await expect(row(page, 'Alpha')).toBeFocused();
		await page.keyboard.press('ArrowDown');
		await expect(row(page, 'Beta')).toBeFocused();
		await page.keyboard.press('j');
		await expect(row(page, 'Gamma')).toBeFocused();
		await page.keyboard.press('k');
		await expect(row(page, 'Beta')).toBeFocused();
		await page.keyboard.press('End');
		await expect(row(page, 'Gamma')).toBeFocused();
	});

	test('Right enters a row, Left leaves it', async ({ page }) => {
		await page.keyboard.press('ArrowRight');
		await expect(row(page, 'Gamma').getByRole('button')).toBeFocused();
		await page.keyboard.press('ArrowLeft');
		await expect(row(page, 'Gamma')).toBeFocused();
	});

	test('Enter opens a key with focus on its title, Escape leads back to its row', async ({
		page
	}) => {
		await page.keyboard.press('Home');
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { name: 'Alpha' })).toBeFocused();
		await page.keyboard.press('Escape');
		await expect(row(page, 'Alpha')).toBeFocused();
	});

	test('arrows change the open key and keep focus in the list', async ({ page }) => {
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { name: 'Gamma' })).toBeFocused();
		await page.keyboard.press('F6');
		await page.keyboard.press('F6');
		await expect(row(page, 'Gamma')).toBeFocused();
		await page.keyboard.press('ArrowUp');
		await expect(row(page, 'Beta')).toBeFocused();
		await expect(page.getByRole('heading', { name: 'Beta' })).toBeVisible();
	});

	test('the search is reached by a slash, left by an arrow and emptied by Escape', async ({
		page
	}) => {
		await page.keyboard.press('/');
		await expect(page.getByRole('searchbox')).toBeFocused();
		await page.keyboard.type('bet');
		await expect(row(page, 'Alpha')).toBeHidden();
		await page.keyboard.press('ArrowDown');
		await expect(row(page, 'Beta')).toBeFocused();
		await page.keyboard.press('Escape');
		await expect(row(page, 'Alpha')).toBeVisible();
		await expect(row(page, 'Beta')).toBeFocused();
	});

	test('Enter in the search goes to the best match, whichever row was current', async ({
		page
	}) => {
		await page.keyboard.press('/');
		await page.keyboard.type('a');
		await page.keyboard.press('Enter');
		await expect(row(page, 'Alpha')).toBeFocused();
	});

	test('Enter in the search goes to the row that was chosen since the last letter', async ({
		page
	}) => {
		await page.keyboard.press('/');
		await page.keyboard.type('a');
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('/');
		await page.keyboard.press('Enter');
		await expect(row(page, 'Beta')).toBeFocused();
	});

	test('z undoes also where the search has found nothing else', async ({ page }) => {
		await page.keyboard.press('/');
		await page.keyboard.type('beta');
		await page.keyboard.press('Enter');
		await page.keyboard.press('#');
		await expect(page.getByRole('button', { name: m.undo(), exact: true })).toBeVisible();
		const clear = page.getByRole('button', { name: m.wallet_clear_search(), exact: true });
		await expect(clear.last()).toBeFocused();
		await page.keyboard.press('z');
		await expect(row(page, 'Beta')).toBeFocused();
	});

	test('a key goes to the trash by its sign; focus goes to what took its place; z undoes', async ({
		page
	}) => {
		await page.keyboard.press('Home');
		await page.keyboard.press('#');
		await expect(row(page, 'Beta')).toBeFocused();
		await expect(row(page, 'Alpha')).toBeHidden();
		await page.keyboard.press('z');
		await expect(row(page, 'Alpha')).toBeVisible();
		await expect(row(page, 'Beta')).toBeFocused();
	});

	test('letters act on pages without a list, and z undoes in the trash', async ({ page }) => {
		await page.keyboard.press('#');
		await expect(row(page, 'Beta')).toBeFocused();
		await quickly(page, 'gt');
		const restore = page.getByRole('button', { name: m.trash_restore_name({ name: 'Gamma' }) });
		await tabTo(page, restore);
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { level: 1, name: m.trash_title() })).toBeFocused();
		await page.keyboard.press('z');
		await expect(restore).toBeVisible();
		await expect(
			page.getByRole('status').filter({ hasText: m.undone_said({ name: 'Gamma' }) })
		).toHaveCount(1);
		await quickly(page, 'gs');
		await expect(page.getByRole('heading', { level: 1, name: m.security_title() })).toBeVisible();
		await quickly(page, 'gw');
		await expect(row(page, 'Alpha')).toBeVisible();
	});

	test('r shows the value and hides it', async ({ page }) => {
		await page.keyboard.press('r');
		await expect(page.getByText('value-of-Gamma')).toBeVisible();
		await page.keyboard.press('r');
		await expect(page.getByText('value-of-Gamma')).toBeHidden();
	});

	test('e opens the form, Escape closes it and keeps what was typed', async ({ page }) => {
		await page.keyboard.press('e');
		const name = page.getByLabel(m.form_name(), { exact: true });
		await expect(name).toBeFocused();
		await page.keyboard.press('End');
		await page.keyboard.type(' two');
		await page.keyboard.press('Escape');
		await expect(name).toBeHidden();
		await expect(page.getByRole('heading', { name: 'Gamma' })).toBeFocused();
		await expect(page.getByText(m.draft_kept()).first()).toBeVisible();
		await page.keyboard.press('e');
		await expect(name).toHaveValue('Gamma two');
		await page.keyboard.press('ControlOrMeta+Enter');
		await expect(page.getByRole('heading', { name: 'Gamma two' })).toBeFocused();
		await expect(page.getByRole('button', { name: m.draft_drop() })).toHaveCount(0);
	});

	test('the list of keys opens by its sign and gives focus back', async ({ page }) => {
		await page.keyboard.press('?');
		await expect(page.getByRole('dialog', { name: m.keys_title() })).toBeVisible();
		await page.keyboard.press('Escape');
		await expect(row(page, 'Gamma')).toBeFocused();
	});

	test('F6 goes round list, panel, toast and status line', async ({ page }) => {
		const regions: (string | undefined)[] = [];
		await page.keyboard.press('c');
		await expect(page.getByRole('group', { name: /Gamma/ })).toBeVisible();
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { name: 'Gamma' })).toBeFocused();
		for (let step = 0; step < 4; step++) {
			await page.keyboard.press('F6');
			regions.push(
				await page.evaluate(
					() => document.activeElement?.closest<HTMLElement>('[data-region]')?.dataset['region']
				)
			);
		}
		expect(regions).toEqual(['toast', 'status', 'list', 'panel']);
	});

	test('the keys that lead to the wallet leave the focus there in the list', async ({ page }) => {
		await quickly(page, 'gw');
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { name: 'Gamma' })).toBeFocused();
		await quickly(page, 'gw');
		await expect(row(page, 'Gamma')).toBeFocused();
	});

	test('a save that ends late leaves the focus where one went on to', async ({ page }) => {
		const answer = await held(page);
		await page.keyboard.press('#');
		await page.keyboard.press('/');
		await page.keyboard.type('al');
		answer();
		await expect(page.getByRole('button', { name: m.undo(), exact: true })).toBeVisible();
		await page.keyboard.type('pha');
		await expect(page.getByRole('searchbox')).toHaveValue('alpha');
	});

	test('letters are text in a field', async ({ page }) => {
		await page.keyboard.press('/');
		await page.keyboard.type('nzc#');
		await expect(page.getByRole('searchbox')).toHaveValue('nzc#');
		await expect(page).toHaveURL(/wallet$/);
	});

	test('the account menu is worked by arrows, letters and Escape', async ({ page }) => {
		const button = page.getByRole('button', { name: m.account_menu() });
		await tabTo(page, button);
		await page.keyboard.press('Enter');
		await page.keyboard.press('End');
		await expect(page.getByRole('menuitem', { name: m.account_sign_out() })).toBeFocused();
		await page.keyboard.press('d');
		await expect(page.getByRole('menuitemradio', { name: m.theme_dark() })).toBeFocused();
		await page.keyboard.press('Enter');
		await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
		await expect(button).toBeFocused();
		await page.keyboard.press('Enter');
		await expect(page.getByRole('menu')).toBeVisible();
		await page.keyboard.press('Escape');
		await expect(page.getByRole('menu')).toBeHidden();
		await expect(button).toBeFocused();
	});

	test('Escape closes the menu in a panel and not the panel', async ({ page }) => {
		await page.keyboard.press('n');
		await paste(page, `AWS_ACCESS_KEY_ID=${AWS_ID}\nAWS_SECRET_ACCESS_KEY=its-other-half`);
		await expect(page.getByLabel(m.form_name(), { exact: true })).toBeFocused();
		await page.keyboard.press('ControlOrMeta+Enter');
		await expect(row(page, 'AWS')).toBeFocused();
		await page.keyboard.press('Enter');
		const more = page.getByRole('button', { name: m.panel_copy_other() });
		await tabTo(page, more);
		await page.keyboard.press('Enter');
		await expect(page.getByRole('menu')).toBeVisible();
		await page.keyboard.press('Escape');
		await expect(page.getByRole('menu')).toBeHidden();
		await expect(more).toBeFocused();
	});
});

test.describe('where the pointer is a finger', () => {
	test.use({ hasTouch: true, viewport: { width: 390, height: 800 } });

	test('no key of a keyboard is drawn', async ({ page }) => {
		await register(page, newPerson());
		await expect(page.getByRole('link', { name: m.wallet_empty_paste() })).toBeVisible();
		await expect(page.locator('kbd:visible')).toHaveCount(0);
		await addKey(page, 'Alpha', 'value-of-alpha');
		await expect(page.locator('kbd:visible')).toHaveCount(0);
		await page.getByRole('button', { name: m.panel_edit(), exact: true }).tap();
		await expect(page.getByRole('button', { name: m.form_save(), exact: true })).toBeVisible();
		await expect(page.locator('kbd:visible')).toHaveCount(0);
	});
});
