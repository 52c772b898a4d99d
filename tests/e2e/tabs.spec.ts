/** Two tabs of one browser, each unlocked: what one writes the other shows; who is at one is at both. */
import type { BrowserContext, Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, test } from './fixtures.ts';
import { addKey, newPerson, register, unlock, type Person } from './person.ts';
import { goTo } from './security-steps.ts';

function row(page: Page, name: string) {
	return page.getByRole('row', { name: new RegExp(name) });
}

async function secondTab(context: BrowserContext, person: Person): Promise<Page> {
	const tab = await context.newPage();
	await tab.goto('/login');
	await expect(tab.getByLabel(m.unlock_password(), { exact: true })).toBeVisible();
	await unlock(tab, person);
	return tab;
}

test('what one tab writes the other shows by itself', async ({ page, context }) => {
	const person = newPerson();
	await register(page, person);
	const other = await secondTab(context, person);
	await page.bringToFront();
	await addKey(page, 'Alpha', 'value-of-alpha');
	await other.bringToFront();
	await expect(row(other, 'Alpha')).toBeVisible();
	await row(other, 'Alpha').focus();
	await other.keyboard.press('#');
	await expect(row(other, 'Alpha')).toHaveCount(0);
	await expect(row(page, 'Alpha')).toHaveCount(0);
	await goTo(other, 'settings');
	await other.getByRole('button', { name: m.vaults_make(), exact: true }).click();
	await other.getByLabel(m.vaults_name(), { exact: true }).fill('Clients');
	await other.keyboard.press('Enter');
	await page.getByRole('button', { name: m.vaults_shown({ name: m.vaults_all() }) }).click();
	await expect(page.getByRole('menuitemradio', { name: 'Clients' })).toBeVisible();
});

test('a tab stays open while somebody is at another one, and both lock when nobody is', async ({
	page,
	context
}) => {
	const person = newPerson();
	// One clock for both: they are of one browser.
	await page.clock.install();
	await register(page, person);
	const other = await context.newPage();
	await other.goto('/login');
	await expect(other.getByLabel(m.unlock_password(), { exact: true })).toBeVisible();
	await unlock(other, person);
	await other.bringToFront();
	for (let minute = 0; minute < 20; minute += 10) {
		await page.clock.runFor(10 * 60_000);
		await other.keyboard.press('F6');
		await expect(other.getByText(/^Locks in 1[45]:/)).toBeVisible();
		await expect(page.getByText(/^Locks in 1[45]:/)).toBeVisible();
	}
	await page.clock.runFor(16 * 60_000);
	for (const tab of [page, other]) {
		await expect(tab.getByText(m.unlock_locked_idle({ minutes: 15 }))).toBeVisible();
	}
});
