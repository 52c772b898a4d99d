/** Keys as nobody would name them, and values as nobody would make them: nothing breaks or is lost. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { clipboardText, expect, test } from './fixtures.ts';
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
	});
}

test('a value that is too large is refused in a sentence, and what was typed stays', async ({
	page
}) => {
	await register(page, newPerson());
	await openForm(page);
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
