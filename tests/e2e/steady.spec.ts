/** Nothing on a page moves once the server has answered: its room was kept. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, test } from './fixtures.ts';
import { held } from './held.ts';
import { addKey, newPerson, register } from './person.ts';

const FIXED = 'h1, h2, h3, section, form, input, select, [role=group], [role=grid], [role=search]';
const SIZES = [
	{ width: 1280, height: 800 },
	{ width: 390, height: 844 }
] as const;

for (const size of SIZES) {
	test(`what is loaded moves nothing at ${size.width} px`, async ({ page }) => {
		await page.emulateMedia({ reducedMotion: 'reduce' });
		await register(page, newPerson());
		await addKey(page, 'OpenAI', `sk-proj-${'Ab3'.repeat(12)}`);
		await page.keyboard.press('Escape');
		const there = (text: string) =>
			expect(page.getByText(text, { exact: true }).first()).toBeVisible();

		await expectSteady(page, size, m.nav_activity(), async () => {
			await there(m.activity_words_title());
		});
		await expectSteady(page, size, m.nav_security(), async () => {
			await there(m.devices_alone());
			await there(m.factor_off());
		});
		await expectSteady(page, size, m.nav_settings(), () => there(m.leave_title()));
		await expectSteady(page, size, m.nav_backup(), () => there(m.backup_where_title()));
		await expectSteady(page, size, m.nav_import(), () => there(m.import_kinds_title()));
		await expectSteady(page, size, m.nav_wallet(), async () => {
			await expect(page.getByRole('row', { name: 'OpenAI' })).toBeVisible();
		});
	});
}

/** Goes to a page whose answers are held back, and finds everything where it was once they are there. */
async function expectSteady(
	page: Page,
	size: (typeof SIZES)[number],
	place: string,
	there: () => Promise<void>
): Promise<void> {
	const answer = await held(page);
	// A phone has tabs for some pages only.
	await page.setViewportSize({ width: 1280, height: 800 });
	await page.getByRole('link', { name: place, exact: true }).first().click();
	await expect(page.getByRole('heading', { level: 1, name: place, exact: true })).toBeVisible();
	await page.setViewportSize(size);
	await page.evaluate(() => document.fonts.ready);
	const before = await boxes(page);
	expect(before.length, place).toBeGreaterThan(0);
	await answer();
	await there();
	expect(await boxes(page), place).toEqual(before);
}

/** Where each thing is that others stand by; the second time of those that were there the first time. */
async function boxes(page: Page): Promise<string[]> {
	return await page.locator(FIXED).evaluateAll((elements) => {
		const known = elements.filter((element) => element.hasAttribute('data-steady'));
		const looked = known.length > 0 ? known : elements;
		return looked.map((element) => {
			element.setAttribute('data-steady', '');
			const { x, y } = element.getBoundingClientRect();
			const words = /^H\d$/.test(element.tagName) ? element.textContent.trim() : '';
			return `${Math.round(x)} ${Math.round(y)} ${element.tagName} ${words}`;
		});
	});
}
