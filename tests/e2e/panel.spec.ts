/** The panel of a key: how it comes, what it offers, and that the keyboard is never lost in it. */
import type { BrowserContext, Locator, Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { clipboardText, expect, expectAccessible, paste, test } from './fixtures.ts';
import { held, heldSeconds } from './held.ts';
import { openPalette } from './keys.ts';
import { addKey, comeBack, newPerson, register, unlock } from './person.ts';
import { AWS_ID } from './samples.ts';

function row(page: Page, name: string): Locator {
	return page.getByRole('row', { name: new RegExp(name) });
}

test.describe('the first opening', () => {
	test.beforeEach(async ({ page }) => {
		const person = newPerson();
		await register(page, person);
		await addKey(page, 'Alpha', 'value-of-Alpha');
		await comeBack(page, '/wallet');
		await unlock(page, person);
		await expect(row(page, 'Alpha')).toBeFocused();
	});

	test('loads the panel, and focus goes to its title', async ({ page }) => {
		const programs: string[] = [];
		page.on('request', (request) => {
			if (request.url().endsWith('.js')) programs.push(request.url());
		});
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { name: 'Alpha' })).toBeFocused();
		expect(programs).not.toEqual([]);
		await page.keyboard.press('Escape');
		await expect(row(page, 'Alpha')).toBeFocused();
	});

	test('on a phone covers the list and gives focus back to the row', async ({ page }) => {
		await page.setViewportSize({ width: 390, height: 844 });
		await row(page, 'Alpha').click();
		await expect(page.getByRole('heading', { name: 'Alpha' })).toBeFocused();
		await page.getByRole('button', { name: m.panel_back() }).click();
		await expect(row(page, 'Alpha')).toBeFocused();
	});

	test('on a phone gives focus back where a step back in the history takes its time', async ({
		page
	}) => {
		await page.setViewportSize({ width: 390, height: 844 });
		await row(page, 'Alpha').click();
		await expect(page.getByRole('heading', { name: 'Alpha' })).toBeFocused();
		await page.evaluate(() => {
			history.back = () => {
				setTimeout(() => {
					history.go(-1);
				}, 100);
			};
		});
		await page.getByRole('button', { name: m.panel_back() }).click();
		await expect(row(page, 'Alpha')).toBeFocused();
	});
});

test('a panel that does not load says so, and Escape leads back to the list', async ({
	page,
	expectedErrors
}) => {
	expectedErrors.push(/Failed to load resource/, /dynamically imported module/);
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-Alpha');
	await comeBack(page, '/wallet');
	await unlock(page, person);
	await expect(row(page, 'Alpha')).toBeFocused();
	await page.route('**/*.js', (route) => route.abort());
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.panel_unloaded())).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByText(m.panel_unloaded())).toHaveCount(0);
	await expect(row(page, 'Alpha')).toBeFocused();
});

test('a form whose styles did not come is not shown without them, in which values would not be masked', async ({
	page,
	expectedErrors
}) => {
	expectedErrors.push(/Failed to load resource/, /Unable to preload CSS/);
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-Alpha');
	await comeBack(page, '/wallet');
	await unlock(page, person);
	await expect(row(page, 'Alpha')).toBeFocused();
	await page.route('**/*.css', (route) => route.abort());
	await row(page, 'Alpha').click();
	await page.keyboard.press('e');
	for (const again of [1, 2]) {
		await test.step(`try ${again}`, async () => {
			await expect(page.getByText(m.edit_unloaded())).toBeVisible();
			await expect(page.getByRole('textbox', { name: m.form_value() })).toHaveCount(0);
			await page.getByRole('button', { name: m.close(), exact: true }).first().click();
			await page.getByRole('button', { name: m.panel_edit(), exact: true }).click();
		});
	}
	await expect(page.getByText(m.edit_unloaded())).toBeVisible();
	await page.unroute('**/*.css');
	await page.keyboard.press('Escape');
	await page.getByRole('button', { name: m.panel_edit(), exact: true }).click();
	const value = page.getByLabel(m.form_value(), { exact: true });
	await expect(value).toHaveCSS('-webkit-text-security', 'disc');
	await expect(value).toHaveCSS('padding-top', '11px');
});

