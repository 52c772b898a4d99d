/** Nothing on a page moves once the server has answered: its room was kept. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { drawn } from './boxes.ts';
import { expect, test } from './fixtures.ts';
import { held } from './held.ts';
import { addKey, comeBack, newPerson, register, unlock } from './person.ts';

/** A toast comes and goes by itself, over what is there. */
const FIXED =
	'h1, h2, h3, section, form, input, select, [role=group]:not([data-region=toast]), [role=grid], [role=search]';
const SIZES = [
	{ width: 320, height: 640 },
	{ width: 390, height: 844 },
	{ width: 768, height: 1024 },
	{ width: 1280, height: 800 }
] as const;

test('what is loaded moves nothing, at any width', async ({ page }) => {
	await page.emulateMedia({ reducedMotion: 'reduce' });
	const person = newPerson();
	await register(page, person);
	for (const name of ['OpenAI', 'Old one']) await addKey(page, name, `value of ${name}`);
	await page.getByRole('button', { name: m.panel_trash() }).click();
	const there = (text: string) =>
		expect(page.getByText(text, { exact: true }).first()).toBeVisible();
	const row = (name: string) => expect(page.getByRole('row', { name })).toBeVisible();

	await expectSteady(page, m.nav_activity(), () => there(m.activity_words_title()));
	await expectSteady(page, m.nav_security(), async () => {
		await there(m.devices_alone());
		await there(m.factor_off());
	});
	await expectSteady(page, m.nav_settings(), () => there(m.leave_title()));
	await expectSteady(page, m.yours_dates(), () => there(m.dates_none()), m.dates_title());
	await expectSteady(page, m.nav_backup(), () => there(m.backup_where_title()));
	await expectSteady(page, m.nav_import(), () => there(m.import_kinds_title()));
	await expectSteady(page, m.nav_trash(), () => row('Old one'));
	await expectSteady(page, m.nav_wallet(), () => row('OpenAI'));
	await expectSteady(page, m.wallet_add(), () => there(m.form_name()), m.add_title());

	// The program of the panel comes when a key is opened first.
	await comeBack(page, '/wallet');
	await unlock(page, person);
	await row('OpenAI');
	const answer = await held(page, '**/*.js');
	await page.getByRole('row', { name: 'OpenAI' }).click();
	await expectStill(page, 'panel', async () => {
		answer();
		await expect(page.getByRole('heading', { level: 2, name: 'OpenAI' })).toBeVisible();
	});
});

/**
 * Goes to a page whose answers are held back, and finds everything where it was once they are there:
 * looked at in each size before and after.
 */
async function expectSteady(
	page: Page,
	link: string,
	there: () => Promise<void>,
	title = link
): Promise<void> {
	const answer = await held(page);
	await page.getByRole('link', { name: link, exact: true }).first().click();
	await expect(page.getByRole('heading', { level: 1, name: title, exact: true })).toBeVisible();
	await page.evaluate(() => document.fonts.ready);
	await expectStill(page, link, async () => {
		answer();
		await there();
	});
}

/** What is there stays where it is while something comes. */
async function expectStill(page: Page, what: string, come: () => Promise<void>): Promise<void> {
	const before = await boxesInEach(page);
	await come();
	expect(await boxesInEach(page), what).toEqual(before);
}

/** By width; the page has the widest at the end: a phone has tabs for some pages only. */
async function boxesInEach(page: Page): Promise<Record<number, string[]>> {
	const found: Record<number, string[]> = {};
	for (const size of SIZES) {
		await page.setViewportSize(size);
		await page.evaluate(drawn);
		found[size.width] = await boxes(page, size.width);
		expect(found[size.width]).not.toEqual([]);
	}
	return found;
}

/** Where each thing is that others stand by; the second time of those that were there the first time. */
async function boxes(page: Page, width: number): Promise<string[]> {
	return await page.locator(FIXED).evaluateAll((elements, mark) => {
		const known = elements.filter((element) => element.hasAttribute(mark));
		const looked = known.length > 0 ? known : elements;
		return looked.map((element) => {
			element.setAttribute(mark, '');
			const { x, y } = element.getBoundingClientRect();
			const words = /^H\d$/.test(element.tagName) ? element.textContent.trim() : '';
			return `${Math.round(x)} ${Math.round(y)} ${element.tagName} ${words}`;
		});
	}, `data-steady-${width}`);
}
