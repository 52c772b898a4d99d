/** The second factor at the door: after the password, and after the recovery kit. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expectOpen, openWithKit, renewAll, turnFactorOn } from './door-steps.ts';
import { expect, expectAccessible, paste, picture, test } from './fixtures.ts';
import { comeBack, newPerson, register } from './person.ts';
import { codeOf, goTo, signOut } from './security-steps.ts';

const NEXT = 'eleven copper hinges in a drawer';

function codeField(page: Page) {
	return page.getByLabel(m.code_label(), { exact: true });
}

test('a code is asked for after the password; a wrong one costs nothing and keeps what was typed', async ({
	page,
	anotherBrowser
}) => {
	const person = newPerson();
	await register(page, person);
	await goTo(page, 'security');
	const { seed, codes } = await turnFactorOn(page, person);

	const other = await anotherBrowser();
	const derivations: string[] = [];
	other.on('worker', (worker) => {
		if (worker.url().includes('argon2')) derivations.push(worker.url());
	});
	await other.goto('/login');
	await other.getByLabel(m.unlock_email(), { exact: true }).fill(person.email);
	await other.getByLabel(m.unlock_password(), { exact: true }).fill(person.password);
	await other.keyboard.press('Enter');
	await expect(codeField(other)).toBeFocused();
	await expectAccessible(other);
	await picture(other, 'login-code');
	await other.keyboard.press('Enter');
	await expect(other.getByText(m.code_missing())).toBeVisible();
	await codeField(other).fill('000000');
	await other.keyboard.press('Enter');
	await expect(other.getByText(m.code_wrong())).toBeVisible();
	await expect(codeField(other)).toBeFocused();
	await expect(codeField(other)).toHaveValue('000000');
	await expectAccessible(other);
	await codeField(other).fill('');
	const code = codeOf(seed, 1);
	await paste(other, `${code.slice(0, 3)} ${code.slice(3)}`);
	await other.keyboard.press('Enter');
	await expectOpen(other);
	expect(derivations).toHaveLength(1);

	await signOut(other);
	await other.getByLabel(m.unlock_password(), { exact: true }).fill(person.password);
	await other.keyboard.press('Enter');
	await codeField(other).fill(codes[0]?.toLowerCase() ?? '');
	await other.keyboard.press('Enter');
	await expectOpen(other);
});

test('beginning again leaves nothing that waits', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	await goTo(page, 'security');
	const { codes } = await turnFactorOn(page, person);
	await comeBack(page, '/login');
	await page.getByLabel(m.unlock_password(), { exact: true }).fill(person.password);
	await page.keyboard.press('Enter');
	await codeField(page).fill('111111');
	await page.getByRole('button', { name: m.unlock_code_back() }).click();
	await expect(page.getByLabel(m.unlock_password(), { exact: true })).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(codeField(page)).toHaveValue('');
	await codeField(page).fill(codes[1] ?? '');
	await page.keyboard.press('Enter');
	await expectOpen(page);
});

test('a connection that breaks keeps the code and the keys that wait for it', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	await goTo(page, 'security');
	const { codes } = await turnFactorOn(page, person);
	await comeBack(page, '/login');
	await page.getByLabel(m.unlock_password(), { exact: true }).fill(person.password);
	await page.keyboard.press('Enter');
	await codeField(page).fill(codes[2] ?? '');
	await page.route('**/api/v1/auth/challenge', (route) => route.abort());
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.fault_offline())).toBeVisible();
	await expect(codeField(page)).toHaveValue(codes[2] ?? '');
	await page.unrouteAll();
	await page.keyboard.press('Enter');
	await expectOpen(page);
});

test('the recovery kit asks for a code as well', async ({ page, anotherBrowser }) => {
	const person = newPerson();
	const kit = await register(page, person);
	await goTo(page, 'security');
	const { codes } = await turnFactorOn(page, person);
	const other = await anotherBrowser();
	await other.goto('/recover');
	await openWithKit(other, person.email, kit);
	await expect(other.getByText(m.unlock_code_lead_kit())).toBeVisible();
	await expectAccessible(other);
	await codeField(other).fill(codes[3] ?? '');
	await other.keyboard.press('Enter');
	await renewAll(other, NEXT);
});