/** A key of two values, which has the focus then. */
async function addPair(page: Page): Promise<void> {
	await page.keyboard.press('n');
	await paste(page, `AWS_ACCESS_KEY_ID=${AWS_ID}\nAWS_SECRET_ACCESS_KEY=other half`);
	await expect(page.getByLabel(m.form_name(), { exact: true })).toBeFocused();
	await page.keyboard.press('ControlOrMeta+Enter');
	await expect(row(page, 'AWS')).toBeFocused();
}

test.describe('copying in the words of a program', () => {
	test.beforeEach(async ({ page }) => {
		await register(page, newPerson());
	});

	test('is asked for by Shift and c in the list, and focus goes back to the row', async ({
		page,
		context
	}) => {
		await addKey(page, 'My token', 'two words');
		await page.keyboard.press('Escape');
		await expect(row(page, 'My token')).toBeFocused();
		await page.keyboard.press('Shift+C');
		await expect(
			page.getByRole('menuitem', { name: m.copy_as_value(), exact: true })
		).toBeFocused();
		await expectAccessible(page);
		await page.keyboard.press('e');
		await page.keyboard.press('Enter');
		await expect(page.getByRole('group', { name: /My token/ })).toBeVisible();
		expect(await clipboardText(context)).toBe("export MY_TOKEN='two words'");
		await page.bringToFront();
		await expect(row(page, 'My token')).toBeFocused();
	});

	test('asks which of several values, and copies all of them as one file', async ({
		page,
		context
	}) => {
		await addPair(page);
		// The letter that copies asks, too; and what was copied is called by its name.
		await page.keyboard.press('c');
		const second = page.getByRole('menuitem', { name: /AWS_SECRET_ACCESS_KEY/ });
		await second.press('Enter');
		await expect(page.getByRole('group', { name: /AWS_SECRET_ACCESS_KEY/ })).toBeVisible();
		expect(await clipboardText(context)).toBe('other half');
		await page.bringToFront();
		await expect(row(page, 'AWS')).toBeFocused();
		await page.keyboard.press('Shift+C');
		await page.getByRole('menuitem', { name: m.copy_as_json(), exact: true }).press('Enter');
		await expect(page.getByRole('menuitem', { name: 'AWS_ACCESS_KEY_ID' })).toBeFocused();
		await page.keyboard.press('End');
		await page.keyboard.press('Enter');
		// The toast of the copy before has the same name.
		await expect.poll(() => clipboardText(context)).toBe('{"AWS_SECRET_ACCESS_KEY":"other half"}');
		await page.bringToFront();

		const palette = await openPalette(page);
		await page.keyboard.type('AWS');
		await expect(page.getByRole('option', { selected: true })).toHaveText(/^A.*AWS/);
		await page.keyboard.press('Enter');
		await expect(page.getByText(m.palette_which({ name: 'AWS' }))).toBeVisible();
		await expectAccessible(page);
		await page.keyboard.press('Escape');
		await expect(palette).toHaveCount(0);

		await page.keyboard.press('Shift+C');
		await page.getByRole('menuitem', { name: m.copy_as_all_env() }).press('Enter');
		await expect
			.poll(() => clipboardText(context))
			.toBe(`AWS_ACCESS_KEY_ID=${AWS_ID}\nAWS_SECRET_ACCESS_KEY='other half'`);
	});

	test('on a phone shows every form, also where there is no room above or below', async ({
		page
	}) => {
		await addPair(page);
		await page.setViewportSize({ width: 390, height: 600 });
		await page.getByRole('button', { name: m.panel_copy_which() }).click();
		await expect(page.getByRole('menuitem', { name: 'AWS_ACCESS_KEY_ID' })).toBeInViewport({
			ratio: 1
		});
		const box = await page.getByRole('menu').boundingBox();
		expect(box?.y).toBeGreaterThanOrEqual(0);
		expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(600);
	});

	test('says why a value has no such form, and copies nothing', async ({ page }) => {
		await addKey(page, 'Odd', 'Grüße');
		await page.keyboard.press('Shift+C');
		await page.getByRole('menuitem', { name: m.copy_as_bearer() }).press('Enter');
		await expect(page.getByRole('alert')).toHaveText(m.copy_as_header());
		await expect(page.getByRole('group', { name: /Odd/ })).toBeHidden();
	});
});

