/** What a person does, in the words of the message catalogue. */
import { expect, type Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';

export interface Person {
	readonly email: string;
	readonly password: string;
}

let made = 0;

/** Somebody who has no account yet. */
export function newPerson(): Person {
	made += 1;
	return { email: `ada.${made}@example.org`, password: 'seven brass ticks on warm paper' };
}

/** From the first page to an empty vault. `atKit` is called while the recovery kit is on screen. */
export async function register(
	page: Page,
	person: Person,
	atKit?: () => Promise<void>
): Promise<readonly string[]> {
	const kit = await createAccount(page, person, atKit);
	await page.waitForURL('**/wallet');
	return kit;
}

/** From the first page to the confirmed kit; what comes then is the server's to say. */
export async function createAccount(
	page: Page,
	{ email, password }: Person,
	atKit?: () => Promise<void>
): Promise<readonly string[]> {
	await page.goto('/register');
	await page.getByLabel(m.register_email()).fill(email);
	await page.getByLabel(m.register_password(), { exact: true }).fill(password);
	await expect(page.getByText(m.strength_local())).toBeVisible();
	await page.getByRole('button', { name: m.register_button() }).click();
	await expect(page.getByRole('heading', { name: m.kit_title() })).toBeVisible();
	const kit = await readKit(page);
	await atKit?.();
	await confirmKit(page, kit);
	return kit;
}

/** The nine groups of the recovery kit as they stand on the sheet. */
export async function readKit(page: Page): Promise<string[]> {
	const groups = page.getByRole('list', { name: m.kit_groups_label() }).locator('.group');
	await expect(groups).toHaveCount(9);
	return await groups.allInnerTexts();
}

/** Types back the two groups that are asked for, and goes on by the button called `action`. */
export async function confirmKit(
	page: Page,
	kit: readonly string[],
	action: string = m.kit_continue()
): Promise<void> {
	for (const [index, group] of kit.entries()) {
		const field = page.getByLabel(m.kit_group({ number: index + 1 }), { exact: true });
		if (await field.isVisible()) await field.fill(group);
	}
	await page.getByRole('button', { name: action }).click();
}

/** From the unlock page, with this device knowing the email or not, to the open vault. */
export async function unlock(page: Page, { email, password }: Person): Promise<void> {
	const passwordField = page.getByLabel(m.unlock_password(), { exact: true });
	// Whether the email is asked for shows once the page is there.
	await expect(passwordField).toBeVisible();
	const emailField = page.getByLabel(m.unlock_email(), { exact: true });
	if (await emailField.isVisible()) {
		// Letter by letter, as a person does: focus stays in the field.
		await emailField.focus();
		await page.keyboard.type(email);
		await expect(emailField).toHaveValue(email);
	}
	await passwordField.fill(password);
	await page.getByRole('button', { name: m.unlock_button(), exact: true }).click();
	await expect(page.getByRole('button', { name: m.nav_lock(), exact: true })).toBeVisible();
}

/** Locks, where something is open. */
export async function lock(page: Page): Promise<void> {
	const button = page.getByRole('button', { name: m.nav_lock(), exact: true });
	if (!(await button.isVisible())) return;
	await button.click();
	await expect(button).toHaveCount(0);
}

/** Comes back to a page of this browser when nothing is open in it any more. */
export async function comeBack(page: Page, path: string): Promise<void> {
	await lock(page);
	await page.goto(path);
}

/** Until the log has the next thing that this device says of itself, such as a copy. */
export async function noted(page: Page): Promise<void> {
	await page.waitForResponse((response) => response.url().endsWith('/notes'));
}

/** From the wallet to a kept key. */
export async function addKey(page: Page, name: string, value: string): Promise<void> {
	await page
		.getByRole('link', { name: new RegExp(`^(${m.wallet_empty_type()}|${m.wallet_add()})$`) })
		.first()
		.click();
	await page.getByLabel(m.form_name(), { exact: true }).fill(name);
	await page.getByLabel(m.form_value(), { exact: true }).fill(value);
	// It is said in the log after it is stored, by a part that is loaded for it: then nothing is under way.
	await Promise.all([noted(page), page.getByRole('button', { name: m.form_keep() }).click()]);
	await page.waitForURL('**/wallet#key=*');
	// The panel is loaded when the first key is opened.
	await expect(page.getByRole('button', { name: m.panel_copy() }).first()).toBeVisible();
}
