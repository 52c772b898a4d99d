/** What people paste, and what they should not have: everything is kept as it is, nothing turns. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { askedBeforeReload, questionsAtReload } from './before-reload.ts';
import { misfits } from './boxes.ts';
import {
	expect,
	expectAccessible,
	expectReadableInOtherTheme,
	paste,
	picture,
	test
} from './fixtures.ts';
import { addKey, lock, newPerson, register, unlock } from './person.ts';
import { AWS_ID } from './samples.ts';

/** Put together at run time: the repository holds nothing that looks like a key. */
const AWS_SECRET = 'aB3/'.repeat(10);
const STRIPE = ['sk', 'test', 'a1B2'.repeat(8)].join('_');

/** A token that ends at noon of this day. */
function tokenUntil(day: string): string {
	const part = (json: unknown) => Buffer.from(JSON.stringify(json)).toString('base64url');
	const exp = new Date(`${day}T12:00:00Z`).getTime() / 1_000;
	return `${part({ alg: 'none' })}.${part({ exp })}.c2ln`;
}

async function walletToPasteInto(page: Page): Promise<void> {
	await register(page, newPerson());
	await expect(page.getByRole('link', { name: m.wallet_empty_paste() })).toBeFocused();
}

test('an AWS credentials file becomes one key of each profile', async ({ page }) => {
	await walletToPasteInto(page);
	const profile = (name: string) =>
		`[${name}]\naws_access_key_id = ${AWS_ID}\naws_secret_access_key = ${AWS_SECRET}${name}`;
	await paste(page, `${profile('default')}\nregion = eu-west-1\n\n${profile('shop')}`);
	await expect(page.getByRole('heading', { name: m.add_several({ count: 2 }) })).toBeFocused();
	await page.keyboard.press('ControlOrMeta+Enter');
	await expect(page.getByRole('row', { name: /AWS default/ })).toBeVisible();
	await expect(page.getByRole('row', { name: /AWS shop/ })).toBeVisible();

	await test.step('a region is not masked, in the panel and in the form', async () => {
		await page.getByRole('row', { name: /AWS default/ }).click();
		await expect(page.getByText('eu-west-1', { exact: true })).toBeVisible();
		await picture(page, 'panel-not-masked');
		await page.keyboard.press('Escape');
		await expect(page.getByRole('row', { name: /AWS default/ })).toBeFocused();
	});

	await test.step('the keys that keep what is in the box wait until it was read', async () => {
		await page.keyboard.press('n');
		await expect(page.getByLabel(m.add_paste_label(), { exact: true })).toBeFocused();
		await paste(page, `${profile('one')}\n\n${profile('two')}`);
		await page.keyboard.press('ControlOrMeta+Enter');
		await expect(page.getByRole('row', { name: /AWS one/ })).toBeVisible();
		await expect(page.getByRole('row', { name: /AWS two/ })).toBeVisible();
	});
});

test('a long paste scrolls within the page, which stays where it is', async ({ page }) => {
	await walletToPasteInto(page);
	await paste(
		page,
		Array.from({ length: 30 }, (_, line) => `NAME_${line}=value ${line}`).join('\n')
	);
	await expect(page.getByRole('heading', { name: m.add_several({ count: 30 }) })).toBeFocused();
	for (const size of [
		{ width: 1280, height: 800 },
		{ width: 390, height: 844 }
	]) {
		await page.setViewportSize(size);
		await expect.poll(() => misfits(page)).toEqual([]);
	}
});

test('before a page goes with keys that were pasted and are not saved, it is asked', async ({
	page
}) => {
	await walletToPasteInto(page);
	await paste(page, 'ALPHA_KEY=one-of-mine\nBETA_KEY=two-of-mine');
	const preview = page.getByRole('heading', { name: m.add_several({ count: 2 }) });
	await expect(preview).toBeFocused();
	await page.keyboard.press('Tab');
	expect(await askedBeforeReload(page)).toBe('beforeunload');
	await expect(preview).toBeVisible();
});

test('before a page goes with an edit that is not saved, open or kept, it is asked', async ({
	page
}) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-alpha');
	await page.getByRole('button', { name: m.panel_edit(), exact: true }).click();
	const note = page.getByText(m.form_previous_note());
	await page.getByLabel(m.form_name(), { exact: true }).fill('Alpha two');
	await expect(note).toHaveCount(0);
	expect(await askedBeforeReload(page)).toBe('beforeunload');
	await page.getByLabel(m.form_value(), { exact: true }).fill('another-value');
	await expect(note).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByText(m.draft_kept()).first()).toBeVisible();
	expect(await askedBeforeReload(page)).toBe('beforeunload');
	await page.getByRole('button', { name: m.draft_drop() }).click();
	expect(await questionsAtReload(page)).toEqual([]);
});

