/** Every screen and dialog of Security and Settings: accessible in both themes, nothing sideways. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import { FORMS } from './forms.ts';
import { addKey, confirmKit, newPerson, readKit, register, type Person } from './person.ts';
import { addPasskey, authenticator, codeOf, goTo, stepUp } from './security-steps.ts';

type Look = (screen: string) => Promise<void>;

for (const { name, width, height, colorScheme } of FORMS) {
	test(`security and settings at ${name}`, async ({ page }) => {
		test.slow();
		await page.setViewportSize({ width, height });
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		const look: Look = async (screen) => {
			await expectAccessible(page);
			expect(await sideways(page), screen).toBeLessThanOrEqual(0);
			await wholePicture(page, `${name}-${screen}`);
		};
		const person = newPerson();
		await register(page, person);
		await addKey(page, 'OpenAI main', `sk-proj-${'Ab3'.repeat(30)}`);
		if (width < 720) await page.goBack();
		await authenticator(page);
		await goTo(page, 'security');
		await addPasskey(page, person.password, 'A passkey whose name says at length where it is kept');
		await look('security');
		await waysIn(page, person, look);
		await secondFactor(page, person, look);
		await settings(page, look);
	});
}

/** How many px of the page lie beyond the right edge, in what scrolls too. */
async function sideways(page: Page): Promise<number> {
	return await page.evaluate(() => {
		const all = [document.documentElement, ...document.querySelectorAll('main *')];
		const over = all.map((each) => {
			const scrolls = ['auto', 'scroll'].includes(getComputedStyle(each).overflowX);
			return scrolls ? each.scrollWidth - each.clientWidth : 0;
		});
		const whole = document.documentElement;
		return Math.max(whole.scrollWidth - whole.clientWidth, ...over);
	});
}

/** What scrolls is made as high as it is for the picture. */
async function wholePicture(page: Page, name: string): Promise<void> {
	await picture(page, name);
	const height = await page.evaluate(() => {
		const inner = document.querySelector('.scroll');
		return inner === null ? 0 : inner.scrollHeight - inner.clientHeight;
	});
	const size = page.viewportSize();
	if (height <= 0 || size === null) return;
	await page.setViewportSize({ width: size.width, height: size.height + height });
	await picture(page, `${name}-whole`);
	await page.setViewportSize(size);
}

async function waysIn(page: Page, person: Person, look: Look): Promise<void> {
	await page.getByRole('button', { name: m.ways_passkey_add() }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await look('passkey-add');
	await page.keyboard.press('Escape');
	await page.getByRole('link', { name: m.ways_password_change(), exact: true }).click();
	await page.getByLabel(m.password_next(), { exact: true }).fill('hunter2');
	await page.getByText(m.password_known(), { exact: true }).click();
	await page.getByRole('button', { name: m.renew_next(), exact: true }).click();
	await expect(page.getByText(m.unlock_password_missing())).toBeVisible();
	await look('password-refused');
	await page.getByRole('link', { name: m.cancel(), exact: true }).click();
	await page.getByRole('link', { name: m.ways_kit_replace(), exact: true }).click();
	await expect(page.getByRole('heading', { name: m.renew_kit_title() })).toBeFocused();
	await look('renew');
	await page.getByLabel(m.stepup_password(), { exact: true }).fill(person.password);
	await page.getByRole('button', { name: m.renew_next(), exact: true }).click();
	await expect(page.getByRole('heading', { name: m.renew_plan_title() })).toBeFocused();
	await look('renew-plan');
	await page.getByRole('button', { name: /^Keep / }).click();
	await expect(page.getByText(m.renew_plan_kept())).toBeVisible();
	await page.getByRole('button', { name: m.renew_agree(), exact: true }).click();
	const kit = await readKit(page);
	await look('renew-kit');
	await confirmKit(page, kit, m.renew_action({ count: 1 }));
	await expect(page.getByRole('heading', { name: m.renew_done_title() })).toBeFocused();
	await look('renew-done');
	await page.getByRole('button', { name: m.renew_done_go() }).click();
}

async function secondFactor(page: Page, person: Person, look: Look): Promise<void> {
	await page.getByRole('button', { name: m.factor_turn_on(), exact: true }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await look('stepup');
	await stepUp(page, person.password);
	await expect(page.getByRole('img', { name: m.factor_qr() })).toBeVisible();
	await look('factor-seed');
	const seed = await page.locator('.seed .mono').innerText();
	await page.getByLabel(m.factor_new_code(), { exact: true }).fill(codeOf(seed));
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: m.factor_codes_title() })).toBeFocused();
	await look('factor-codes');
	await page.getByRole('button', { name: m.factor_codes_done() }).click();
	await page.getByRole('button', { name: m.factor_turn_off(), exact: true }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await look('factor-off');
	await page.keyboard.press('Escape');
}

async function settings(page: Page, look: Look): Promise<void> {
	await goTo(page, 'settings');
	await page
		.getByRole('radiogroup', { name: m.density_label() })
		.getByText(m.density_compact(), { exact: true })
		.click();
	await expect(page.getByText(m.settings_saved(), { exact: true })).toBeVisible();
	await page.getByRole('button', { name: m.email_change(), exact: true }).click();
	await page.getByRole('button', { name: m.email_next(), exact: true }).click();
	await expect(page.getByText(m.register_email_wrong())).toBeVisible();
	await look('settings');
	await page.getByRole('button', { name: m.leave_button(), exact: true }).click();
	await expect(page.getByRole('dialog')).toBeVisible();
	await look('settings-delete');
	await page.keyboard.press('Escape');
	await page.getByRole('link', { name: m.nav_wallet(), exact: true }).click();
	await expect(page.getByRole('row', { name: /OpenAI main/ })).toBeVisible();
	await look('wallet-compact');
}
