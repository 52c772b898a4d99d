/** The panel of a key: how it comes, what it offers, and that the keyboard is never lost in it. */
import type { Locator, Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, test } from './fixtures.ts';
import { addKey, newPerson, register, unlock } from './person.ts';

function row(page: Page, name: string): Locator {
	return page.getByRole('row', { name: new RegExp(name) });
}

test.describe('the first opening', () => {
	test.beforeEach(async ({ page }) => {
		const person = newPerson();
		await register(page, person);
		await addKey(page, 'Alpha', 'value-of-Alpha');
		await page.goto('/wallet');
		await unlock(page, person);
		await expect(row(page, 'Alpha')).toBeFocused();
	});

	test('loads the panel, and focus goes to its title', async ({ page }) => {
		const programs: string[] = [];
		page.on('request', (request) => {
			if (request.url().endsWith('.js')) programs.push(request.url());
		});
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { name: 'Alpha' })).toBeFocused();
		expect(programs).not.toEqual([]);
		await page.keyboard.press('Escape');
		await expect(row(page, 'Alpha')).toBeFocused();
	});

	test('on a phone covers the list and gives focus back to the row', async ({ page }) => {
		await page.setViewportSize({ width: 390, height: 844 });
		await row(page, 'Alpha').click();
		await expect(page.getByRole('heading', { name: 'Alpha' })).toBeFocused();
		await page.getByRole('button', { name: m.panel_back() }).click();
		await expect(row(page, 'Alpha')).toBeFocused();
	});
});

test('a panel that does not load says so, and Escape leads back to the list', async ({
	page,
	expectedErrors
}) => {
	expectedErrors.push(/Failed to load resource/, /dynamically imported module/);
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-Alpha');
	await page.goto('/wallet');
	await unlock(page, person);
	await expect(row(page, 'Alpha')).toBeFocused();
	await page.route('**/*.js', (route) => route.abort());
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.panel_unloaded())).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(row(page, 'Alpha')).toBeFocused();
});
