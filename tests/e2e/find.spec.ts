/** Finding keys, doing something to several, and asking whether a value is one of them. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { parse } from 'dotenv';
import * as m from '#lib/i18n/generated/messages.js';
import { drawn, misfits } from './boxes.ts';
import { expect, expectAccessible, paste, picture, test } from './fixtures.ts';
import { held, heldSeconds } from './held.ts';
import { enter, quickly, tabTo } from './keys.ts';
import { newPerson, register, type Person } from './person.ts';

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

async function walletOfFour(page: Page): Promise<Person> {
	const person = newPerson();
	await register(page, person);
	await paste(page, LINES);
	await page.getByRole('button', { name: m.add_keep_several({ count: 4 }) }).click();
	await expect(row(page, 'SHOP_CACHE')).toBeVisible();
	return person;
}

test.describe('the search', () => {
	test('forgives a slip, and marks what it found', async ({ page }) => {
		await walletOfFour(page);
		await search(page).fill('strpe');
		await expect(row(page, 'Stripe live')).toBeVisible();
		await expect(row(page, 'GitHub')).toBeHidden();
		await expect(row(page, 'Stripe live').locator('mark').first()).toBeVisible();
		await search(page).fill('stripe livexyz');
		await expect(page.getByText(m.wallet_found_none_text())).toBeVisible();
		await expectAccessible(page);
		await picture(page, 'find-nearest');
		await page.getByRole('link', { name: m.wallet_nearest({ name: 'Stripe live' }) }).click();
		const title = page.getByRole('heading', { level: 2, name: 'Stripe live', exact: true });
		await expect(title).toBeVisible();
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
		// By the keyboard alone.
		await expect(page.getByRole('row').and(page.locator(':focus'))).toHaveCount(1);
		await page.keyboard.press('/');
		await expect(search(page)).toBeFocused();
		await paste(page, STRIPE);
		await expect(page.getByText(m.mine_yes({ name: 'Stripe live' }))).toBeVisible();
		await expect(search(page)).toHaveValue('');
		expect(page.url()).not.toContain('sk');
		await expectAccessible(page);
		await picture(page, 'find-mine-1280');
		await enter(page, page.getByRole('link', { name: m.mine_open() }));
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

/** The heads of the groups, each with how many keys it says it has. */
function heads(page: Page): Locator {
	return page.getByRole('grid', { name: m.wallet_list() }).locator('p.group');
}

for (const { width, scheme } of [
	{ width: 1280, scheme: 'light' },
	{ width: 390, scheme: 'dark' }
] as const) {
	test(`filters, groups and views at ${width} px, by the keyboard alone`, async ({ page }) => {
		await page.setViewportSize({ width, height: 800 });
		await page.emulateMedia({ colorScheme: scheme });
		await walletOfFour(page);
		const more = page.getByRole('button', { name: m.filter_more(), exact: true });
		if (width < 760) await enter(page, more);
		const group = page.getByRole('combobox', { name: m.filter_group() });
		const views = page.getByRole('button', { name: m.views_button() });
		// Also what is only searched for can be kept, before there is any view.
		await expect(views).toBeVisible();
		await tabTo(page, group);
		await quickly(page, m.group_provider());
		await expect(heads(page)).toHaveText([/^GitHub\s+1$/, /^Stripe\s+1$/, /^None given\s+2$/]);
		await tabTo(page, page.getByRole('combobox', { name: m.filter_provider() }));
		await quickly(page, 'Stripe');
		await expect(heads(page)).toHaveText([/^Stripe\s+1$/]);
		await expect(row(page, 'Stripe live')).toBeVisible();

		await enter(page, views);
		await expect(page.getByLabel(m.views_name())).toBeFocused();
		await page.keyboard.type('Payments');
		await expectAccessible(page);
		await picture(page, `views-${width}`);
		await page.keyboard.press('Enter');
		await expect(page.getByRole('dialog')).toBeHidden();
		await expect(views).toBeFocused();

		await enter(page, page.getByRole('button', { name: 'Stripe', exact: true }));
		await expect(heads(page)).toHaveCount(3);
		const filters = page.getByRole('group', { name: m.filter_label() });
		await expect(filters.locator(':focus')).toHaveCount(1);
		await tabTo(page, group);
		await quickly(page, m.group_none());
		await expect(heads(page)).toHaveCount(0);
		await expectAccessible(page);
		await picture(page, `filters-${width}`);
		await enter(page, views);
		await enter(page, page.getByRole('button', { name: 'Payments', exact: true }));
		await expect(heads(page)).toHaveText([/^Stripe\s+1$/]);
		await expect(views).toBeFocused();
		await expect.poll(() => misfits(page)).toEqual([]);

		await enter(page, page.getByRole('button', { name: 'Stripe', exact: true }));
		await tabTo(page, group);
		await quickly(page, m.group_none());
		await enter(page, views);
		const drop = page.getByRole('button', { name: m.views_drop_name({ name: 'Payments' }) });
		const kept = page.getByRole('button', { name: 'Payments', exact: true });
		await enter(page, drop);
		await expect(kept).toHaveCount(0);
		await expect(page.getByRole('dialog').getByRole('button', { name: m.undo() })).toBeFocused();
		await page.keyboard.press('Enter');
		await expect(kept).toBeVisible();
		await expect(page.getByLabel(m.views_name())).toBeFocused();
		await enter(page, drop);
		await expect(kept).toHaveCount(0);
		await expectAccessible(page);
		await page.keyboard.press('Escape');
		await expect(views).toBeFocused();
	});
}

