/**
 * The main screens in the language with the longest words, and in a made-up one that is read from the
 * right and longer still: no text runs out of its box or is cut. With pictures, in every language.
 */
import type { Locator, Page } from '@playwright/test';
import { writeContent, type BackupKey } from '#lib/backup/content.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { speak } from '#lib/i18n/language.ts';
import { expect, test } from './fixtures.ts';
import { EVERY } from './forms.ts';
import { openPalette } from './keys.ts';
import { LIST_SIZES, lookAt, NARROWEST, OWN_SIZES, SIZES, WORDINGS, type Look } from './looks.ts';
import { addKey, newPerson, register } from './person.ts';

const DAY_MS = 86_400_000;

/** Keys whose dates take the longest words, with an environment and a project each. */
const TABLE = [
	'name,value,project,environment,expires',
	...[-700, -3, 12, 45, 400].map(
		(days) => `Key ${days},value of ${days},deployments,production,${dayIn(days)}`
	),
	// It meets a key that is here; the one below it is not taken.
	`OpenAI,another value,deployments,production,`,
	'Empty,,deployments,production,'
].join('\n');

/** Pasted at once: names and values without a place to break, and what stands there twice. */
const LINES = [
	`${'NAME_OF_A_SERVICE_'.repeat(4)}KEY=${'Ab3'.repeat(30)}`,
	'ANOTHER=value of OpenAI',
	'TWICE=value of OpenAI'
].join('\n');

const VAULT = 'The deployments of the whole company, and theirs';

/** A plain export: of a key that is here in another form, and of one that is not. */
const EXPORT = writeContent({
	v: 1,
	madeAt: Date.now() - 40 * DAY_MS,
	vaults: [
		{ name: 'Personal', keys: [exported('OpenAI'), exported('Stripe')] },
		{ name: 'The deployments of the whole company', keys: [exported('Twilio')] }
	]
});

function exported(name: string): BackupKey {
	return {
		overview: {
			v: 1,
			name,
			envVars: [],
			tags: [],
			project: 'deployments',
			fields: [{ name: 'key', hidden: true }],
			status: 'active',
			createdAt: 1,
			changedAt: 1
		},
		secret: { v: 1, fields: [{ name: 'key', value: `value of ${name}` }] }
	};
}

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
			await walk(page, lookAt(page, wording));
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
	await closed(page, page.getByLabel(m.form_name(), { exact: true }));
	await closed(page, page.getByRole('heading', { level: 2, name: 'OpenAI' }));
	await look('wallet');
	await link(m.wallet_add()).click();
	await expect(page.getByLabel(m.form_value(), { exact: true })).toBeVisible();
	await look('add');
	await page.getByLabel(m.add_paste_label(), { exact: true }).fill(LINES);
	await page.getByRole('button', { name: m.add_read(), exact: true }).click();
	await expect(page.getByRole('heading', { name: m.add_several({ count: 3 }) })).toBeVisible();
	await look('add-several', OWN_SIZES);
	await page.setViewportSize({ width: 1280, height: 800 });

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
	await files(page, look);
	await page.setViewportSize({ width: 1280, height: 800 });
	await link(m.nav_trash()).click();
	await expect(title(m.trash_title())).toBeVisible();
	await look('trash');
	await page.setViewportSize({ width: 1280, height: 800 });
	await link(m.nav_import()).click();
	await imported(page, look);
	await page.setViewportSize({ width: 1280, height: 800 });
	await link(m.nav_settings()).click();
	await link(m.yours_dates()).click();
	await expect(title(m.dates_title())).toBeVisible();
	await look('dates', OWN_SIZES);
	await page.setViewportSize({ width: 1280, height: 800 });
	await link(m.nav_wallet()).click();
	await expect(page.getByRole('row', { name: 'Key -700' })).toBeVisible();
	await look('many', LIST_SIZES);
	await page.setViewportSize({ width: 1280, height: 800 });
	await page.getByRole('row', { name: 'Key -700' }).click();
	await expect(page.getByRole('button', { name: m.panel_copy() }).first()).toBeVisible();
	await look('many-panel', LIST_SIZES);
	await page.getByRole('button', { name: m.rotate_open(), exact: true }).click();
	await expect(page.getByLabel(m.rotate_value(), { exact: true })).toBeFocused();
	await look('rotate', OWN_SIZES);
	await closed(page, page.getByLabel(m.rotate_value(), { exact: true }));
	await page.getByRole('button', { name: m.end_revoke(), exact: true }).click();
	await expect(page.getByLabel(m.end_reason())).toBeFocused();
	await look('revoke', NARROWEST);
	await closed(page, page.getByLabel(m.end_reason()));
	await page.setViewportSize({ width: 1280, height: 800 });
	await closed(page, page.getByRole('heading', { level: 2, name: 'Key -700' }));
	await floating(page, look);
	// It has its place from when it was opened.
	for (const size of SIZES) {
		await page.setViewportSize(size);
		await page.getByRole('button', { name: m.account_menu() }).click();
		await expect(page.getByRole('menu')).toBeVisible();
		await look('menu', [size]);
		await page.keyboard.press('Escape');
	}
}

