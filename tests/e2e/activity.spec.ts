/** What happened, as the log tells it: whose word it is, filtered, by key, and how much on which day. */
import { readFileSync } from 'node:fs';
import { expect as expectValue, type Page } from '@playwright/test';
import { dayText } from '#lib/i18n/dates.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import { enter, quickly, tabTo, type } from './keys.ts';
import { addKey, newPerson, noted, register, unlock } from './person.ts';

const VALUE = `sk-proj-${'Ab3'.repeat(12)}`;

const FORMS = [
	{ name: '1280-light', width: 1280, height: 900, colorScheme: 'light' },
	{ name: '390-dark', width: 390, height: 844, colorScheme: 'dark' }
] as const;

for (const { name, width, height, colorScheme } of FORMS) {
	test(`the activity of an account and of a key, at ${name}`, async ({ page }, testInfo) => {
		await page.setViewportSize({ width, height });
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await register(page, newPerson());
		await addKey(page, 'OpenAI main', VALUE);
		// All of it is in the log before one looks there.
		await Promise.all([
			noted(page),
			page.getByRole('button', { name: m.panel_copy() }).first().click()
		]);
		await page.getByRole('button', { name: m.panel_reveal(), exact: true }).click();
		await expect(page.getByText(VALUE)).toBeVisible();
		const toKey = page.getByRole('link', { name: m.activity_of_key() });
		await expect(toKey).toBeVisible();
		await toKey.click();

		const lines = page.getByRole('table', { name: m.activity_title() });
		const line = (text: string) => lines.getByRole('row').filter({ hasText: text });
		const copied = m.act_read_copy({ name: 'OpenAI main' });
		await expect(line(copied)).toContainText(m.activity_seen());
		await expect(line(m.act_said_value({ name: 'OpenAI main' }))).toContainText(m.activity_said());
		await expect(line(m.act_read_reveal({ name: 'OpenAI main' }))).toHaveCount(1);
		await expect(line(m.act_account_made())).toHaveCount(0);

		await page.getByRole('button', { name: m.activity_clear() }).click();
		await expect(line(m.act_account_made())).toHaveCount(1);
		// The bar of this browser takes the room of a week that a phone has.
		const heat = width < 720 ? m.activity_heat_weeks({ weeks: '16' }) : m.activity_heat();
		await expect(page.getByRole('grid', { name: heat })).toBeVisible();
		await expectAccessible(page);
		await picture(page, `${name}-activity`);
		const sideways = await page.evaluate(
			() => document.documentElement.scrollWidth - document.documentElement.clientWidth
		);
		expectValue(sideways).toBeLessThanOrEqual(0);

		await page.getByRole('button', { name: m.activity_copied(), exact: true }).click();
		await expect(line(copied)).toHaveCount(1);
		await expect(line(m.act_account_made())).toHaveCount(0);
		await page.getByRole('button', { name: m.activity_refused(), exact: true }).click();
		await expect(page.getByRole('heading', { name: m.activity_none() })).toBeVisible();
		await page.getByRole('button', { name: m.activity_clear() }).click();
		await expect(line(m.act_account_made())).toHaveCount(1);
		await page.getByLabel(m.activity_until()).fill('2020-01-01');
		await expect(page.getByRole('heading', { name: m.activity_none() })).toBeVisible();
		await page.getByRole('button', { name: m.activity_clear() }).click();
		await expect(line(m.act_account_made())).toHaveCount(1);
		await page.getByLabel(m.activity_key(), { exact: true }).fill('OpenAI main');
		await page.keyboard.press('Tab');
		await expect(line(m.act_account_made())).toHaveCount(0);
		await expect(line(copied)).toHaveCount(1);

		const download = page.waitForEvent('download');
		await page.getByRole('button', { name: m.activity_download() }).click();
		const file = testInfo.outputPath('activity.json');
		await (await download).saveAs(file);
		const said = JSON.parse(readFileSync(file, 'utf8')) as { text: string; saidBy: string }[];
		expectValue(said).toContainEqual(
			expectValue.objectContaining({ text: copied, saidBy: 'server' })
		);
	});
}

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** The first page of the log ends after so many lines, as if there were a hundred before them. */
async function shortenFirstPage(page: Page, lines: number): Promise<void> {
	await page.route('**/api/v1/account/activity*', async (route) => {
		const response = await route.fetch();
		const reply = (await response.json()) as { readonly rows: readonly unknown[] };
		const isFirst = !new URL(route.request().url()).searchParams.has('before');
		const shown = isFirst ? { ...reply, rows: reply.rows.slice(0, lines), more: true } : reply;
		await route.fulfill({ response, json: shown });
	});
}

