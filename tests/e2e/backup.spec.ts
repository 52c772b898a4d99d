/** The vault as a file, and from the file into another account. */
import type { Page } from '@playwright/test';
import { longDateText, relativeDays } from '#lib/i18n/dates.ts';
import { writeContent } from '#lib/backup/content.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { newKey } from '#lib/items/draft.ts';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import { enter, tabTo, type } from './keys.ts';
import { addKey, newPerson, register } from './person.ts';

const PASSPHRASE = 'wooden kettle sings at noon';
const NAMES = ['OpenAI, main', 'Stripe \u202elive'];
const SHOWN = ['OpenAI, main', 'Stripe ‹202E›live'];

test('a backup made in one account is restored into another, after a look at what will change', async ({
	page,
	anotherBrowser
}, testInfo) => {
	const begunAt = Date.now();
	const person = newPerson();
	await register(page, person);
	for (const name of NAMES) await addKey(page, name, `value-of-${name}`);
	// From here on by the keyboard alone.
	await enter(page, page.getByRole('link', { name: m.nav_backup() }));
	await type(page, page.getByLabel(m.backup_passphrase(), { exact: true }), PASSPHRASE);
	await type(page, page.getByLabel(m.backup_passphrase_again()), PASSPHRASE);
	await type(page, page.getByLabel(m.backup_password()), 'not the password');
	await enter(page, page.getByRole('button', { name: m.backup_button() }));
	await expect(page.getByText(m.backup_wrong_password())).toBeVisible();
	await type(page, page.getByLabel(m.backup_password()), person.password);
	const download = page.waitForEvent('download');
	await page.keyboard.press('Enter');
	const file = testInfo.outputPath('keyhold.age');
	await (await download).saveAs(file);
	await expect(page.getByRole('button', { name: m.backup_button() })).toBeFocused();

	const other = await anotherBrowser();
	await register(other, newPerson());
	await enter(other, other.getByRole('link', { name: m.wallet_empty_restore() }));
	const tab = (name: string) => other.getByRole('radio', { name, exact: true });
	const passphrase = other.getByLabel(m.restore_passphrase(), { exact: true });
	await tabTo(other, tab(m.restore_title()));
	await other.keyboard.press('ArrowLeft');
	await expect(tab(m.drill_title())).toBeChecked();
	await choose(other, file);
	await tabTo(other, passphrase);
	await other.keyboard.type(PASSPHRASE);
	await other.keyboard.press('Enter');
	await expect(other.getByRole('heading', { name: m.drill_opens() })).toBeFocused();
	await expect(other.getByText(m.drill_holds({ count: 2 }))).toBeVisible();
	const age = relativeDays(0, 'en-GB');
	// Midnight may have passed meanwhile.
	const madeOn = (at: number) =>
		other.getByText(m.drill_age({ date: longDateText(at, 'en-GB'), age }));
	await expect(madeOn(begunAt).or(madeOn(Date.now()))).toBeVisible();
	await expectAccessible(other);
	await picture(other, 'drill');
	await tabTo(other, tab(m.drill_title()));
	await other.keyboard.press('ArrowRight');
	await expect(tab(m.restore_title())).toBeChecked();
	await choose(other, file);
	await tabTo(other, passphrase);
	await other.keyboard.type('another passphrase');
	await other.keyboard.press('Enter');
	await expect(other.getByText(m.restore_wrong())).toBeVisible();
	await expect(passphrase).toBeFocused();
	await other.keyboard.press('ControlOrMeta+a');
	await other.keyboard.type(PASSPHRASE);
	await other.keyboard.press('Enter');
	await expect(other.getByRole('heading', { name: m.restore_preview() })).toBeFocused();
	for (const name of SHOWN) await expect(other.getByText(name)).toBeVisible();
	await enter(other, other.getByRole('button', { name: m.restore_button({ count: 2 }) }));
	await expect(other.getByRole('heading', { name: m.restore_done({ count: 2 }) })).toBeFocused();
	await enter(other, other.getByRole('link', { name: m.import_wallet() }));
	await other.waitForURL('**/wallet');
	await enter(other, other.getByRole('row', { name: SHOWN[0] ?? '' }));
	await expect(other.getByRole('heading', { level: 2, name: SHOWN[0] ?? '' })).toBeFocused();
	await other.keyboard.press('r');
	await expect(other.getByText(`value-of-${NAMES[0] ?? ''}`)).toBeVisible();
});

test('keys of several vaults come into vaults of the same names, which are made if need be', async ({
	page
}) => {
	const keyOf = (name: string) =>
		newKey({ name, fields: [{ name: 'key', value: `value of ${name}`, hidden: true }] }, 5);
	const content = writeContent({
		v: 1,
		madeAt: Date.now(),
		vaults: [
			{ name: m.vaults_first(), keys: Array.from({ length: 10 }, (_, i) => keyOf(`Own ${i}`)) },
			{ name: 'Work', keys: [keyOf('Deploy'), keyOf('Monitor')] }
		]
	});
	await register(page, newPerson());
	await page.getByRole('link', { name: m.wallet_empty_restore() }).click();
	await page.getByText(m.restore_title(), { exact: true }).click();
	await page.locator('input[type=file]').setInputFiles({
		name: 'keyhold.json',
		mimeType: 'application/json',
		buffer: Buffer.from(content)
	});
	await page.getByRole('button', { name: m.restore_check() }).click();
	const row = page.getByRole('term').filter({ hasText: m.vaults_shown({ name: 'Work' }) });
	const keys = m.keys_count({ count: 2 });
	await expect(row).toBeVisible();
	await expect(page.getByText(m.restore_into_new({ keys }))).toBeVisible();
	await expect(page.getByText('Monitor')).toHaveCount(0);
	await page.getByRole('button', { name: m.add_more_show() }).click();
	await expect(page.getByText('Monitor')).toBeVisible();
	await expectAccessible(page);
	await page.getByRole('button', { name: m.restore_button({ count: 12 }) }).click();
	await expect(page.getByRole('heading', { name: m.restore_done({ count: 12 }) })).toBeFocused();
	await expect(row).toBeVisible();
	await expectAccessible(page);
	await page.getByRole('link', { name: m.import_wallet() }).click();
	// A page that comes takes the focus, also from a menu that is open.
	await expect(page.getByRole('row', { name: 'Own 1' }).first()).toBeVisible();
	await page
		.getByRole('button', { name: /Personal|All vaults/ })
		.first()
		.click();
	await page.getByRole('menuitemradio', { name: 'Work', exact: true }).click();
	await expect(page.getByRole('row', { name: 'Deploy' })).toBeVisible();
	await expect(page.getByRole('row', { name: 'Own 1' })).toHaveCount(0);
});

/** In the window that the field for files opens, by its key. */
async function choose(page: Page, file: string): Promise<void> {
	const asked = page.waitForEvent('filechooser');
	await enter(page, page.locator('input[type=file]'));
	await (await asked).setFiles(file);
}
