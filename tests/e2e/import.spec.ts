/** Files of other programs on their way into the vault, and back out of it by Undo. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { bitwarden, protectedExport, zipOf } from '../foreign-files.ts';
import { askedBeforeReload } from './before-reload.ts';
import { expect, expectAccessible, paste, picture, test } from './fixtures.ts';
import { held } from './held.ts';
import { quickly } from './keys.ts';
import { addKey, newPerson, register } from './person.ts';

/** Of a provider that is known by its form. */
const KNOWN = `sk-proj-${'Ab3'.repeat(30)}`;

const ENV = [
	`OPENAI_API_KEY=${KNOWN}`,
	'NODE_ENV=production',
	'PORT=3000',
	'# of the team',
	'ACME_TOKEN="new value of acme"',
	'INTERNAL_SIGNING_KEY=signs-what-nobody-else-signs',
	'OLD_KEY=the same old value',
	'DATABASE_KEY=$(cat /run/db)',
	'SENTRY_KEY=',
	'SHARED=${ACME_TOKEN}'
].join('\n');

async function choose(page: Page, name: string, content: string | Uint8Array): Promise<void> {
	await page
		.locator('input[type=file]')
		.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });
}

/** As from a folder of the system, anywhere onto the page. */
async function drop(page: Page, name: string, content: string): Promise<void> {
	const dataTransfer = await page.evaluateHandle(
		([called, text]) => {
			const data = new DataTransfer();
			data.items.add(new File([text], called));
			return data;
		},
		[name, content] as const
	);
	await page.dispatchEvent('main', 'drop', { dataTransfer });
	await dataTransfer.dispose();
}

/** Presses the keys that import, and sees how far it is while the server has not answered. */
async function importSeen(page: Page, count: number): Promise<void> {
	const answer = await held(page, '**/commits');
	await page.keyboard.press('Control+Enter');
	await expect(page.getByText(m.import_sending(), { exact: true })).toBeVisible();
	const progress = page.getByRole('progressbar', { name: m.import_progress() });
	await expect(progress).toHaveJSProperty('max', count);
	await expect(progress).toHaveJSProperty('value', count);
	answer();
	await expect(progress).toHaveCount(0);
}

async function anew(page: Page): Promise<void> {
	await page.getByRole('button', { name: m.import_other() }).first().click();
}

test('a .env file meets keys that are here, is imported in one step, and taken back', async ({
	page
}) => {
	await register(page, newPerson());
	await addKey(page, 'ACME_TOKEN', 'old value of acme');
	await addKey(page, 'Old', 'the same old value');
	await page.getByRole('link', { name: m.nav_import(), exact: true }).click();
	await expect(page.getByRole('heading', { level: 1, name: m.import_title() })).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'import-choose');

	await choose(page, '.env.production', ENV);
	await expect(page.getByRole('heading', { name: m.import_found({ count: 7 }) })).toBeVisible();
	const dialect = page.getByLabel(m.import_format(), { exact: true });
	// It refers to itself, so it is read as dotenvx reads it, until somebody knows better.
	await expect(page.getByText(m.import_format_dotenvx(), { exact: true }).first()).toBeVisible();
	await expect(page.getByText(m.import_why_command())).toBeVisible();
	await expect(page.getByText(m.import_why_empty(), { exact: true })).toBeVisible();
	await dialect.selectOption('dotenv');
	await expect(page.getByRole('row', { name: 'DATABASE_KEY' })).toBeVisible();
	await dialect.selectOption('dotenvx');
	await expect(page.getByText(m.import_why_command())).toBeVisible();
	const met = page.getByRole('row', { name: 'ACME_TOKEN' });
	await met.getByText(m.import_replace(), { exact: true }).click();
	await page.getByLabel(m.import_environment()).fill('production');
	const known = page.getByRole('row', { name: 'OPENAI_API_KEY' });
	await expect(known).toContainText('Op');
	await expect(known).toContainText('sk-proj-••••••••3Ab3');
	await expect(known).not.toContainText(KNOWN.slice(8, 40));
	await expectAccessible(page);
	await picture(page, 'import-preview');

	await importSeen(page, 3);
	await expect(page.getByRole('heading', { name: m.import_done({ count: 3 }) })).toBeVisible();
	await expect(page.getByText(m.import_delete({ name: '.env.production' }))).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'import-done');
	await page.getByRole('link', { name: m.import_wallet() }).click();
	await expect(page.getByRole('row', { name: 'INTERNAL_SIGNING_KEY' })).toBeVisible();
	await page.getByRole('link', { name: m.nav_import(), exact: true }).click();
	await page.getByRole('button', { name: m.undo() }).click();
	await expect(page.getByText(m.import_undone())).toBeVisible();

	await drop(page, '.env.production', ENV);
	await met.getByText(m.import_replace(), { exact: true }).click();
	await page.getByRole('button', { name: m.import_button({ count: 3 }) }).click();
	await page.getByRole('link', { name: m.import_wallet() }).click();
	await expect(page.getByRole('row', { name: 'INTERNAL_SIGNING_KEY' })).toBeVisible();
	await page.getByRole('row', { name: 'ACME_TOKEN' }).click();
	await page.getByRole('button', { name: m.panel_reveal(), exact: true }).click();
	await expect(page.getByText('new value of acme')).toBeVisible();
});