test('the log by device, by day and on to its beginning, by the keyboard alone', async ({
	page,
	browser,
	server
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'OpenAI main', 'value of openai');
	const context = await browser.newContext({ baseURL: server.origin, userAgent: FIREFOX });
	const elsewhere = await context.newPage();
	await elsewhere.goto('/login');
	await unlock(elsewhere, person);
	await context.close();

	// What is searched for in the wallet leaves out no key here.
	await page.keyboard.press('Escape');
	await expect(page.getByRole('row', { name: 'OpenAI main' })).toBeFocused();
	await page.keyboard.press('/');
	await page.keyboard.type('no key is called so');
	await expect(page.getByRole('row')).toHaveCount(0);
	await enter(page, page.getByRole('link', { name: m.nav_activity(), exact: true }));
	const lines = page.getByRole('table', { name: m.activity_title() });
	const line = (text: string) => lines.getByRole('row').filter({ hasText: text });
	await expect(line(m.act_account_made())).toHaveCount(1);
	await type(page, page.getByLabel(m.activity_key(), { exact: true }), 'OpenAI main');
	await page.keyboard.press('Tab');
	await expect(line(m.act_account_made())).toHaveCount(0);
	await enter(page, page.getByRole('button', { name: m.activity_clear() }));
	await expect(line(m.act_account_made())).toHaveCount(1);
	await tabTo(page, page.getByRole('combobox', { name: m.activity_device() }));
	await quickly(page, 'Firefox');
	await expect(line(m.act_account_made())).toHaveCount(0);
	await expect(line('Firefox on Linux')).not.toHaveCount(0);
	await expect(line('Chrom')).toHaveCount(0);
	await enter(page, page.getByRole('button', { name: m.activity_clear() }));
	await expect(line(m.act_account_made())).toHaveCount(1);

	const cells = page.getByRole('grid', { name: m.activity_heat() }).getByRole('gridcell');
	await expect(cells).toHaveCount(365);
	const today = dayText(new Date().toISOString().slice(0, 10), 'en-GB');
	const cell = page.getByRole('gridcell', { name: new RegExp(`^${today}: [1-9]`) });
	await enter(page, cell);
	await expect(page.getByRole('gridcell', { selected: true })).toHaveAccessibleName(
		new RegExp(`^${today}`)
	);
	await expect(page.getByRole('button', { name: m.activity_clear() })).toBeVisible();
	await expect(line(m.act_account_made())).toHaveCount(1);
	await page.keyboard.press('ArrowLeft');
	await page.keyboard.press('ArrowUp');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: m.activity_none() })).toBeVisible();
	await expect(page.getByLabel(m.activity_from())).toHaveValue(/^\d/);
	await enter(page, page.getByRole('button', { name: m.activity_clear() }));
	await enter(page, page.getByText(m.activity_heat_table(), { exact: true }));
	const table = page.getByRole('table', { name: m.activity_heat() });
	await expect(table.getByRole('row')).toHaveText([/./, new RegExp(today)]);

	await shortenFirstPage(page, 2);
	await enter(page, page.getByRole('link', { name: m.nav_wallet(), exact: true }));
	// Who turns back before that has never left.
	await expect(cells).toHaveCount(0);
	await enter(page, page.getByRole('link', { name: m.nav_activity(), exact: true }));
	const older = page.getByRole('button', { name: m.activity_more() });
	await expect(older).toBeVisible();
	await expect(line(m.act_account_made())).toHaveCount(0);
	await enter(page, older);
	await expect(line(m.act_account_made())).toHaveCount(1);
	await expect(older).toHaveCount(0);
	await expect(page.getByRole('heading', { name: m.activity_words_title() })).toBeFocused();
});
