/** Keys on their way out: for recipients of age, as a `.env` file and as JSON, read by who reads them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Page, TestInfo } from '@playwright/test';
import { parse } from 'dotenv';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import { enter, tabTo, type } from './keys.ts';
import { newPerson, register, type Person } from './person.ts';

const ENV = `ATLAS_KEY="it's a value"\nOTHER_KEY=two words`;

async function importInto(page: Page, text: string, project: string): Promise<void> {
	await tabTo(page, page.getByLabel(m.import_paste_label()));
	await page.keyboard.insertText(text);
	await enter(page, page.getByRole('button', { name: m.import_read() }));
	await type(page, page.getByLabel(m.import_project()), project);
	await enter(page, page.getByRole('button', { name: /^Import \d/ }));
	await expect(page.getByRole('link', { name: m.import_wallet() })).toBeVisible();
}

/** Presses the button and returns what was downloaded. */
async function downloaded(page: Page, button: RegExp | string, testInfo: TestInfo) {
	const download = page.waitForEvent('download');
	await enter(page, page.getByRole('button', { name: button }));
	const file = await download;
	const path = testInfo.outputPath(file.suggestedFilename());
	await file.saveAs(path);
	return { name: file.suggestedFilename(), path };
}

async function exportPlain(page: Page, person: Person, testInfo: TestInfo) {
	await type(page, page.getByLabel(m.backup_password()), person.password);
	return await downloaded(page, /^Export \d/, testInfo);
}

test('keys leave as files that other programs read, and plain JSON comes back', async ({
	page,
	anotherBrowser
}, testInfo) => {
	const person = newPerson();
	await register(page, person);
	// By the keyboard alone, from where keys are added, until all have left as JSON.
	await expect(page.getByRole('link', { name: m.wallet_empty_paste() })).toBeFocused();
	await page.keyboard.press('n');
	// The page before has a link of that name too.
	await expect(page.getByLabel(m.add_paste_label(), { exact: true })).toBeFocused();
	await enter(page, page.getByRole('link', { name: m.wallet_empty_import() }));
	await importInto(page, ENV, 'atlas');
	await enter(page, page.getByRole('button', { name: m.import_other() }));
	await importInto(page, 'ATLAS_KEY=of another project', 'zeus');

	await enter(page, page.getByRole('link', { name: m.nav_backup() }));
	await tabTo(page, page.getByRole('radio', { name: m.backup_make(), exact: true }));
	await page.keyboard.press('ArrowLeft');
	await expect(page.getByRole('radio', { name: m.plain_title(), exact: true })).toBeChecked();
	await type(page, page.getByLabel(m.backup_password()), 'not the password');
	await enter(page, page.getByRole('button', { name: m.plain_button({ count: 3 }) }));
	await expect(page.getByText(m.backup_wrong_password())).toBeVisible();
	const all = await exportPlain(page, person, testInfo);
	expect(readFileSync(all.path, 'utf8')).toContain('# zeus');
	await expect(page.getByText(m.plain_repeated({ names: 'ATLAS_KEY' }))).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'export-plain-done');

	await tabTo(page, page.getByLabel(m.plain_project(), { exact: true }));
	await page.keyboard.type('atlas');
	const env = await exportPlain(page, person, testInfo);
	expect(env.name).toBe('atlas.env');
	const text = readFileSync(env.path, 'utf8');
	expect(parse(text)).toEqual({ ATLAS_KEY: "it's a value", OTHER_KEY: 'two words' });
	const script = `${text}\nprintf %s "$ATLAS_KEY"`;
	expect(execFileSync('bash', ['-c', script]).toString()).toBe("it's a value");

	await tabTo(page, page.getByRole('radio', { checked: true }).last());
	await page.keyboard.press('ArrowRight');
	await expect(page.getByRole('radio', { name: m.plain_json(), exact: true })).toBeChecked();
	const json = await exportPlain(page, person, testInfo);

	const identity = await generateIdentity();
	await page.getByText(m.backup_make(), { exact: true }).first().click();
	await page.getByText(m.backup_seal_recipients(), { exact: true }).click();
	await page.getByLabel(m.backup_recipients()).fill(await identityToRecipient(identity));
	await page.getByLabel(m.backup_password()).fill(person.password);
	const sealed = await downloaded(page, m.backup_button(), testInfo);
	await expect(page.getByText(m.backup_unchecked())).toBeVisible();

	await page.getByText(m.drill_title(), { exact: true }).click();
	await page.locator('input[type=file]').setInputFiles(sealed.path);
	await page.getByLabel(m.restore_passphrase(), { exact: true }).fill(identity);
	await page.getByRole('button', { name: m.restore_check() }).click();
	await expect(page.getByText(m.drill_holds({ count: 3 }))).toBeVisible();
	await page.getByRole('button', { name: m.restore_again() }).click();
	await expectJudgedByContent(page, readFileSync(sealed.path), readFileSync(json.path));

	const other = await anotherBrowser();
	await register(other, newPerson());
	await other.getByRole('link', { name: m.wallet_empty_import() }).click();
	await other.getByLabel(m.import_paste_label()).fill(readFileSync(json.path, 'utf8'));
	await other.getByRole('button', { name: m.import_read() }).click();
	await other.waitForURL('**/backup');
	await expect(other.getByText(m.import_pasted())).toBeVisible();
	await other.getByRole('button', { name: m.restore_check() }).click();
	await other.getByRole('button', { name: m.restore_button({ count: 2 }) }).click();
	await other.getByRole('link', { name: m.import_wallet() }).click();
	await other.waitForURL('**/wallet');
	await expect(other.getByRole('row', { name: 'OTHER_KEY' })).toBeVisible();

	test.skip(spawnSync('age', ['--version']).error !== undefined, 'age is not installed');
	expect(openedByAge(sealed.path, identity, testInfo)).toContain('of another project');
});

/** Whether a file is encrypted does not show in its name. */
async function expectJudgedByContent(page: Page, sealed: Buffer, plain: Buffer): Promise<void> {
	const choose = (name: string, buffer: Buffer) =>
		page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer });
	const passphrase = page.getByLabel(m.restore_passphrase(), { exact: true });
	await choose('plain.age', plain);
	await expect(passphrase).toHaveCount(0);
	await choose('sealed.json', sealed);
	await expect(passphrase).toBeVisible();
	await page.getByRole('button', { name: m.restore_check() }).click();
	await expect(page.getByText(m.backup_passphrase_missing())).toBeVisible();
	await passphrase.fill('another passphrase');
	await page.getByRole('button', { name: m.restore_check() }).click();
	await expect(page.getByText(m.fault_age_identity())).toBeVisible();
	await choose('neither.json', Buffer.from('{"a":1}'));
	await passphrase.fill('');
	await page.getByRole('button', { name: m.restore_check() }).click();
	await expect(page.getByText(m.fault_backup_format())).toBeVisible();
}

/** What the program age makes of it. */
function openedByAge(path: string, identity: string, testInfo: TestInfo): string {
	const identityFile = testInfo.outputPath('identity');
	writeFileSync(identityFile, identity);
	return execFileSync('age', ['--decrypt', '-i', identityFile, path]).toString();
}