test('Escape after a search leaves the focus where it is seen', async ({ page }) => {
	await page.setViewportSize({ width: 1280, height: 300 });
	await walletOfFour(page);
	await search(page).fill('stripe');
	await expect(page.getByRole('row')).toHaveCount(1);
	await search(page).press('ArrowDown');
	await expect(row(page, 'Stripe live')).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(search(page)).toHaveValue('');
	await expect(row(page, 'Stripe live')).toBeFocused();
	await expect(row(page, 'Stripe live')).toBeInViewport({ ratio: 1 });

	await test.step('also where what had it is gone', async () => {
		await search(page).fill('zzzz');
		const clear = page.getByRole('button', { name: m.wallet_clear_search(), exact: true }).last();
		await tabTo(page, clear);
		await page.keyboard.press('Escape');
		await expect(page.locator('[role=row]:focus')).toHaveCount(1);
	});
});

test('what is typed while the views are loaded stands in their field', async ({ page }) => {
	await walletOfFour(page);
	const views = page.getByRole('button', { name: m.views_button() });
	await tabTo(page, views);
	const answer = await held(page, '**/*.js');
	await page.keyboard.press('Enter');
	await page.keyboard.type('New ');
	answer();
	await expect(page.getByLabel(m.views_name())).toBeFocused();
	await page.keyboard.type('ones');
	await expect(page.getByLabel(m.views_name())).toHaveValue('New ones');
});

test('Undo of a view says that the server is out of reach, and is offered again', async ({
	page,
	context,
	expectedErrors
}) => {
	expectedErrors.push(/ERR_INTERNET_DISCONNECTED/);
	await walletOfFour(page);
	await page.getByRole('button', { name: m.views_button() }).click();
	await page.getByLabel(m.views_name()).fill('Payments');
	await page.keyboard.press('Enter');
	await heldSeconds(page);
	await page.getByRole('button', { name: m.views_button() }).click();
	await page.getByRole('button', { name: m.views_drop_name({ name: 'Payments' }) }).click();
	const undo = page.getByRole('dialog').getByRole('button', { name: m.undo() });
	await expect(undo).toBeFocused();
	await context.setOffline(true);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('alert')).toHaveText(m.fault_offline());
	await picture(page, 'views-offline');
	await context.setOffline(false);
	await undo.click();
	await expect(page.getByRole('button', { name: 'Payments', exact: true })).toBeVisible();
	await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a filter that leaves nothing says so and leads back', async ({ page }) => {
	await walletOfFour(page);
	await page.getByRole('combobox', { name: m.filter_provider() }).selectOption('stripe');
	await search(page).fill('shop');
	await expect(page.getByText(m.filter_none_text())).toBeVisible();
	await page.getByRole('button', { name: m.filter_clear() }).click();
	await expect(row(page, 'SHOP_CACHE')).toBeVisible();
	await page.getByRole('combobox', { name: m.filter_provider() }).selectOption('stripe');
	await expect(row(page, 'SHOP_CACHE')).toBeHidden();
	await page.keyboard.press('Escape');
	await expect(row(page, 'SHOP_CACHE')).toBeVisible();
});

