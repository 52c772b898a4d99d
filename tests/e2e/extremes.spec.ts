/** Keys as nobody would name them, and values as nobody would make them: nothing breaks or is lost. */
import type { Page } from '@playwright/test';
import { shortQuery } from '#lib/browser/search-marks.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { clipboardText, expect, paste, test } from './fixtures.ts';
import { addKey, newPerson, register } from './person.ts';

async function fill(page: Page, label: string, text: string): Promise<void> {
	await page.getByLabel(label, { exact: true }).fill(text);
}

async function openForm(page: Page): Promise<void> {
	await page
		.getByRole('link', { name: new RegExp(`^(${m.wallet_empty_type()}|${m.wallet_add()})$`) })
		.first()
		.click();
}

async function keep(page: Page): Promise<void> {
	await page.getByRole('button', { name: m.form_keep() }).click();
}

for (const width of [1280, 390]) {
	test(`a name, project and environment without an end leave the panel whole at ${width} px`, async ({
		page
	}) => {
		await page.setViewportSize({ width, height: 800 });
		await register(page, newPerson());
		await openForm(page);
		const endless = 'N'.repeat(10_000);
		await fill(page, m.form_name(), endless);
		await fill(page, m.form_value(), 'value-1');
		await fill(page, m.form_project(), 'p'.repeat(90));
		await fill(page, m.form_environment(), 'e'.repeat(90));
		await keep(page);
		await expect(page.getByRole('alert')).toContainText(/10,\d{3} bytes/);
		await expect(page.getByLabel(m.form_name(), { exact: true })).toHaveValue(endless);
		await fill(page, m.form_name(), 'N'.repeat(3_000));
		await keep(page);
		for (const name of [m.panel_edit(), m.panel_copy(), m.panel_reveal()]) {
			const button = page.getByRole('button', { name: new RegExp(`^${name}`) });
			await expect(button).toBeInViewport({ ratio: 1 });
		}
		const title = page.getByRole('heading', { level: 2, name: /^N+$/ });
		const lines = await title.evaluate(
			(box) => box.getBoundingClientRect().height / parseFloat(getComputedStyle(box).lineHeight)
		);
		expect(lines).toBeCloseTo(4, 1);
		await expect(title).toHaveAttribute('title', 'N'.repeat(3_000));
	});
}

test('a value that is too large is refused in a sentence, and what was typed or pasted stays', async ({
	page
}) => {
	await register(page, newPerson());
	await openForm(page);
	await test.step('a megabyte, pasted into the box for it', async () => {
		const megabyte = 'x'.repeat(1_000_000);
		await page.getByLabel(m.add_paste_label(), { exact: true }).focus();
		await paste(page, megabyte);
		const name = page.getByLabel(m.form_name(), { exact: true });
		await expect(name).toBeFocused();
		await page.keyboard.type('Pasted');
		await page.keyboard.press('ControlOrMeta+Enter');
		await expect(page.getByRole('alert')).toContainText(/1,000,\d{3} bytes/);
		await expect(page.getByRole('alert')).toBeInViewport({ ratio: 1 });
		await expect(name).toHaveValue('Pasted');
		await expect(page.getByLabel(m.form_value(), { exact: true })).toHaveValue(megabyte);
	});
	await test.step('what was said goes with the form', async () => {
		await page.getByRole('button', { name: m.form_cancel(), exact: true }).click();
		await expect(page.getByRole('link', { name: m.wallet_empty_type() })).toBeVisible();
		await expect(page.getByRole('alert')).toHaveCount(0);
		await openForm(page);
	});
	const value = 'x'.repeat(200_000);
	await fill(page, m.form_name(), 'A file');
	await fill(page, m.form_value(), value);
	await keep(page);
	await expect(page.getByRole('alert')).toContainText(/200,\d{3} bytes/);
	await expect(page.getByLabel(m.form_name(), { exact: true })).toHaveValue('A file');
	await expect(page.getByLabel(m.form_value(), { exact: true })).toHaveValue(value);
	await fill(page, m.form_value(), 'x'.repeat(60_000));
	await keep(page);
	await page.waitForURL('**/wallet#key=*');

	await test.step('a megabyte, pasted into the search: as a value, and as words', async () => {
		const search = page.getByRole('searchbox');
		await search.focus();
		await paste(page, 'aB3dE6gH9k'.repeat(100_000));
		await expect(page.getByText(m.mine_no())).toBeVisible();
		await expect(search).toHaveValue('');
		await search.focus();
		const words = 'some words '.repeat(90_000);
		await paste(page, words);
		const shown = shortQuery(words);
		await expect(page.getByText(m.wallet_found_none({ query: shown })).first()).toBeVisible();
		await search.press('Escape');
		await expect(page.getByRole('row', { name: /A file/ })).toBeVisible();
	});
});

for (const { what, value } of [
	{ what: 'right-to-left letters', value: 'مفتاح-sk-123' },
	{ what: 'lines of its own', value: '-----BEGIN KEY-----\nQUJD\n-----END KEY-----\n' },
	{ what: 'spaces at both ends', value: '  between spaces  ' },
	{ what: 'signs beyond 16 bits', value: '\u{1F511}\u{10FFFD}' },
	{ what: 'markup', value: '<img src=x onerror=alert(1)>' }
]) {
	test(`a value with ${what} is copied as it was typed`, async ({ page, context }) => {
		await register(page, newPerson());
		await addKey(page, `Key with ${what}`, value);
		await page.getByRole('button', { name: new RegExp(`^${m.panel_copy()}`) }).click();
		await expect(page.getByRole('group', { name: /Key with/ })).toBeVisible();
		expect(await clipboardText(context)).toBe(value);
	});
}