test('an encrypted vault opens under its password, a table by its columns; what is no file of keys is refused', async ({
	page
}) => {
	await register(page, newPerson());
	await page.getByRole('link', { name: m.wallet_empty_import() }).click();

	await choose(page, 'bomb.1pux', zipOf([['export.data', ' '.repeat(60_000_000)]]));
	await expect(page.getByText(m.fault_import_large())).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'import-refused');
	await anew(page);
	await choose(page, 'half.json', JSON.stringify(bitwarden).slice(0, 300));
	await expect(page.getByText(m.fault_import_format())).toBeVisible();
	await anew(page);
	await choose(page, 'bytes.env', new Uint8Array([0, 1, 2, 255, 254]));
	await expect(page.getByText(m.fault_import_encoding())).toBeVisible();
	await anew(page);

	await choose(page, 'odd.csv', 'What,Where\n"=1+1\u202e",x\n');
	await expect(page.getByText(m.import_empty())).toBeVisible();
	await page.getByLabel('What', { exact: true }).selectOption('value');
	await page.getByLabel('Where', { exact: true }).selectOption('name');
	await expect(page.getByRole('heading', { name: m.import_found({ count: 1 }) })).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'import-columns');
	await anew(page);

	const vault = await protectedExport(bitwarden, 'their password');
	await choose(page, 'bitwarden.json', JSON.stringify(vault));
	const password = page.getByLabel(m.import_password(), { exact: true });
	await password.fill('another');
	await page.getByRole('button', { name: m.import_password_open() }).click();
	await expect(page.getByText(m.import_password_wrong())).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'import-password');
	await password.fill('their password');
	await page.getByRole('button', { name: m.import_password_open() }).click();
	await expect(page.getByRole('row', { name: 'Stripe' })).toBeVisible();
	await page.getByRole('button', { name: m.import_button({ count: 1 }) }).click();
	await expect(page.getByRole('heading', { name: m.import_done({ count: 1 }) })).toBeVisible();

	await anew(page);
	await choose(page, 'mine.age', 'age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\n');
	await page.waitForURL('**/backup');
	await expect(page.getByText(/mine\.age/)).toBeVisible();
});

test('what is pasted beside the box of the page that imports is read there', async ({ page }) => {
	await register(page, newPerson());
	await expect(page.getByRole('link', { name: m.wallet_empty_paste() })).toBeFocused();
	await quickly(page, 'gi');
	await expect(page.locator('input[type=file]')).toBeFocused();
	await paste(page, 'name,value,project\nShop,one value,shop\nAtlas,other value,atlas');
	await expect(page.getByRole('heading', { name: m.import_found({ count: 2 }) })).toBeFocused();
	// Only what somebody has used asks.
	await page.keyboard.press('Tab');
	expect(await askedBeforeReload(page)).toBe('beforeunload');
});
