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
