/** Every screen before the vault: accessible in both themes, nothing sideways when it is narrow. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { openWithKit } from './door-steps.ts';
import { expect, expectAccessible, picture } from './fixtures.ts';
import { FORMS } from './forms.ts';
import { linkIn, test } from './mailed.ts';
import { createAccount, newPerson, readKit } from './person.ts';
import { authenticator } from './security-steps.ts';
import type { SmtpCatcher } from '../smtp.ts';

const NEXT = 'eleven copper hinges in a drawer';

for (const { name, width, height, colorScheme } of FORMS) {
	test(`doors at ${name}`, async ({ page, smtp }) => {
		await page.setViewportSize({ width, height });
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await walk(page, smtp, async (screen) => {
			await expectAccessible(page);
			const sideways = await page.evaluate(
				() => document.documentElement.scrollWidth - document.documentElement.clientWidth
			);
			expect(sideways, screen).toBeLessThanOrEqual(0);
			await picture(page, `${name}-door-${screen}`);
		});
	});
}

/** Past every screen, calling `look` at each. */
async function walk(
	page: Page,
	smtp: SmtpCatcher,
	look: (screen: string) => Promise<void>
): Promise<void> {
	const person = newPerson();
	const heading = (name: string) => page.getByRole('heading', { name });
	await authenticator(page);
	await page.goto('/login');
	await expect(page.getByRole('button', { name: m.unlock_passkey() })).toBeVisible();
	await look('login');
	await page.goto('/register');
	await expect(page.getByText(m.register_mail_text())).toBeVisible();
	await look('register');
	const kit = await createAccount(page, person);
	await expect(heading(m.register_wait_title())).toBeVisible();
	await page.getByRole('button', { name: m.register_wait_followed() }).click();
	await expect(page.getByText(m.register_wait_not_yet())).toBeVisible();
	await look('register-wait');
	await page.goto(linkIn(await smtp.next(person.email)).href);
	await expect(heading(m.confirm_done_title())).toBeVisible();
	await look('confirm-done');
	await page.goto('/confirm#nothing');
	await expect(heading(m.follow_none_title())).toBeVisible();
	await look('link-none');

	await page.goto('/recover');
	await expect(page.getByRole('button', { name: m.recover_send() })).toBeVisible();
	await look('recover');
	await page.getByLabel(m.unlock_email(), { exact: true }).fill(person.email);
	await page.getByRole('button', { name: m.recover_send() }).click();
	await expect(heading(m.recover_sent_title())).toBeVisible();
	await look('recover-sent');
	await page.goto(linkIn(await smtp.next(person.email)).href);
	await page.getByRole('button', { name: m.recover_kit_button() }).click();
	await expect(page.getByText(m.recover_kit_missing())).toBeVisible();
	await look('recover-kit-refused');
	await openWithKit(page, person.email, kit);
	await expect(heading(m.recover_password_title())).toBeVisible();
	await page.getByLabel(m.recover_step_password(), { exact: true }).fill(NEXT);
	await expect(page.getByText(m.strength_local())).toBeVisible();
	await look('recover-password');
	await page.getByRole('button', { name: m.recover_password_button() }).click();
	await readKit(page);
	await look('recover-kit-new');

	await page.goto('/start-over');
	await expect(page.getByRole('button', { name: m.start_over_send() })).toBeVisible();
	await look('start-over');
	await page.getByLabel(m.unlock_email(), { exact: true }).fill(person.email);
	await page.getByRole('button', { name: m.start_over_send() }).click();
	await expect(heading(m.start_over_sent_title())).toBeVisible();
	let mail = await smtp.next(person.email);
	while (mail.mail.subject !== m.mail_erase_subject()) mail = await smtp.next(person.email);
	await page.goto(linkIn(mail).href);
	await expect(heading(m.start_over_begin_title())).toBeVisible();
	await look('start-over-begin');
	await page.getByRole('button', { name: m.start_over_begin() }).click();
	await expect(page.getByText(m.start_over_begun_text())).toBeVisible();
	await look('start-over-begun');
	await page.goto(linkIn(await smtp.next(person.email)).href);
	await expect(heading(m.stop_done_title())).toBeVisible();
	await look('stop-done');
	await page.goto(`/email#${'A'.repeat(43)}`);
	await expect(heading(m.email_link_title())).toBeVisible();
	await look('email');
	await page.getByRole('button', { name: m.email_link_button() }).click();
	await expect(heading(m.email_link_spent_title())).toBeVisible();
	await look('email-spent');
}
