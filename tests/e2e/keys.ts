/** Getting somewhere by the keyboard alone. */
import { expect, type Locator, type Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';

/** More than any screen has places where Tab stops. */
const STOPS = 60;

/** Goes on by Tab until `target` has focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
	for (let stop = 0; stop < STOPS; stop++) {
		if (await target.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press('Tab');
	}
	await expect(target).toBeFocused();
}

/** Goes there by Tab and presses Enter. */
export async function enter(page: Page, target: Locator): Promise<void> {
	await tabTo(page, target);
	await page.keyboard.press('Enter');
}

/** Goes there by Tab and types, in the place of what stood there. */
export async function type(page: Page, field: Locator, text: string): Promise<void> {
	await tabTo(page, field);
	await page.keyboard.press('ControlOrMeta+a');
	await page.keyboard.type(text);
}

/**
 * Presses keys as close together as fingers do, whatever else the machine is at: a word in a list of
 * choices, or the two letters that lead to a page, begin anew where a second lies between two of them.
 */
export async function quickly(page: Page, keys: Iterable<string>): Promise<void> {
	await Promise.all(Array.from(keys, (key) => page.keyboard.press(key)));
}

/** Opens the palette from wherever one is; focus is in its field then. */
export async function openPalette(page: Page): Promise<Locator> {
	// Another dialog, also one that is about to close, keeps its keys.
	await expect(page.getByRole('dialog')).toHaveCount(0);
	await page.keyboard.press('ControlOrMeta+k');
	const field = page.getByRole('combobox', { name: m.palette_title() });
	await expect(field).toBeFocused();
	return field;
}

/** Chooses from the menu that has just been opened, by its arrows. */
export async function chooseEntry(page: Page, name: string): Promise<void> {
	const entry = page.getByRole('menu').getByText(name, { exact: true });
	await expect(page.getByRole('menu')).toBeVisible();
	for (let step = 0; step < STOPS; step++) {
		if (await entry.evaluate((element) => element.closest('[role]') === document.activeElement)) {
			break;
		}
		await page.keyboard.press('ArrowDown');
	}
	await page.keyboard.press('Enter');
	await expect(page.getByRole('menu')).toBeHidden();
}
