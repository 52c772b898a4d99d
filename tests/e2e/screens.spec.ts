/** Every screen and dialog: found accessible in both themes, and nothing sideways when it is narrow. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import { among, FORMS } from './forms.ts';
import { addKey, comeBack, newPerson, register } from './person.ts';

const VALUE = `sk-proj-${'Ab3'.repeat(30)}`;
const LONG_NAME = 'The key of a name that is as long as names of keys get when they say it all';
const IMPORTED = `PORT=3000\n${'LONG_'.repeat(16)}KEY=a value of some length\nTWICE=${VALUE}\nRUNS=\n`;
const PASSPHRASE = 'wooden kettle sings at noon';

const MORE_FORMS = among([
	{ name: '768-light', width: 768, height: 1024, colorScheme: 'light' },
	// 200 % zoom of 1280 by 800, and 400 % of 1280 by 1024 (WCAG 1.4.4 and 1.4.10).
	{ name: '640-zoomed', width: 640, height: 400, colorScheme: 'dark' },
	{ name: '320-zoomed', width: 320, height: 256, colorScheme: 'light' }
]);

for (const { name, width, height, colorScheme } of [...FORMS, ...MORE_FORMS]) {
	test(`screens at ${name}`, async ({ page }) => {
		await page.setViewportSize({ width, height });
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		const look = async (screen: string) => {
			await expectAccessible(page);
			expect(await sideways(page), screen).toBeLessThanOrEqual(0);
			await picture(page, `${name}-${screen}`);
		};
		await walk(page, look);
	});
}

/** How many px of the page lie beyond the right edge. */
async function sideways(page: Page): Promise<number> {
	return await page.evaluate(
		() => document.documentElement.scrollWidth - document.documentElement.clientWidth
	);
}

/** Past every screen, calling `look` at each. */
async function walk(page: Page, look: (screen: string) => Promise<void>): Promise<void> {
	await page.goto('/');
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	await look('home');
	await page.goto('/register');
	await page.getByLabel(m.register_password(), { exact: true }).fill('hunter2');
	await page.getByRole('button', { name: m.register_button() }).click();
	await expect(page.getByText(m.register_email_wrong())).toBeVisible();
	await look('register-refused');
	const person = newPerson();
	await register(page, person, () => look('kit'));
	await look('wallet-empty');

	await addKey(page, LONG_NAME, VALUE);
	await look('key');
	await page.getByRole('button', { name: m.panel_reveal(), exact: true }).click();
	await expect(page.getByText(VALUE)).toBeVisible();
	await look('key-revealed');
	await page.getByRole('button', { name: m.panel_edit() }).click();
	await expect(page.getByLabel(m.form_name(), { exact: true })).toHaveValue(LONG_NAME);
	await look('key-edit');
	await comeBack(page, '/wallet/new');
	await reopen(page, person.password);
	await page.getByRole('button', { name: m.form_keep() }).click();
	await expect(page.getByText(m.form_name_missing())).toBeVisible();
	await look('add-refused');

	await page.getByRole('link', { name: m.nav_wallet(), exact: true }).click();
	await page.getByRole('searchbox').fill('nothing like it');
	await expect(page.getByRole('heading', { name: /nothing like it/ })).toBeVisible();
	await look('wallet-nothing-found');
	await page.getByRole('button', { name: m.wallet_clear_search() }).first().click();
	await page.getByRole('button', { name: /Verified/ }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await look('verified');
	await page.keyboard.press('Escape');

	await page.getByRole('row', { name: LONG_NAME }).click();
	await page.getByRole('button', { name: m.panel_trash() }).click();
	await expect(page.getByRole('button', { name: m.undo() })).toBeVisible();
	await look('wallet-undo');
	await goTo(page, m.nav_trash(), m.yours_trash());
	await look('trash');
	await page.getByRole('button', { name: m.trash_drop_name({ name: LONG_NAME }) }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await look('trash-erase');
	await page.keyboard.press('Escape');

	await goTo(page, m.nav_backup(), m.yours_backup());
	await page.getByText(m.backup_make(), { exact: true }).click();
	await page.getByLabel(m.backup_passphrase(), { exact: true }).fill(PASSPHRASE);
	await page.getByRole('button', { name: m.backup_button() }).click();
	await expect(page.getByText(m.backup_passphrase_differs())).toBeVisible();
	await look('backup-refused');
	await page.getByText(m.backup_seal_recipients(), { exact: true }).click();
	await page.getByRole('button', { name: m.backup_button() }).click();
	await expect(page.getByText(m.backup_recipients_missing())).toBeVisible();
	await look('backup-recipients');
	await page.getByText(m.plain_title(), { exact: true }).click();
	await expect(page.getByText(m.plain_warning())).toBeVisible();
	await look('export-plain');
	await goTo(page, m.nav_import(), m.yours_import());
	await page.getByLabel(m.import_paste_label()).fill(IMPORTED);
	await look('import-paste');
	await page.getByRole('button', { name: m.import_read() }).click();
	await expect(page.getByRole('heading', { name: m.import_found({ count: 3 }) })).toBeVisible();
	await look('import-preview');
	await page.getByRole('button', { name: m.account_menu() }).click();
	await expect(page.getByRole('menu')).toBeVisible();
	await look('menu');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: m.nav_lock() }).click();
	await expect(page.getByLabel(m.unlock_password(), { exact: true })).toBeVisible();
	await look('locked');
}

/** By the bar; on a phone, where it is left out of the tabs, from the settings. */
async function goTo(page: Page, place: string, fromSettings: string): Promise<void> {
	const link = page.getByRole('link', { name: place, exact: true });
	if (!(await link.isVisible())) {
		await page.getByRole('link', { name: m.nav_settings(), exact: true }).click();
		await page.getByRole('link', { name: fromSettings, exact: true }).click();
	} else await link.click();
}

/** A page that was loaded anew is locked: its unlock form leads to the same page. */
async function reopen(page: Page, password: string): Promise<void> {
	await page.getByLabel(m.unlock_password(), { exact: true }).fill(password);
	await page.getByRole('button', { name: m.unlock_button(), exact: true }).click();
	await expect(page.getByRole('button', { name: m.nav_lock() })).toBeVisible();
}
