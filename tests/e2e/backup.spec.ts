/** The vault as a file, and from the file into another account. */
import { longDateText, relativeDays } from '#lib/i18n/dates.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import { addKey, newPerson, register } from './person.ts';

const PASSPHRASE = 'wooden kettle sings at noon';
const NAMES = ['OpenAI, main', 'Stripe, live'];

test('a backup made in one account is restored into another, after a look at what will change', async ({
	page,
	anotherBrowser
}, testInfo) => {
	const person = newPerson();
	await register(page, person);
	for (const name of NAMES) await addKey(page, name, `value-of-${name}`);
	await page.getByRole('link', { name: m.nav_backup() }).click();
	await page.getByLabel(m.backup_passphrase(), { exact: true }).fill(PASSPHRASE);
	await page.getByLabel(m.backup_passphrase_again()).fill(PASSPHRASE);
	await page.getByLabel(m.backup_password()).fill('not the password');
	await page.getByRole('button', { name: m.backup_button() }).click();
	await expect(page.getByText(m.backup_wrong_password())).toBeVisible();
	await page.getByLabel(m.backup_password()).fill(person.password);
	const download = page.waitForEvent('download');
	await page.getByLabel(m.backup_password()).press('Enter');
	const file = testInfo.outputPath('keyhold.age');
	await (await download).saveAs(file);
	await expect(page.getByRole('button', { name: m.backup_button() })).toBeFocused();

	const madeAt = Date.now();

	const other = await anotherBrowser();
	await register(other, newPerson());
	await other.getByRole('link', { name: m.wallet_empty_restore() }).click();
	await other.getByText(m.drill_title(), { exact: true }).click();
	await other.locator('input[type=file]').setInputFiles(file);
	await other.getByLabel(m.restore_passphrase(), { exact: true }).fill(PASSPHRASE);
	await other.getByRole('button', { name: m.restore_check() }).click();
	await expect(other.getByRole('heading', { name: m.drill_opens() })).toBeVisible();
	await expect(other.getByText(m.drill_holds({ count: 2 }))).toBeVisible();
	const age = relativeDays(0, 'en-GB');
	await expect(
		other.getByText(m.drill_age({ date: longDateText(madeAt, 'en-GB'), age }))
	).toBeVisible();
	await expectAccessible(other);
	await picture(other, 'drill');
	await other.getByText(m.restore_title(), { exact: true }).click();
	await other.locator('input[type=file]').setInputFiles(file);
	const passphrase = other.getByLabel(m.restore_passphrase(), { exact: true });
	await passphrase.fill('another passphrase');
	await other.getByRole('button', { name: m.restore_check() }).click();
	await expect(other.getByText(m.restore_wrong())).toBeVisible();
	await passphrase.fill(PASSPHRASE);
	await other.getByRole('button', { name: m.restore_check() }).click();
	await expect(other.getByRole('heading', { name: m.restore_preview() })).toBeVisible();
	for (const name of NAMES) await expect(other.getByText(name)).toBeVisible();
	await other.getByRole('button', { name: m.restore_button({ count: 2 }) }).click();
	await other.waitForURL('**/wallet');
	await other.getByRole('row', { name: NAMES[0] ?? '' }).click();
	await other.getByRole('button', { name: m.panel_reveal(), exact: true }).click();
	await expect(other.getByText(`value-of-${NAMES[0] ?? ''}`)).toBeVisible();
});
