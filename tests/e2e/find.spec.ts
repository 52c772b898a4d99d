/** Finding keys, doing something to several, and asking whether a value is one of them. */
import type { Locator, Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, paste, picture, test } from './fixtures.ts';
import { tabTo } from './keys.ts';
import { newPerson, register } from './person.ts';

/** Put together at run time: the repository holds nothing that looks like a key. */
const STRIPE = ['sk', 'live', 'a1B2'.repeat(8)].join('_');
const GITHUB = ['ghp', 'c3D4'.repeat(9)].join('_');
const LINES = [
	`STRIPE_SECRET_KEY=${STRIPE}`,
	`GITHUB_TOKEN=${GITHUB}`,
	'SHOP_DATABASE=one-value-of-mine',
	'SHOP_CACHE=another-value-of-mine'
].join('\n');

function row(page: Page, name: string): Locator {
	return page.getByRole('row', { name: new RegExp(name) });
}

function search(page: Page): Locator {
	return page.getByRole('searchbox');
}

async function walletOfFour(page: Page): Promise<void> {
	await register(page, newPerson());
	await paste(page, LINES);
	await page.getByRole('button', { name: m.add_keep_several({ count: 4 }) }).click();
	await expect(row(page, 'SHOP_CACHE')).toBeVisible();
}

test.describe('the search', () => {
	test('forgives a slip, and marks what it found', async ({ page }) => {
		await walletOfFour(page);
		await search(page).fill('strpe');
		await expect(row(page, 'Stripe live')).toBeVisible();
		await expect(row(page, 'GitHub')).toBeHidden();
		await expect(row(page, 'Stripe live').locator('mark').first()).toBeVisible();
	});

	test('shows beside the name what else it found', async ({ page }) => {
		await walletOfFour(page);
		await search(page).fill('secret_key');
		await expect(row(page, 'Stripe live')).toContainText('STRIPE_SECRET_KEY');
		await expect(row(page, 'Stripe live').locator('mark')).toHaveText('SECRET_KEY');
		await picture(page, 'find-1280');
	});

	test('says yes to a value that is here, keeps it nowhere, and leads to its key', async ({
		page
	}) => {
		await walletOfFour(page);
		await search(page).focus();
		await paste(page, STRIPE);
		await expect(page.getByText(m.mine_yes({ name: 'Stripe live' }))).toBeVisible();
		await expect(search(page)).toHaveValue('');
		expect(page.url()).not.toContain('sk');
		await expectAccessible(page);
		await picture(page, 'find-mine-1280');
		await page.getByRole('link', { name: m.mine_open() }).click();
		await expect(page.getByRole('heading', { name: 'Stripe live' })).toBeVisible();
		expect(await page.evaluate(() => JSON.stringify(history.state))).not.toContain(STRIPE);
	});

	test('says no to a value that nobody has, and searches for words that were pasted', async ({
		page
	}) => {
		await walletOfFour(page);
		await search(page).focus();
		await paste(page, ['sk', 'live', 'Z9y8'.repeat(8)].join('_'));
		await expect(page.getByText(m.mine_no())).toBeVisible();
		await expect(search(page)).toHaveValue('');
		await page.getByRole('button', { name: m.mine_close() }).click();
		await expect(page.getByText(m.mine_no())).toBeHidden();
		await search(page).focus();
		await paste(page, 'github');
		await expect(search(page)).toHaveValue('github');
		await expect(row(page, 'Stripe live')).toBeHidden();
	});
});

