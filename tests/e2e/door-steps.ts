/** What a person does before the vault, in the words of the message catalogue. */
import { expect, type Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { tabTo, type } from './keys.ts';
import { readKit, type Person } from './person.ts';
import { codeOf, stepUp } from './security-steps.ts';

/** Types email and kit on the page of recovery, and sends them: by the keyboard alone. */
export async function openWithKit(
	page: Page,
	email: string,
	kit: readonly string[]
): Promise<void> {
	await type(page, page.getByLabel(m.unlock_email(), { exact: true }), email);
	await typeKit(page, kit);
	await page.keyboard.press('Enter');
}

/** Symbol by symbol, as from paper: a full group hands on to the next. */
export async function typeKit(page: Page, kit: readonly string[]): Promise<void> {
	await tabTo(page, page.getByLabel(m.kit_group({ number: 1 }), { exact: true }));
	await page.keyboard.type(kit.join('').toLowerCase());
}

/** From the opened kit to the wallet, by the keyboard alone. @returns the new kit */
export async function renewAll(page: Page, password: string): Promise<string[]> {
	await type(page, page.getByLabel(m.recover_step_password(), { exact: true }), password);
	await expect(page.getByText(m.strength_local())).toBeVisible();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: m.kit_title() })).toBeVisible();
	const kit = await readKit(page);
	for (const [index, group] of kit.entries()) {
		const field = page.getByLabel(m.kit_group({ number: index + 1 }), { exact: true });
		if (!(await field.isVisible())) continue;
		await tabTo(page, field);
		await page.keyboard.type(group);
	}
	await page.keyboard.press('Enter');
	await page.waitForURL('**/wallet');
	return kit;
}

export async function expectOpen(page: Page): Promise<void> {
	await expect(page.getByRole('button', { name: m.nav_lock(), exact: true })).toBeVisible();
}

/** Turns the second factor on, from the security page and back to it; the code of now is used up. */
export async function turnFactorOn(
	page: Page,
	{ password }: Person
): Promise<{ readonly seed: string; readonly codes: readonly string[] }> {
	await page.getByRole('button', { name: m.factor_turn_on(), exact: true }).click();
	await stepUp(page, password);
	const seed = await page.locator('.seed .mono').innerText();
	await page.getByLabel(m.factor_new_code(), { exact: true }).fill(codeOf(seed));
	await page.keyboard.press('Enter');
	const listed = page.getByRole('list', { name: m.factor_codes_label() }).getByRole('listitem');
	await expect(listed).toHaveCount(10);
	const codes = await listed.allInnerTexts();
	await page.getByRole('button', { name: m.factor_codes_done() }).click();
	return { seed, codes };
}