test.describe('several keys, by the keyboard alone', () => {
	const bar = (page: Page) => page.getByRole('region', { name: m.bulk_label() });
	const two = m.keys_count({ count: 2 });
	let person: Person;

	/** Marks the first keys of the list, and goes to what is done to them. */
	async function mark(page: Page, count: number, act: string): Promise<void> {
		await page.keyboard.press('Home');
		await expect(row(page, 'GitHub')).toBeFocused();
		await page.keyboard.press('x');
		for (let more = 1; more < count; more++) await page.keyboard.press('Shift+ArrowDown');
		const said = m.bulk_marked({ keys: m.keys_count({ count }) });
		await expect(bar(page)).toContainText(said);
		await tabTo(page, bar(page).getByRole('button', { name: act, exact: true }));
	}

	/** How many are found by a word; none is searched for afterwards, and focus is in the list. */
	async function expectFound(page: Page, word: string, count: number): Promise<void> {
		await page.keyboard.press('/');
		await page.keyboard.type(word);
		await expect(page.getByRole('row')).toHaveCount(count);
		await page.keyboard.press('Escape');
		await page.keyboard.press('ArrowDown');
		await expect(page.getByRole('row', { selected: false }).first()).toBeVisible();
	}

	/** Takes back what the toast of this name says. */
	async function undo(page: Page, said: string): Promise<void> {
		const toast = page.getByRole('group', { name: said });
		await expect(toast).toBeVisible();
		await page.keyboard.press('z');
		await expect(toast).toBeHidden();
	}

	test.beforeEach(async ({ page }) => {
		person = await walletOfFour(page);
		await heldSeconds(page);
		await tabTo(page, search(page));
		await page.keyboard.press('ArrowDown');
	});

	test('are tagged, archived and put into the trash, each with Undo', async ({ page }) => {
		await mark(page, 3, m.bulk_tag());
		await expectAccessible(page);
		await picture(page, 'bulk-1280');
		await page.keyboard.press('Enter');
		await expect(page.getByLabel(m.bulk_tag_label())).toBeFocused();
		await page.keyboard.type('payroll');
		await page.keyboard.press('Enter');
		await expect(bar(page)).toBeHidden();
		await expect(row(page, 'SHOP_DATABASE')).toBeFocused();
		await expectFound(page, 'payroll', 3);
		await undo(page, m.bulk_tagged_toast({ name: m.keys_count({ count: 3 }) }));
		await expectFound(page, 'payroll', 0);

		await mark(page, 2, m.bulk_archive());
		await page.keyboard.press('Enter');
		const archived = page.getByRole('button', { name: `${m.wallet_group_archived()} 2` });
		await expect(archived).toBeVisible();
		await expect(page.getByRole('row')).toHaveText([
			/^Not archived\s+2$/,
			/SHOP_DATABASE/,
			/Stripe live/,
			/^Archived\s+2$/,
			/GitHub.*archived/,
			/SHOP_CACHE.*archived/
		]);
		await undo(page, m.bulk_archived_toast({ name: two }));
		await expect(archived).toHaveCount(0);
		await expect(page.getByRole('row')).toHaveCount(4);

		await mark(page, 2, m.bulk_trash());
		await page.keyboard.press('Enter');
		await expect(page.getByRole('row')).toHaveText([/SHOP_DATABASE/, /Stripe live/]);
		await undo(page, m.wallet_trashed({ name: two }));
		await expect(page.getByRole('row')).toHaveCount(4);

		// The letter means what is marked, too.
		await page.keyboard.press('Home');
		await expect(row(page, 'GitHub')).toBeFocused();
		await page.keyboard.press('x');
		await page.keyboard.press('Shift+ArrowDown');
		await page.keyboard.press('#');
		await expect(page.getByRole('row')).toHaveText([/SHOP_DATABASE/, /Stripe live/]);
		await expect(bar(page)).toHaveCount(0);
		await undo(page, m.wallet_trashed({ name: two }));
		await expect(page.getByRole('row')).toHaveCount(4);
	});

	test('have a bar in which the focus stays, and to which F6 leads and from it', async ({
		page
	}) => {
		await mark(page, 1, m.bulk_tag());
		const tag = page.getByRole('button', { name: m.bulk_tag(), exact: true });
		const field = page.getByLabel(m.bulk_tag_label());
		await page.keyboard.press('Enter');
		await expect(field).toBeFocused();
		await page.keyboard.press('Escape');
		await expect(tag).toBeFocused();
		await page.keyboard.press('Enter');
		await expect(field).toBeFocused();
		await enter(page, page.getByRole('button', { name: m.form_cancel(), exact: true }));
		await expect(tag).toBeFocused();
		await enter(page, page.getByRole('button', { name: m.bulk_all({ count: 4 }) }));
		await expect(tag).toBeFocused();
		await page.keyboard.press('F6');
		await expect(page.locator('[data-region=status] :focus')).toHaveCount(1);
		await page.keyboard.press('F6');
		await expect(page.locator('[role=row]:focus')).toHaveCount(1);
		await page.keyboard.press('F6');
		await expect(tag).toBeFocused();
	});

	test('leave as a file that holds them and no other', async ({ page }) => {
		await mark(page, 2, m.bulk_export());
		await page.keyboard.press('Enter');
		await expect(page.getByText(m.plain_chosen({ count: 2 }))).toBeVisible();
		await tabTo(page, page.getByLabel(m.backup_password()));
		await page.keyboard.type(person.password);
		const download = page.waitForEvent('download');
		await page.keyboard.press('Enter');
		const values = parse(readFileSync(await (await download).path(), 'utf8'));
		expect(values).toEqual({ GITHUB_TOKEN: GITHUB, SHOP_CACHE: 'another-value-of-mine' });
	});
});

