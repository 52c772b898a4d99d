/** Keys that end: rotated with overlap, by keyboard; and their dates for the next twelve months. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { clipboardText, expect, expectAccessible, paste, picture, test } from './fixtures.ts';
import { FORMS } from './forms.ts';
import { heldSeconds } from './held.ts';
import { openPalette } from './keys.ts';
import { addKey, newPerson, register, unlock } from './person.ts';

const DAY_MS = 86_400_000;
const OLD = `old-value-${'Ab3'.repeat(10)}`;
const NEW = `new-value-${'Cd4'.repeat(10)}`;

function row(page: Page, name: string) {
	return page.getByRole('row', { name: new RegExp(name) });
}

/** Gives the key in the panel a day on which it expires. */
async function expiresOn(page: Page, day: string): Promise<void> {
	await page.getByRole('button', { name: m.panel_edit() }).click();
	const field = page.getByLabel(m.form_expires(), { exact: true });
	await field.fill(day);
	await field.press('ControlOrMeta+Enter');
	await expect(page.getByRole('button', { name: m.panel_copy() }).first()).toBeVisible();
}

function dayIn(days: number): string {
	return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

test('a key is rotated by keyboard; its old value is known, kept, then dropped', async ({
	page,
	context
}) => {
	const person = newPerson();
	await page.clock.install();
	await register(page, person);
	await addKey(page, 'Alpha', OLD);
	await expiresOn(page, dayIn(-3));
	const rotate = page.getByRole('button', { name: m.rotate_open(), exact: true });
	await rotate.focus();
	await page.keyboard.press('Enter');
	const value = page.getByLabel(m.rotate_value(), { exact: true });
	await expect(value).toBeFocused();
	await page.keyboard.press('Tab');
	await expectAccessible(page);
	await picture(page, 'rotate');
	await page.getByRole('button', { name: m.rotate_do(), exact: true }).press('Enter');
	await expect(page.getByText(m.rotate_value_missing())).toBeVisible();
	await expect(value).toBeFocused();
	await page.keyboard.type(OLD);
	await expect(page.getByText(m.rotate_value_same())).toBeVisible();
	await value.fill(NEW);
	await page.getByLabel(m.rotate_keep(), { exact: true }).selectOption('1');
	await page.getByRole('button', { name: m.rotate_do(), exact: true }).press('Enter');
	await expect(page.getByRole('heading', { name: 'Alpha' })).toBeFocused();
	await expect(page.getByText(m.panel_previous_count({ count: 1 }))).toBeVisible();
	// Its end was that of the old value.
	await expect(page.getByText(m.panel_expires(), { exact: true })).toHaveCount(0);
	await page.keyboard.press('c');
	await expect(page.getByRole('group', { name: /Alpha/ })).toBeVisible();
	expect(await clipboardText(context)).toBe(NEW);
	await page.bringToFront();

	await page.keyboard.press('r');
	await expect(page.getByText(NEW)).toBeVisible();
	await expect(page.getByText(OLD)).toHaveCount(0);
	await page.keyboard.press('r');
	await expect(page.getByText(NEW)).toHaveCount(0);
	await page.getByRole('button', { name: m.panel_previous_show(), exact: true }).press('Enter');
	await expect(page.getByText(OLD)).toBeVisible();
	await expect(page.getByText(NEW)).toHaveCount(0);
	const drop = page.getByRole('button', { name: /^Drop now/ });
	await expect(drop).toBeVisible();
	await picture(page, 'rotate-previous');
	await expectAccessible(page);
	const goOn = await heldSeconds(page);
	await drop.press('Enter');
	await expect(page.getByText(m.panel_previous_count({ count: 1 }))).toHaveCount(0);
	await expect(page.getByRole('button', { name: m.undo() })).toBeVisible();
	await page.keyboard.press('z');
	await expect(page.getByText(m.panel_previous_count({ count: 1 }))).toBeVisible();
	await goOn();

	// Two days later by both clocks.
	const date = new Date(Date.now() + 2 * DAY_MS).toUTCString();
	await page.route('**/api/v1/server', async (route) => {
		await route.fulfill({ headers: { date }, json: {} });
	});
	await page.clock.fastForward(2 * DAY_MS);
	await unlock(page, person);
	await row(page, 'Alpha').click();
	await expect(page.getByText(m.panel_previous_count({ count: 1 }))).toHaveCount(0);
});

test('after the last dates were asked for, focus is on the first of them', async ({ page }) => {
	await register(page, newPerson());
	const exp = Math.floor(Date.now() / 1000) + 30 * 86_400;
	const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
	const lines = Array.from({ length: 201 }, (_, number) => {
		const token = [part({ alg: 'HS256' }), part({ exp, number }), 'c2lnbmVk'].join('.');
		return `TOKEN_${String(number).padStart(3, '0')}=${token}`;
	});
	await paste(page, lines.join('\n'));
	await expect(page.getByRole('heading', { name: m.add_several({ count: 201 }) })).toBeFocused();
	await page.keyboard.press('ControlOrMeta+Enter');
	await expect(page.getByRole('row', { name: /TOKEN.000/i })).toBeVisible();
	await openPalette(page);
	await page.keyboard.type(m.dates_title());
	await page.keyboard.press('Enter');
	const more = page.getByRole('button', { name: m.dates_more() });
	await more.press('Enter');
	await expect(more).toHaveCount(0);
	await expect(page.getByRole('table').getByRole('link').last()).toBeFocused();
});

for (const { name, width, height, colorScheme } of FORMS) {
	test(`the dates of all keys at ${name}`, async ({ page }) => {
		await page.setViewportSize({ width, height });
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await register(page, newPerson());
		const openDates = async () => {
			await openPalette(page);
			await page.keyboard.type(m.dates_title());
			await expect(page.getByRole('dialog').getByRole('option', { selected: true })).toHaveText(
				m.dates_title()
			);
			await page.keyboard.press('Enter');
			await expect(page.getByRole('heading', { level: 1, name: m.dates_title() })).toBeVisible();
			await expectAccessible(page);
			const wide = await page.evaluate(() => {
				const { scrollWidth, clientWidth } = document.documentElement;
				return scrollWidth - clientWidth;
			});
			expect(wide).toBeLessThanOrEqual(0);
		};
		await openDates();
		await expect(page.getByText(m.dates_none())).toBeVisible();
		await picture(page, `${name}-dates-none`);
		await page.getByRole('link', { name: m.dates_to_wallet() }).click();
		for (const [key, days] of [
			['Past', -40],
			['Soon', 3],
			['Far', 300]
		] as const) {
			await addKey(page, key, `value of ${key}`);
			await expiresOn(page, dayIn(days));
			await page.keyboard.press('Escape');
		}
		await openDates();
		await expect(page.getByRole('img', { name: m.dates_label({ count: 2 }) })).toBeVisible();
		await expect(page.getByRole('table').getByRole('link')).toHaveText(['Past', 'Soon', 'Far']);
		await picture(page, `${name}-dates`);
		await page.getByRole('link', { name: 'Soon' }).press('Enter');
		await expect(page.getByRole('heading', { level: 2, name: 'Soon' })).toBeVisible();
	});
}