test('a key is revoked with its reason, archived, and used again, by the keyboard', async ({
	page
}) => {
	await register(page, newPerson());
	await addKey(page, 'Old', 'value-of-Old');
	await heldSeconds(page);
	const title = page.getByRole('heading', { name: 'Old' });
	await page.getByRole('button', { name: m.end_revoke() }).press('Enter');
	await expect(page.getByLabel(m.end_reason())).toBeFocused();
	await expectAccessible(page);
	await page.keyboard.type('leaked in CI');
	await page.keyboard.press('ControlOrMeta+Enter');
	await expect(title).toBeFocused();
	await expect(row(page, 'Old')).toContainText('leaked in CI');
	await expectAccessible(page);
	await page.getByRole('button', { name: m.bulk_archive() }).press('Enter');
	await expect(page.getByText(m.wallet_group_archived(), { exact: true })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(row(page, 'Old')).toBeFocused();
	await page.keyboard.press('Enter');
	// An archived key goes back to what it was: revoked, and from there into use.
	await page.getByRole('button', { name: m.end_use_again() }).press('Enter');
	await expect(page.getByText(m.wallet_group_archived(), { exact: true })).toHaveCount(0);
	await expect(row(page, 'Old')).toContainText('leaked in CI');
	await page.getByRole('button', { name: m.end_use_again() }).press('Enter');
	await expect(row(page, 'Old')).not.toContainText('leaked in CI');
	await expect(title).toBeFocused();
	// Nothing asks before it: the reason comes back by Undo.
	await page.keyboard.press('z');
	await expect(row(page, 'Old')).toContainText('leaked in CI');
	await expect(title).toBeFocused();
});

/** Saves the form that is open; the answer comes when the function returned is called. */
async function saveHeld(page: Page): Promise<() => void> {
	const answer = await held(page, '**/commits');
	await page.keyboard.press('ControlOrMeta+Enter');
	await expect(page.getByRole('button', { name: m.form_saving() })).toBeVisible();
	return answer;
}

/** An edit of a key from Alpha to Beta in which " and more" is typed while it is being saved: its name. */
async function typedWhileSaved(page: Page, beforeSave: () => void = () => {}): Promise<Locator> {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-Alpha');
	await page.keyboard.press('e');
	const name = page.getByLabel(m.form_name(), { exact: true });
	await name.fill('Beta');
	beforeSave();
	const answer = await saveHeld(page);
	await page.keyboard.type(' and more');
	answer();
	return name;
}

/** The same key changed in another tab. */
async function changeElsewhere(
	context: BrowserContext,
	key: string,
	label: string,
	text: string
): Promise<Page> {
	const other = await context.newPage();
	await other.goto('/wallet');
	await row(other, key).click();
	await other.getByRole('button', { name: m.panel_edit(), exact: true }).click();
	await other.getByLabel(label, { exact: true }).fill(text);
	await other.keyboard.press('ControlOrMeta+Enter');
	return other;
}

test('letters that are typed into an edit while it is being saved stay, and are saved next', async ({
	page
}) => {
	const name = await typedWhileSaved(page);
	await expect(page.getByText(m.form_saved_since())).toBeInViewport();
	await expect(name).toHaveValue('Beta and more');
	await expect(name).toBeFocused();
	await expectAccessible(page);

	await test.step('what was kept of them is an edit of the key as it was saved', async () => {
		await page.keyboard.press('Escape');
		await expect(page.getByRole('heading', { name: 'Beta', exact: true })).toBeVisible();
		await page.getByRole('button', { name: m.draft_go_on() }).press('Enter');
		await expect(name).toHaveValue('Beta and more');
		await page.keyboard.press('ControlOrMeta+Enter');
		await expect(page.getByRole('heading', { name: 'Beta and more' })).toBeVisible();
		await expect(page.getByRole('button', { name: m.draft_go_on() })).toHaveCount(0);
		await expect(page.getByRole('row')).toHaveCount(1);
	});
});

test('an edit that goes on after a save asks for nothing again, and is saved into the same key', async ({
	page
}) => {
	const asked: string[] = [];
	const name = await typedWhileSaved(page, () => {
		page.on('request', (request) => asked.push(request.url()));
	});
	await expect(page.getByText(m.form_saved_since())).toBeVisible();
	await expect(page.getByText(m.form_outrun())).toHaveCount(0);
	await name.press('ControlOrMeta+Enter');
	await expect(page.getByRole('heading', { name: 'Beta and more' })).toBeVisible();
	await expect(page.getByRole('row')).toHaveCount(1);
	expect(asked.filter((url) => url.endsWith('/secrets'))).toEqual([]);
});

test('of an edit that goes on after a save another tab’s change is not overwritten', async ({
	page,
	context
}) => {
	const name = await typedWhileSaved(page);
	await expect(page.getByText(m.form_saved_since())).toBeVisible();
	const other = await changeElsewhere(context, 'Beta', m.form_name(), 'Gamma');
	await expect(other.getByRole('heading', { name: 'Gamma', exact: true })).toBeVisible();
	await expect(page.getByText(m.form_outrun())).toBeVisible();
	await name.press('ControlOrMeta+Enter');
	await expect(row(page, 'Gamma')).toBeVisible();
	await expect(row(page, 'Beta and more')).toBeVisible();
});

test('a change that another tab makes elsewhere in the key comes into the edit that is open', async ({
	page,
	context
}) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-Alpha');
	await page.keyboard.press('e');
	const name = page.getByLabel(m.form_name(), { exact: true });
	await name.fill('Beta');
	await changeElsewhere(context, 'Alpha', m.form_note(), 'theirs');
	await expect(page.getByText(m.form_followed())).toBeVisible();
	await expect(page.getByLabel(m.form_note(), { exact: true })).toHaveValue('theirs');
	await expect(name).toHaveValue('Beta');
	await name.press('ControlOrMeta+Enter');
	await expect(page.getByRole('heading', { name: 'Beta', exact: true })).toBeVisible();
	await expect(page.getByRole('row')).toHaveCount(1);
});