test('what was typed and is not saved is gone with a lock, of a new key and of an edit', async ({
	page
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-Alpha');
	await page.keyboard.press('e');
	const edit = page.getByRole('complementary');
	await edit.getByLabel(m.form_name(), { exact: true }).fill('Alpha, half typed');
	await lock(page);
	await unlock(page, person);
	await expect(page.getByRole('row', { name: /Alpha/ })).toBeVisible();
	await page.getByRole('link', { name: m.wallet_add() }).click();
	await page.getByLabel(m.form_name(), { exact: true }).fill('Half typed');
	await page.getByLabel(m.form_value(), { exact: true }).fill('half-a-value');
	await lock(page);
	await unlock(page, person);
	await expect(page.getByLabel(m.form_name(), { exact: true })).toHaveValue('');
	await expect(page.getByLabel(m.form_value(), { exact: true })).toHaveValue('');
	await page.getByRole('link', { name: m.nav_wallet(), exact: true }).click();
	await page.getByRole('row', { name: /Alpha/ }).click();
	await expect(page.getByRole('heading', { name: 'Alpha', exact: true })).toBeVisible();
	await page.getByRole('button', { name: m.panel_edit() }).first().click();
	await expect(edit.getByLabel(m.form_name(), { exact: true })).toHaveValue('Alpha');
});

test('of an edit whose key was deleted for ever nothing is kept, and nobody is asked', async ({
	page
}) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-alpha');
	await page.getByRole('button', { name: m.panel_edit(), exact: true }).click();
	await page.getByLabel(m.form_name(), { exact: true }).fill('Alpha two');
	await page.keyboard.press('Escape');
	await expect(page.getByText(m.draft_kept()).first()).toBeVisible();
	await page.getByRole('button', { name: m.panel_trash() }).click();
	await page.getByRole('link', { name: m.nav_trash() }).click();
	await page.getByRole('button', { name: m.trash_drop_name({ name: 'Alpha' }) }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByRole('button', { name: m.trash_drop(), exact: true }).click();
	await expect(page.getByRole('heading', { name: m.trash_empty_title() })).toBeVisible();
	expect(await questionsAtReload(page)).toEqual([]);
});

test('a value of which several providers might be is left to the person, who hears which', async ({
	page
}) => {
	await walletToPasteInto(page);
	await paste(page, '0123456789abcdef'.repeat(2));
	const [said = ''] = m.add_found_many({ names: '' }).split(':');
	await expect(page.getByText(said)).toContainText('AssemblyAI');
	await expect(page.getByLabel(m.form_provider(), { exact: true })).toHaveValue('');

	await test.step('Escape leads back, and what was typed is kept', async () => {
		await page.getByLabel(m.form_name(), { exact: true }).fill('Whose is it');
		await page.keyboard.press('Escape');
		await page.getByRole('link', { name: m.wallet_empty_type() }).click();
		await expect(page.getByLabel(m.form_name(), { exact: true })).toHaveValue('Whose is it');
	});
});

test('a provider that is recognised says how its keys are replaced', async ({ page }) => {
	await walletToPasteInto(page);
	await paste(page, STRIPE);
	await expect(page.getByText(m.add_found_test({ provider: 'Stripe' }))).toBeVisible();
	await expect(page.getByText(m.rotation_grace())).toBeVisible();

	const note = page.getByLabel(m.form_note(), { exact: true });
	const value = page.getByLabel(m.form_value(), { exact: true });
	await test.step('another paste leaves what was typed, and gives the value back', async () => {
		await note.fill('of the shop');
		await page.getByLabel(m.add_paste_label(), { exact: true }).focus();
		await paste(page, 'another value');
		await expect(page.getByText(m.add_replaced())).toBeVisible();
		await expect(value).toHaveValue('another value');
		await expect(note).toHaveValue('of the shop');
		await expectAccessible(page);
		await picture(page, 'add-replaced');
		await page.getByRole('button', { name: m.undo() }).press('Enter');
		await expect(value).toHaveValue(STRIPE);
		await expect(page.getByLabel(m.form_name(), { exact: true })).toBeFocused();
	});

	await test.step('a paste outside of a field is read by the page that is open', async () => {
		await page.getByRole('heading', { level: 1 }).click();
		await paste(page, 'a third value');
		await expect(value).toHaveValue('a third value');
		await page.getByRole('button', { name: m.undo() }).press('Enter');
		await expect(value).toHaveValue(STRIPE);
	});

	await test.step('a paste without a key stays in the box, and is said to have none', async () => {
		const box = page.getByLabel(m.add_paste_label(), { exact: true });
		await box.focus();
		await paste(page, 'ONE=\nTWO=');
		await expect(page.getByText(m.add_nothing())).toBeVisible();
		await expect(box).toHaveValue('ONE=\nTWO=');
		await expect(box).toBeFocused();
		await box.fill('');
		await expect(page.getByText(m.add_nothing())).toBeHidden();
	});

	await test.step('a token says when it ends, in the form and in an edit', async () => {
		const expires = page.getByLabel(m.form_expires(), { exact: true });
		await value.fill(tokenUntil('2031-05-06'));
		await expect(expires).toHaveValue('2031-05-06');
		await page.getByRole('button', { name: m.form_keep() }).click();
		await expect(page.getByRole('row', { name: /Stripe test/ })).toBeFocused();
		await page.keyboard.press('e');
		await expect(expires).toHaveValue('2031-05-06');
		await value.fill(tokenUntil('2032-07-08'));
		await expect(expires).toHaveValue('2032-07-08');
	});
});

test('a value that is pasted twice is said to be there already, and is not taken again', async ({
	page
}) => {
	await walletToPasteInto(page);
	await paste(page, `ONE=${STRIPE}\nTWO=another value\nTHREE=another value`);
	await expect(page.getByText(m.form_duplicate({ name: 'TWO' }), { exact: true })).toBeVisible();
	await expectAccessible(page);
	await expectReadableInOtherTheme(page);
	await page.getByRole('button', { name: m.add_keep_several({ count: 2 }) }).click();
	await expect(page.getByRole('row', { name: /Stripe test/ })).toBeVisible();
	await expect(page.getByRole('row', { name: /THREE/ })).toBeHidden();

	await test.step('an edit says so too, of other keys alone', async () => {
		await page.getByRole('row', { name: /TWO/ }).click();
		await page.getByRole('button', { name: m.panel_edit() }).click();
		const value = page.getByLabel(m.form_value(), { exact: true });
		// Asked at every value, not at the first one that is new alone.
		await value.fill('one that nobody has');
		await value.fill(STRIPE);
		await expect(page.getByText(m.form_duplicate({ name: 'Stripe test' }))).toBeVisible();
		await value.fill('one that nobody has');
		await expect(page.getByText(m.form_duplicate({ name: 'Stripe test' }))).toBeHidden();
		await value.fill('another value');
		await expect(page.getByText(m.form_duplicate({ name: 'Stripe test' }))).toBeHidden();
		await expect(page.getByText(m.form_duplicate({ name: 'TWO' }))).toBeHidden();
		await page.getByRole('button', { name: m.form_cancel() }).click();
		await page.getByRole('button', { name: m.rotate_open() }).click();
		await page.getByLabel(m.rotate_value(), { exact: true }).fill(STRIPE);
		await expect(page.getByText(m.form_duplicate({ name: 'Stripe test' }))).toBeVisible();
	});
});

test('thousands of lines are previewed in pieces, and what does not fit is said', async ({
	page
}) => {
	await walletToPasteInto(page);
	const lines = Array.from({ length: 2_500 }, (_, i) => `NAME_${i}=a-value-that-is-here-${i}`);
	await paste(page, lines.join('\n'));
	await expect(page.getByText(m.add_left({ taken: 1_000, count: 1_500 }))).toBeVisible();
	await expect(page.getByRole('listitem')).toHaveCount(100);
	await page.getByRole('button', { name: m.add_more_show() }).focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('listitem')).toHaveCount(200);
	await expect(
		page.getByRole('checkbox', { name: m.add_take({ name: 'NAME_100' }) })
	).toBeFocused();
	await picture(page, 'add-many-1280');
	await page.getByRole('button', { name: m.form_cancel() }).click();
	await expect(page.getByLabel(m.add_paste_label())).toBeFocused();
});

