/** Getting somewhere by the keyboard alone. */
import { expect, type Locator, type Page } from '@playwright/test';

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