test('what is given up while a save is under way does not come back', async ({ page }) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-Alpha');
	await page.keyboard.press('e');
	await page.getByLabel(m.form_name(), { exact: true }).fill('Beta');
	const answer = await saveHeld(page);
	await page.keyboard.type(' and more');
	await page.getByRole('button', { name: m.form_cancel(), exact: true }).click();
	answer();
	await expect(page.getByRole('heading', { name: 'Beta', exact: true })).toBeVisible();
	await expect(page.getByRole('button', { name: m.panel_edit() })).toBeVisible();
	await expect(page.getByText(m.draft_kept())).toBeHidden();
});

test('a save that ends late leaves whoever went on to another key there', async ({ page }) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-Alpha');
	await page.keyboard.press('Escape');
	await addKey(page, 'Beta', 'value-of-Beta');
	await page.keyboard.press('e');
	await page.getByLabel(m.form_note(), { exact: true }).fill('saved late');
	const answer = await saveHeld(page);
	await row(page, 'Alpha').click();
	await expect(page.getByRole('heading', { name: 'Alpha' })).toBeVisible();
	answer();
	await expect(page.getByText(m.form_saved({ name: 'Beta' }))).toBeAttached();
	await page.getByRole('button', { name: m.panel_edit() }).click();
	const edit = page.getByRole('heading', { name: m.form_edit_title({ name: 'Alpha' }) });
	await expect(edit).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(edit).toBeHidden();
	await row(page, 'Beta').click();
	await expect(page.getByText('saved late', { exact: true })).toBeVisible();
	await expect(page.getByText(m.draft_kept())).toBeHidden();
});

test('letters that are typed into a rotation while it is being saved are kept', async ({
	page
}) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-Alpha');
	await page.getByRole('button', { name: m.rotate_open(), exact: true }).click();
	const value = page.getByLabel(m.rotate_value(), { exact: true });
	await value.fill('another');
	const answer = await saveHeld(page);
	await page.keyboard.type(' one');
	answer();
	await page.getByRole('button', { name: m.draft_go_on() }).click();
	await expect(value).toHaveValue('another one');
});
