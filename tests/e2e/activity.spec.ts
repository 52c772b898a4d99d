/** What happened, as the log tells it: whose word it is, filtered, by key, and how much on which day. */
import { readFileSync } from 'node:fs';
import { expect as expectValue } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import { addKey, newPerson, register } from './person.ts';

const FORMS = [
	{ name: '1280-light', width: 1280, height: 900, colorScheme: 'light' },
	{ name: '390-dark', width: 390, height: 844, colorScheme: 'dark' }
] as const;

for (const { name, width, height, colorScheme } of FORMS) {
	test(`the activity of an account and of a key, at ${name}`, async ({ page }, testInfo) => {
		await page.setViewportSize({ width, height });
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await register(page, newPerson());
		await addKey(page, 'OpenAI main', `sk-proj-${'Ab3'.repeat(12)}`);
		await page.getByRole('button', { name: m.panel_copy() }).first().click();
		await page.getByRole('button', { name: m.panel_reveal(), exact: true }).click();
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
		await expect(page.getByRole('img', { name: m.activity_heat() })).toBeVisible();
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
		await page.getByLabel(m.activity_until()).fill('2020-01-01');
		await expect(page.getByRole('heading', { name: m.activity_none() })).toBeVisible();
		await page.getByRole('button', { name: m.activity_clear() }).click();
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
