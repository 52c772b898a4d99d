/** What the page does by itself when time passes; the browser's clock is moved, nobody waits. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { clipboardText, expect, test } from './fixtures.ts';
import { addKey, newPerson, register, unlock } from './person.ts';

const NAME = 'OpenAI, main';
const VALUE = `sk-proj-${'Ab3'.repeat(30)}`;

test('a value that is shown hides after 20 seconds', async ({ page }) => {
	await page.clock.install();
	await register(page, newPerson());
	await addKey(page, NAME, VALUE);
	await page.getByRole('button', { name: m.panel_reveal(), exact: true }).click();
	await expect(page.getByText(VALUE)).toBeVisible();
	await page.clock.runFor(21_000);
	await expect(page.getByText(VALUE)).toBeHidden();
});

test('after 30 seconds the clipboard is cleared at once where the last click is a moment ago', async ({
	page,
	context
}) => {
	await page.clock.install();
	await register(page, newPerson());
	await addKey(page, NAME, VALUE);
	await page.getByRole('button', { name: new RegExp(`^${m.panel_copy()}`) }).click();
	const toast = page.getByRole('group', { name: /OpenAI, main/ });
	await expect(toast).toBeVisible();
	expect(await clipboardText(context)).toBe(VALUE);
	await page.bringToFront();
	await page.clock.runFor(31_000);
	await expect(toast).toBeHidden();
	expect(await clipboardText(context)).not.toContain(VALUE);
});

test('where the browser wants a click or a key for it, the clipboard is cleared at the next', async ({
	page,
	context
}) => {
	await page.clock.install();
	await onlyAfterClicksAndKeys(page);
	await register(page, newPerson());
	await addKey(page, NAME, VALUE);
	await page.getByRole('button', { name: new RegExp(`^${m.panel_copy()}`) }).click();
	const toast = page.getByRole('group', { name: /OpenAI, main/ });
	await expect(toast).toBeVisible();
	await page.clock.runFor(31_000);
	await expect(toast).toContainText(m.copied_overdue());
	await page.keyboard.press('ArrowDown');
	await expect(toast).toBeHidden();
	expect(await clipboardText(context)).not.toContain(VALUE);
});

test('the vault locks when nobody was here for a while, and says why', async ({ page }) => {
	await page.clock.install();
	const person = newPerson();
	await register(page, person);
	await addKey(page, NAME, VALUE);
	await page.clock.runFor(10 * 60_000);
	await expect(page.getByRole('row', { name: NAME })).toBeVisible();
	await page.clock.runFor(6 * 60_000);
	await expect(page.getByText(m.unlock_locked_idle({ minutes: 15 }))).toBeVisible();
	await expect.poll(() => page.content()).not.toContain(NAME);
	await unlock(page, person);
	await expect(page.getByRole('row', { name: NAME })).toBeVisible();
});

test('the vault is locked after this machine was asleep', async ({ page }) => {
	await page.clock.install();
	await register(page, newPerson());
	await expect(page.getByText(/^Locks in /)).toBeVisible();
	await page.clock.fastForward(3 * 3_600_000);
	await expect(page.getByText(m.unlock_locked_slept())).toBeVisible();
});

/**
 * The clipboard as it is without a permission: written only for some seconds after a click or a key.
 * Playwright passes for a person at whatever it does on a page, so the browser's own rule never
 * holds in a test.
 */
async function onlyAfterClicksAndKeys(page: Page): Promise<void> {
	await page.addInitScript(() => {
		let wishedAt = Number.NEGATIVE_INFINITY;
		for (const type of ['pointerup', 'keydown']) {
			addEventListener(type, () => (wishedAt = Date.now()), { capture: true });
		}
		const write = navigator.clipboard.write.bind(navigator.clipboard);
		navigator.clipboard.write = async (items) => {
			if (Date.now() - wishedAt > 5_000) throw new DOMException('no wish', 'NotAllowedError');
			await write(items);
		};
	});
}
