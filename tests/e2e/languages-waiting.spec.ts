/**
 * What stands where an answer is awaited, and where there is no network, in the language with the
 * longest words and in a made-up one: no text is cut. With pictures, in every language.
 */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { speak } from '#lib/i18n/language.ts';
import { expect, test } from './fixtures.ts';
import { held } from './held.ts';
import { LIST_SIZES, lookAt, OWN_SIZES, WORDINGS, type Look } from './looks.ts';
import { addKey, lock, newPerson, register } from './person.ts';

test.afterEach(async () => {
	await speak('en');
});

for (const wording of WORDINGS) {
	const language = wording === 'made' ? 'en' : wording;
	test.describe(`in ${wording === 'made' ? 'a language from the right' : wording}`, () => {
		test.use({ locale: language, expectedErrors: [/ERR_INTERNET_DISCONNECTED/] });

		test('the screens hold their texts while they wait, and offline', async ({ page }) => {
			await speak(language);
			await page.emulateMedia({ reducedMotion: 'reduce' });
			await walk(page, lookAt(page, wording));
		});
	});
}

/** What stands where an answer is awaited, and where there is no network. */
async function walk(page: Page, look: Look): Promise<void> {
	const wide = () => page.setViewportSize({ width: 1280, height: 800 });
	const link = (name: string) => page.getByRole('link', { name, exact: true }).first();
	/** Where the page before says the same words: there is nothing to wait for but the page itself. */
	const go = async (name: string) => {
		await link(name).click();
		await expect(link(name)).toHaveAttribute('aria-current', 'page');
	};
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'OpenAI', `sk-proj-${'Ab3'.repeat(30)}`);
	await lock(page);
	let answer = await held(page);
	await page.getByLabel(m.unlock_password(), { exact: true }).fill(person.password);
	await page.getByRole('button', { name: m.unlock_button(), exact: true }).click();
	await expect(page.getByRole('progressbar', { name: m.unlock_progress() })).toHaveCount(1);
	await look('unlock-waiting', OWN_SIZES);
	answer();
	await wide();
	await expect(page.getByRole('button', { name: m.nav_lock(), exact: true })).toBeVisible();

	answer = await held(page);
	for (const [place, screen] of [
		[m.nav_activity(), 'activity-waiting'],
		[m.nav_security(), 'security-waiting']
	] as const) {
		await wide();
		await go(place);
		await expect(page.getByText(m.loading(), { exact: true }).first()).toBeVisible();
		await look(screen, OWN_SIZES);
	}
	answer();
	await wide();
	// All that these pages load is there before the network goes.
	for (const [place, last] of [
		[m.nav_activity(), m.activity_words_title()],
		[m.nav_security(), m.devices_alone()]
	] as const) {
		await go(place);
		await expect(page.getByText(last, { exact: true })).toBeVisible();
		await expect(page.getByText(m.loading(), { exact: true })).toHaveCount(0);
	}
	await page.context().setOffline(true);
	for (const [place, screen] of [
		[m.nav_activity(), 'activity-offline'],
		[m.nav_security(), 'security-offline']
	] as const) {
		await wide();
		await go(place);
		await expect(page.getByText(m.fault_offline()).first()).toBeVisible();
		await look(screen, OWN_SIZES);
	}
	await wide();
	await go(m.nav_wallet());
	await expect(page.getByText(m.offline_title(), { exact: true })).toBeVisible();
	await look('wallet-offline', LIST_SIZES);
	await wide();
	await page.getByRole('row', { name: 'OpenAI' }).click();
	await page.getByRole('button', { name: m.panel_reveal(), exact: true }).click();
	await expect(page.getByText(m.fault_offline()).first()).toBeVisible();
	await look('panel-offline', LIST_SIZES);
	await page.context().setOffline(false);
}
