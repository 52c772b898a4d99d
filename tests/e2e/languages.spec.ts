/** The languages: which one is shown, how another is chosen, and that it goes along with the account. */
import * as m from '#lib/i18n/generated/messages.js';
import { speak } from '#lib/i18n/language.ts';
import type { Language } from '#lib/i18n/languages.ts';
import { expect, expectAccessible, test } from './fixtures.ts';
import { addKey, newPerson, register } from './person.ts';
import { goTo } from './security-steps.ts';

test.afterEach(async () => {
	await speak('en');
});

test.describe('a browser that asks for Austrian German', () => {
	test.use({ locale: 'de-AT' });

	test('gets German, and what is chosen instead goes along with the account', async ({
		page,
		anotherBrowser
	}) => {
		await speak('de');
		await page.goto('/');
		await expect(page.getByRole('heading', { name: m.home_title() })).toBeVisible();
		await expect(page.locator('html')).toHaveAttribute('lang', 'de');

		const chosenOnDoor: Language = 'fr';
		const select = page.locator('#language');
		await select.focus();
		await select.selectOption(chosenOnDoor);
		await speak(chosenOnDoor);
		await expect(page.getByRole('heading', { name: m.home_title() })).toBeVisible();
		await expect(page.locator('html')).toHaveAttribute('lang', chosenOnDoor);
		await expect(select).toBeFocused();
		await expectAccessible(page);

		const person = newPerson();
		await register(page, person);
		await goTo(page, 'settings');
		await expect(select).toHaveValue(chosenOnDoor);
		await select.focus();
		await select.selectOption('ja');
		await speak('ja');
		await expect(page.getByRole('heading', { name: m.settings_title() })).toBeVisible();
		await expect(select).toBeFocused();
		await expect(page.getByText(m.settings_saved(), { exact: true })).toBeVisible();

		const other = await anotherBrowser();
		await speak('de');
		await other.goto('/login');
		await other.getByLabel(m.unlock_email(), { exact: true }).fill(person.email);
		await other.getByLabel(m.unlock_password(), { exact: true }).fill(person.password);
		await other.getByRole('button', { name: m.unlock_button(), exact: true }).click();
		await speak('ja');
		await expect(other.getByRole('button', { name: m.nav_lock(), exact: true })).toBeVisible();
		await expect(other.locator('html')).toHaveAttribute('lang', 'ja');
	});
});

test('after one language another can be chosen, and the wallet goes on', async ({ page }) => {
	await register(page, newPerson());
	for (const language of ['de', 'en', 'fr'] as const) {
		await goTo(page, 'settings');
		await page.locator('#language').selectOption(language);
		await speak(language);
		await expect(page.getByRole('heading', { name: m.settings_title() })).toBeVisible();
		await expect(page.locator('#language')).toHaveValue(language);
		await page.getByRole('link', { name: m.nav_wallet(), exact: true }).click();
		await addKey(page, `Key in ${language}`, `value-of-${language}`);
		await expect(page.getByRole('row', { name: `Key in ${language}` })).toBeVisible();
	}
	await page.getByRole('searchbox').fill('Key in de');
	await expect(page.getByRole('row', { name: 'Key in fr' })).toBeHidden();
});