for (const { width, scheme } of [
	{ width: 1280, scheme: 'light' },
	{ width: 390, scheme: 'dark' }
] as const) {
	test(`filters, groups and views at ${width} px`, async ({ page }) => {
		await page.setViewportSize({ width, height: 800 });
		await page.emulateMedia({ colorScheme: scheme });
		await walletOfFour(page);
		const more = page.getByRole('button', { name: m.filter_more(), exact: true });
		if (width < 760) await more.click();
		await page.getByRole('combobox', { name: m.filter_group() }).selectOption('provider');
		await page.getByRole('combobox', { name: m.filter_provider() }).selectOption('stripe');
		await expect(row(page, 'GitHub')).toBeHidden();
		await expect(row(page, 'Stripe live')).toBeVisible();
		await page.getByRole('button', { name: m.views_button() }).click();
		await page.getByLabel(m.views_name()).fill('Payments');
		await expectAccessible(page);
		await picture(page, `views-${width}`);
		await page.getByRole('button', { name: m.views_keep() }).click();
		await expect(page.getByRole('dialog')).toBeHidden();
		await page.getByRole('button', { name: 'Stripe', exact: true }).click();
		await expect(row(page, 'GitHub').first()).toBeVisible();
		await expectAccessible(page);
		await picture(page, `filters-${width}`);
		await page.getByRole('button', { name: m.views_button() }).click();
		await page.getByRole('button', { name: 'Payments', exact: true }).click();
		await expect(row(page, 'GitHub')).toBeHidden();
		const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
		expect(overflow).toBeLessThanOrEqual(0);
	});
}

test('a filter that leaves nothing says so and leads back', async ({ page }) => {
	await walletOfFour(page);
	await page.getByRole('combobox', { name: m.filter_provider() }).selectOption('stripe');
	await search(page).fill('shop');
	await expect(page.getByText(m.filter_none_text())).toBeVisible();
	await page.getByRole('button', { name: m.filter_clear() }).click();
	await expect(row(page, 'SHOP_CACHE')).toBeVisible();
});

test('several keys are tagged, archived and put into the trash by the keyboard alone, each with Undo', async ({
	page
}) => {
	await walletOfFour(page);
	await page.keyboard.press('Escape');
	await search(page).focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Home');
	await expect(row(page, 'GitHub')).toBeFocused();
	await page.keyboard.press('x');
	await page.keyboard.press('Shift+ArrowDown');
	await page.keyboard.press('Shift+ArrowDown');
	const bar = page.getByRole('region', { name: m.bulk_label() });
	await expect(bar).toContainText(m.bulk_marked({ keys: m.keys_count({ count: 3 }) }));
	await expectAccessible(page);
	await picture(page, 'bulk-1280');
	await tabTo(page, bar.getByRole('button', { name: m.bulk_tag() }));
	await page.keyboard.press('Enter');
	await expect(page.getByLabel(m.bulk_tag_label())).toBeFocused();
	await page.keyboard.type('shop');
	await page.keyboard.press('Enter');
	const tagged = m.bulk_tagged_toast({ name: m.keys_count({ count: 3 }) });
	await expect(page.getByRole('group', { name: tagged })).toBeVisible();
	await expect(bar).toBeHidden();
	await expect(row(page, 'SHOP_DATABASE')).toBeFocused();
	await page.keyboard.press('z');
	await expect(page.getByRole('group', { name: tagged })).toBeHidden();

	await page.keyboard.press('x');
	await page.keyboard.press('Shift+ArrowUp');
	await tabTo(page, bar.getByRole('button', { name: m.bulk_trash() }));
	await page.keyboard.press('Enter');
	await expect(row(page, 'SHOP_CACHE')).toBeHidden();
	await expect(row(page, 'SHOP_DATABASE')).toBeHidden();
	await page.keyboard.press('z');
	await expect(row(page, 'SHOP_CACHE')).toBeVisible();
	await expect(row(page, 'SHOP_DATABASE')).toBeVisible();
});

test('marks are taken back by Escape', async ({ page }) => {
	await walletOfFour(page);
	await row(page, 'GitHub').getByRole('checkbox').check({ force: true });
	await expect(page.getByRole('region', { name: m.bulk_label() })).toBeVisible();
	await row(page, 'GitHub').focus();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('region', { name: m.bulk_label() })).toBeHidden();
});
