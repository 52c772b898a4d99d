/** Security and Settings by the keyboard alone: nothing here presses a mouse button. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, test } from './fixtures.ts';
import { tabTo } from './keys.ts';
import { newPerson, readKit, register } from './person.ts';
import { authenticator, codeOf } from './security-steps.ts';

/** By Tab to a button or a link, and pressed. */
async function press(page: Page, role: 'button' | 'link', name: string): Promise<void> {
	await tabTo(page, page.getByRole(role, { name, exact: true }));
	await page.keyboard.press('Enter');
}

/** Types into the field that has focus already, and sends it. */
async function answer(page: Page, label: string, text: string): Promise<void> {
	await expect(page.getByLabel(label, { exact: true })).toBeFocused();
	await page.keyboard.type(text);
	await page.keyboard.press('Enter');
}

test('a passkey is added, the second factor turned on and the kit replaced', async ({ page }) => {
	test.slow();
	const person = newPerson();
	await register(page, person);
	await authenticator(page);
	await press(page, 'link', m.nav_security());

	await test.step('a passkey', async () => {
		await press(page, 'button', m.ways_passkey_add());
		await answer(page, m.stepup_password(), person.password);
		await expect(page.getByRole('button', { name: m.newpasskey_touch() })).toBeFocused();
		await page.keyboard.press('Enter');
		await answer(page, m.newpasskey_name(), 'This laptop');
		await expect(page.getByText('This laptop', { exact: true })).toBeVisible();
		await expect(page.getByRole('button', { name: m.ways_passkey_add() })).toBeFocused();
	});

	await test.step('the second factor', async () => {
		await press(page, 'button', m.factor_turn_on());
		await answer(page, m.stepup_password(), person.password);
		await expect(page.getByRole('heading', { name: m.factor_new_title() })).toBeFocused();
		const seed = await page.locator('.seed .mono').innerText();
		await tabTo(page, page.getByLabel(m.factor_new_code(), { exact: true }));
		await page.keyboard.type(codeOf(seed));
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { name: m.factor_codes_title() })).toBeFocused();
		await press(page, 'button', m.factor_codes_done());
		await expect(page.getByRole('button', { name: m.factor_turn_off() })).toBeVisible();
	});

	await test.step('the kit, with the passkey kept', async () => {
		await press(page, 'link', m.ways_kit_replace());
		await expect(page.getByRole('heading', { name: m.renew_kit_title() })).toBeFocused();
		await tabTo(page, page.getByLabel(m.stepup_password(), { exact: true }));
		await answer(page, m.stepup_password(), person.password);
		await expect(page.getByRole('heading', { name: m.renew_plan_title() })).toBeFocused();
		await press(page, 'button', m.renew_keep_name({ name: 'This laptop' }));
		await press(page, 'button', m.renew_agree());
		for (const [index, group] of (await readKit(page)).entries()) {
			const field = page.getByLabel(m.kit_group({ number: index + 1 }), { exact: true });
			if (!(await field.isVisible())) continue;
			await tabTo(page, field);
			await page.keyboard.type(group);
		}
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { name: m.renew_done_title() })).toBeFocused();
		await press(page, 'button', m.renew_done_go());
		await expect(page.getByText('This laptop', { exact: true })).toBeVisible();
	});
});

test('settings are chosen, and the account is deleted', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	await press(page, 'link', m.nav_settings());
	await tabTo(page, page.getByLabel(m.profile_name(), { exact: true }));
	await page.keyboard.type('Ada');
	await page.keyboard.press('Tab');
	await expect(page.getByText(m.settings_saved(), { exact: true })).toBeVisible();
	const themes = page.getByRole('radiogroup', { name: m.theme_label() });
	await tabTo(page, themes.getByRole('radio', { name: m.theme_system() }));
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowRight');
	await expect(themes.getByRole('radio', { name: m.theme_dark() })).toBeFocused();
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
	await tabTo(page, page.getByRole('checkbox', { name: m.characters_on() }));
	await page.keyboard.press('Space');
	await expect(page.getByRole('checkbox', { name: m.characters_on() })).not.toBeChecked();
	await press(page, 'button', m.leave_button());
	await answer(page, m.leave_type({ text: person.email }), person.email);
	await answer(page, m.stepup_password(), person.password);
	await expect(page.getByRole('heading', { name: m.home_title() })).toBeVisible();
});
