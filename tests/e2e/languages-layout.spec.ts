/**
 * The main screens in the language with the longest words, and in a made-up one that is read from the
 * right and longer still: no text runs out of its box or is cut. With pictures, in every language.
 */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { speak } from '#lib/i18n/language.ts';
import { LANGUAGES, type Language } from '#lib/i18n/languages.ts';
import { misfits, widened } from './boxes.ts';
import { expect, picture, test } from './fixtures.ts';
import { EVERY } from './forms.ts';
import { addKey, newPerson, register } from './person.ts';

/** `made`: the made-up language, which is English to begin with. */
type Wording = Language | 'made';

const WORDINGS: readonly Wording[] = EVERY ? [...LANGUAGES, 'made'] : ['de', 'made'];
interface Size {
	readonly width: number;
	readonly height: number;
}

/** In these sizes, or in all. */
type Look = (screen: string, sizes?: readonly Size[]) => Promise<void>;

const SIZES: readonly Size[] = [
	{ width: 390, height: 844 },
	{ width: 768, height: 1024 },
	// 200 % zoom of 1280 by 800.
	{ width: 640, height: 400 },
	{ width: 1280, height: 800 }
];

/** The list alone and beside an open key in the forms that its rows have, with their edges. */
const LIST_SIZES: readonly Size[] = [
	...SIZES,
	{ width: 320, height: 640 },
	{ width: 800, height: 600 },
	{ width: 838, height: 600 },
	{ width: 1080, height: 800 }
];

const DAY_MS = 86_400_000;

/** Keys whose dates take the longest words, with an environment and a project each. */
const TABLE = [
	'name,value,project,environment,expires',
	...[-700, -3, 12, 45, 400].map(
		(days) => `Key ${days},value of ${days},deployments,production,${dayIn(days)}`
	)
].join('\n');

function dayIn(days: number): string {
	return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

test.afterEach(async () => {
	await speak('en');
});

for (const wording of WORDINGS) {
	const language = wording === 'made' ? 'en' : wording;
	test.describe(`the screens in ${wording === 'made' ? 'a language from the right' : wording}`, () => {
		// With two pixels of the device to one of the page, half the size is what zooming makes of it.
		test.use({ locale: language, deviceScaleFactor: EVERY ? 2 : 1 });

		test('hold their texts', async ({ page }) => {
			await speak(language);
			await page.emulateMedia({ reducedMotion: 'reduce' });
			await walk(page, async (screen, sizes = SIZES) => {
				const restore = wording === 'made' ? await widened(page) : undefined;
				for (const size of sizes) {
					await page.setViewportSize(size);
					const name = `${wording}-${size.width}-${screen}`;
					// What floats finds its new place a moment after the page has its new size.
					await expect.poll(() => misfits(page), name).toEqual([]);
					await picture(page, name);
				}
				await restore?.();
			});
		});
	});
}

/** Past the main screens, calling `look` at each. */
async function walk(page: Page, look: Look): Promise<void> {
	const link = (name: string) => page.getByRole('link', { name, exact: true }).first();
	const title = (name: string) => page.getByRole('heading', { level: 1, name, exact: true });
	await page.goto('/');
	await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
	await look('home');
	await page.goto('/login');
	await page.getByRole('button', { name: m.unlock_button(), exact: true }).click();
	await look('unlock');
	await register(page, newPerson(), () => look('kit'));
	await look('wallet-empty');

	await addKey(page, 'OpenAI', `sk-proj-${'Ab3'.repeat(30)}`);
	await look('panel');
	await page.getByRole('button', { name: m.panel_edit() }).click();
	await expect(page.getByLabel(m.form_name(), { exact: true })).toHaveValue('OpenAI');
	await look('edit');
	await page.keyboard.press('Escape');
	await page.keyboard.press('Escape');
	await expect(page.getByLabel(m.form_name(), { exact: true })).toHaveCount(0);
	await look('wallet');
	await link(m.wallet_add()).click();
	await expect(page.getByLabel(m.form_value(), { exact: true })).toBeVisible();
	await look('add');

	await link(m.nav_settings()).click();
	await expect(title(m.settings_title())).toBeVisible();
	await look('settings');
	await link(m.nav_security()).click();
	await expect(title(m.nav_security())).toBeVisible();
	await look('security');
	await link(m.nav_activity()).click();
	await expect(title(m.activity_title())).toBeVisible();
	await look('activity');
	await link(m.nav_backup()).click();
	await expect(title(m.backup_title())).toBeVisible();
	await page.getByText(m.backup_make(), { exact: true }).click();
	await look('backup');
	await link(m.nav_trash()).click();
	await expect(title(m.trash_title())).toBeVisible();
	await look('trash');
	await page.setViewportSize({ width: 1280, height: 800 });
	await link(m.nav_import()).click();
	await page
		.locator('input[type=file]')
		.setInputFiles({ name: 'keys.csv', mimeType: 'text/csv', buffer: Buffer.from(TABLE) });
	await expect(page.getByRole('heading', { name: m.import_found({ count: 5 }) })).toBeVisible();
	await page.keyboard.press('ControlOrMeta+Enter');
	await expect(page.getByRole('heading', { name: m.import_done({ count: 5 }) })).toBeVisible();
	await link(m.nav_wallet()).click();
	await expect(page.getByRole('row', { name: 'Key -700' })).toBeVisible();
	await look('many', LIST_SIZES);
	await page.setViewportSize({ width: 1280, height: 800 });
	await page.getByRole('row', { name: 'Key -700' }).click();
	await expect(page.getByRole('button', { name: m.panel_copy() }).first()).toBeVisible();
	await look('many-panel', LIST_SIZES);
	// It has its place from when it was opened.
	for (const size of SIZES) {
		await page.setViewportSize(size);
		await page.getByRole('button', { name: m.account_menu() }).click();
		await expect(page.getByRole('menu')).toBeVisible();
		await look('menu', [size]);
		await page.keyboard.press('Escape');
	}
}