for (const width of [1280, 390]) {
	test(`names that would turn or hide stand in their rows, marked, at ${width} px`, async ({
		page
	}) => {
		await page.setViewportSize({ width, height: 800 });
		await register(page, newPerson());
		await addKey(page, 'shop \u202egnp.exe', 'value one');
		await page.keyboard.press('Escape');
		await addKey(page, 'zero\u200bwidth', 'value two');
		await page.keyboard.press('Escape');
		await addKey(page, 'مفتاح (1)', 'value three');
		await page.keyboard.press('Escape');
		await expect(page.getByRole('row', { name: /مفتاح/ })).toBeFocused();
		await expect(page.getByRole('row', { name: /shop ‹202E›gnp\.exe/ })).toBeVisible();
		await expect(page.getByRole('row', { name: /zero‹200B›width/ })).toBeVisible();
		const name = page.getByRole('row').locator('bdi', { hasText: 'مفتاح (1)' });
		const copy = page.getByRole('row', { name: /مفتاح/ }).getByRole('button');
		const [nameBox, copyBox] = [await name.boundingBox(), await copy.boundingBox()];
		expect((nameBox?.x ?? 9_999) + (nameBox?.width ?? 0)).toBeLessThanOrEqual(copyBox?.x ?? 0);
		await expectAccessible(page);
		await picture(page, `turning-names-${width}`);
	});
}

test('NUL in a name and a value is no fault, and is shown in the row', async ({ page }) => {
	await register(page, newPerson());
	await page.getByRole('link', { name: m.wallet_empty_type() }).click();
	await page.getByLabel(m.form_name(), { exact: true }).fill('with\u0000NUL');
	await page.getByLabel(m.form_value(), { exact: true }).fill('a\u0000b');
	await page.getByRole('button', { name: m.form_keep() }).click();
	await expect(page.getByRole('row', { name: /with␀NUL/ })).toBeVisible();
});