/** One step back by the keyboard, after which `gone` is no more: the next one is from there. */
async function closed(page: Page, gone: Locator): Promise<void> {
	await page.keyboard.press('Escape');
	await expect(gone).toHaveCount(0);
}

/** What lies above the page or below the list, on the narrowest page. */
async function floating(page: Page, look: Look): Promise<void> {
	const wide = () => page.setViewportSize({ width: 1280, height: 800 });
	const button = (name: string) => page.getByRole('button', { name, exact: true });
	const dialog = page.getByRole('dialog');
	await openPalette(page);
	await look('palette', NARROWEST);
	await page.keyboard.press('Escape');
	await expect(dialog).toHaveCount(0);
	await wide();
	await page.getByRole('link', { name: m.nav_settings(), exact: true }).click();
	await button(m.vaults_make()).click();
	await expect(dialog.getByRole('textbox')).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.vaults_name_missing())).toBeVisible();
	await look('vault-make', NARROWEST);
	await page.getByLabel(m.vaults_name(), { exact: true }).fill(VAULT);
	await page.keyboard.press('Enter');
	await expect(dialog).toHaveCount(0);
	for (const [screen, opener] of [
		['vault-rename', m.vaults_rename_name({ name: VAULT })],
		['vault-drop', m.vaults_drop_name({ name: VAULT })]
	] as const) {
		await wide();
		await button(opener).click();
		await expect(dialog).toBeVisible();
		await look(screen, NARROWEST);
		await page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
	}
	await wide();
	const wallet = page.getByRole('link', { name: m.nav_wallet(), exact: true });
	await wallet.click();
	// A page that comes takes the focus, also from a menu that is open.
	await expect(wallet).toHaveAttribute('aria-current', 'page');
	await button(m.vaults_shown({ name: VAULT })).press('Enter');
	await page.getByRole('menuitemradio', { name: m.vaults_first(), exact: true }).press('Enter');
	await page.getByRole('row', { name: 'Key -700' }).press('x');
	await expect(page.getByRole('region', { name: m.bulk_label() })).toBeVisible();
	await look('bulk', NARROWEST);
	await button(m.vaults_move_short()).click();
	await expect(dialog).toBeVisible();
	await look('vault-move', NARROWEST);
	await page.keyboard.press('Escape');
	await button(m.bulk_tag()).click();
	await expect(page.getByLabel(m.bulk_tag_label())).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.bulk_tag_missing())).toBeVisible();
	await look('bulk-tag', NARROWEST);
	await button(m.form_cancel()).click();
	await button(m.bulk_none()).click();
	await wide();
}

/** Of the page of backups: what is told of a file, and the way out in the clear. */
async function files(page: Page, look: Look): Promise<void> {
	const file = { name: 'keyhold.json', mimeType: 'application/json', buffer: Buffer.from(EXPORT) };
	for (const [tab, screen, heading] of [
		[m.drill_title(), 'drill', m.drill_opens()],
		[m.restore_title(), 'restore', m.restore_preview()]
	] as const) {
		await page.getByText(tab, { exact: true }).click();
		await page.locator('input[type=file]').setInputFiles(file);
		await page.getByRole('button', { name: m.restore_check() }).click();
		await expect(page.getByRole('heading', { name: heading })).toBeVisible();
		await look(screen, OWN_SIZES);
	}
	await page.getByText(m.plain_title(), { exact: true }).click();
	await expect(page.getByText(m.plain_warning())).toBeVisible();
	await look('export-plain', OWN_SIZES);
}

/** Keys for the list, past the screens that bring them in. */
async function imported(page: Page, look: Look): Promise<void> {
	await expect(page.getByLabel(m.import_paste_label())).toBeVisible();
	await look('import', OWN_SIZES);
	await page
		.locator('input[type=file]')
		.setInputFiles({ name: 'keys.csv', mimeType: 'text/csv', buffer: Buffer.from(TABLE) });
	await expect(page.getByRole('heading', { name: m.import_found({ count: 6 }) })).toBeVisible();
	await page.getByText(m.import_columns(), { exact: true }).click();
	await look('import-preview', OWN_SIZES);
	await page.keyboard.press('ControlOrMeta+Enter');
	const done = page.getByRole('link', { name: m.import_wallet() });
	await expect(done).toBeVisible();
	await look('import-done', OWN_SIZES);
}
