/** A trash with more keys than a glance takes: searched, drawn in parts, brought back at once. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { misfits } from './boxes.ts';
import { expect, expectAccessible, paste, picture, test } from './fixtures.ts';
import { heldSeconds } from './held.ts';
import { newPerson, register } from './person.ts';

/** `count` keys, all of them in the trash, and the page that shows it. */
async function fullTrash(page: Page, count: number): Promise<void> {
	await register(page, newPerson());
	await expect(page.getByRole('link', { name: m.wallet_empty_paste() })).toBeFocused();
	const lines = Array.from({ length: count }, (_, at) => `KEY_${at}_TOKEN=value number ${at}`);
	await paste(page, lines.join('\n'));
	await expect(page.getByRole('heading', { name: m.add_several({ count }) })).toBeFocused();
	await page.keyboard.press('ControlOrMeta+Enter');
	await expect(page.getByRole('row', { name: /KEY_0_TOKEN/ })).toBeVisible();
	await page.getByRole('row', { name: /KEY_0_TOKEN/ }).focus();
	await page.keyboard.press('x');
	const bulk = page.getByRole('region', { name: m.bulk_label() });
	await bulk.getByRole('button', { name: m.bulk_all({ count }) }).click();
	await bulk.getByRole('button', { name: m.bulk_trash() }).click();
	await expect(page.getByText(m.wallet_empty_title())).toBeVisible();
	await page.getByRole('link', { name: m.nav_trash(), exact: true }).click();
	await expect(page.getByRole('heading', { level: 1, name: m.trash_title() })).toBeVisible();
}

test('what a search of the trash finds is brought back at once, and back again by Undo', async ({
	page
}) => {
	await fullTrash(page, 12);
	await expect(page.getByRole('rowheader')).toHaveCount(12);
	await expectAccessible(page);
	await picture(page, 'trash-many-1280');
	await page.setViewportSize({ width: 390, height: 844 });
	await expect.poll(() => misfits(page)).toEqual([]);
	await picture(page, 'trash-many-390');
	await page.setViewportSize({ width: 1280, height: 800 });
	await heldSeconds(page);

	await page.getByRole('searchbox', { name: m.trash_search() }).fill('KEY_1');
	// KEY_1, KEY_10 and KEY_11.
	await expect(page.getByRole('rowheader')).toHaveCount(3);
	await expect(page.getByRole('button', { name: m.trash_drop_all() })).toHaveCount(0);
	await page.getByRole('button', { name: m.trash_restore_all({ count: 3 }) }).click();
	await expect(page.getByRole('rowheader')).toHaveCount(9);
	await page.getByRole('button', { name: m.undo() }).click();
	await expect(page.getByRole('rowheader')).toHaveCount(12);
	await expect(page.getByText(m.trash_days_left({ count: 30 }))).toHaveCount(12);

	await page.getByRole('searchbox', { name: m.trash_search() }).fill('nowhere');
	await expect(page.getByText(m.wallet_found_none({ query: 'nowhere' }))).toBeVisible();
	await expectAccessible(page);
	await page.getByRole('button', { name: m.wallet_clear_search() }).click();
	await page.getByRole('button', { name: m.trash_restore_all({ count: 12 }) }).click();
	await expect(page.getByRole('heading', { name: m.trash_empty_title() })).toBeVisible();
	await page.getByRole('link', { name: m.nav_wallet(), exact: true }).click();
	await expect(page.getByRole('row', { name: /KEY_11_TOKEN/ })).toBeVisible();
});

test('a trash of more than a hundred keys is drawn in parts, and focus goes on where a part begins', async ({
	page
}) => {
	await fullTrash(page, 101);
	await expect(page.getByRole('rowheader')).toHaveCount(100);
	await page.getByRole('button', { name: m.dates_more() }).click();
	await expect(page.getByRole('rowheader')).toHaveCount(101);
	await expect(page.locator('[data-restore]').last()).toBeFocused();
});