test('marks are taken back by Escape', async ({ page }) => {
	await walletOfFour(page);
	await row(page, 'GitHub').press('x');
	await expect(page.getByRole('region', { name: m.bulk_label() })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('region', { name: m.bulk_label() })).toBeHidden();
});

test('nothing moves as a key opens, and a toast stands above what is done to marked keys', async ({
	page
}) => {
	await walletOfFour(page);
	await page.getByRole('link', { name: m.wallet_add(), exact: true }).click();
	for (const [label, text] of [
		[m.form_name(), 'Whole'],
		[m.form_value(), 'whole-value'],
		[m.form_project(), 'shop'],
		[m.form_environment(), 'production'],
		[m.form_tags(), 'payroll']
	] as const) {
		await page.getByLabel(label, { exact: true }).fill(text);
	}
	await page.keyboard.press('ControlOrMeta+Enter');
	await expect(page.getByRole('heading', { name: 'Whole' })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(row(page, 'Whole')).toBeFocused();
	const bulk = page.getByRole('region', { name: m.bulk_label() });
	await row(page, 'SHOP_CACHE').press('x');
	await bulk.getByRole('button', { name: m.bulk_archive() }).click();
	await expect(page.getByRole('button', { name: `${m.wallet_group_archived()} 1` })).toBeVisible();
	await page.setViewportSize({ width: 1240, height: 800 });
	await page.getByRole('combobox', { name: m.filter_environment() }).selectOption('production');
	await page.getByRole('combobox', { name: m.filter_group() }).selectOption('environment');

	const whole = row(page, 'Whole');
	const more = page.getByRole('button', { name: m.filter_more(), exact: true });
	await expect(heads(page)).toHaveText([/^production\s+2$/]);
	await expect(more).toHaveCount(0);
	await page.evaluate(drawn);
	const before = await whole.boundingBox();
	await whole.click();
	await expect(page.getByRole('heading', { name: 'Whole' })).toBeVisible();
	await expect(more).toBeVisible();
	await page.evaluate(drawn);
	expect((await whole.boundingBox())?.y).toBe(before?.y);
	await page.getByRole('button', { name: 'production', exact: true }).click();
	await expect(page.getByRole('group', { name: m.filter_label() }).locator(':focus')).toHaveCount(
		1
	);

	await page.setViewportSize({ width: 390, height: 844 });
	await page.keyboard.press('Escape');
	// It covered the list, and may go by a step back in the history.
	await expect(whole).toBeFocused();
	await page.keyboard.press('x');
	await expect(bulk).toBeVisible();
	await page.keyboard.press('c');
	const toast = page.locator('[data-region=toast]').filter({ hasText: 'Whole' });
	await expect(toast).toBeVisible();
	await bulk.getByRole('button', { name: m.bulk_none() }).click();
	await expect(bulk).toBeHidden();
});
