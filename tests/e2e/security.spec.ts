/** The ways in, the second factor and the sessions: what their owner changes, and what it ends. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { askedBeforeReload } from './before-reload.ts';
import { clipboardText, expect, expectAccessible, picture, test } from './fixtures.ts';
import { enter } from './keys.ts';
import { addKey, confirmKit, newPerson, readKit, register, unlock, type Person } from './person.ts';
import { textOfQr } from './qr.ts';
import { addPasskey, authenticator, codeOf, goTo, signOut, stepUp } from './security-steps.ts';
import { Sent } from './sent.ts';

const NEXT = 'eleven copper hinges in a drawer';

async function expectOpen(page: Page): Promise<void> {
	await expect(page.getByRole('button', { name: m.nav_lock(), exact: true })).toBeVisible();
}

/** A second browser of the same person, open on the wallet. */
async function elsewhere(open: () => Promise<Page>, person: Person): Promise<Page> {
	const page = await open();
	await page.goto('/login');
	await expect(page.getByLabel(m.unlock_password(), { exact: true })).toBeVisible();
	await unlock(page, person);
	return page;
}

/** Said in these words, before anything is done. */
async function expectSaid(page: Page, ...texts: readonly string[]): Promise<void> {
	for (const text of texts) await expect(page.getByText(text)).toBeVisible();
}

/** The next thing that the other browser asks the server for is refused, and it locks. */
async function expectEnded(page: Page, name: string): Promise<void> {
	await page.getByRole('button', { name: m.wallet_copy_name({ name }) }).click();
	await expect(page.getByText(m.unlock_locked_expired())).toBeVisible();
	await expect(page.getByRole('button', { name: m.nav_lock(), exact: true })).toHaveCount(0);
}

test('another password signs the other browser out, and opens there', async ({
	page,
	anotherBrowser
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	const other = await elsewhere(anotherBrowser, person);
	await goTo(page, 'security');
	await page.getByRole('link', { name: m.ways_password_change(), exact: true }).click();
	await page.getByLabel(m.password_current(), { exact: true }).fill('not this one');
	await page.getByLabel(m.password_next(), { exact: true }).fill(NEXT);
	await page.getByRole('button', { name: m.password_change() }).click();
	await expect(page.getByText(m.stepup_wrong_password())).toBeVisible();
	await expect(page.getByLabel(m.password_current(), { exact: true })).toBeFocused();
	await page.getByLabel(m.password_current(), { exact: true }).fill(person.password);
	await page.getByRole('button', { name: m.password_change() }).click();
	await expect(page.getByRole('heading', { name: m.password_changed() })).toBeFocused();
	await expectEnded(other, 'Alpha');
	await other.getByLabel(m.unlock_password(), { exact: true }).fill(person.password);
	await other.getByRole('button', { name: m.unlock_button(), exact: true }).click();
	await expect(other.getByText(m.unlock_wrong())).toBeVisible();
	await unlock(other, { ...person, password: NEXT });
});

test('a password that somebody may know goes with the old kit and the old keys', async ({
	page,
	anotherBrowser
}) => {
	const person = newPerson();
	const old = await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	const other = await elsewhere(anotherBrowser, person);
	await goTo(page, 'security');
	await page.getByRole('link', { name: m.ways_password_change(), exact: true }).click();
	await page.getByLabel(m.password_current(), { exact: true }).fill(person.password);
	await page.getByLabel(m.password_next(), { exact: true }).fill(NEXT);
	await page.getByText(m.password_known(), { exact: true }).click();
	await expectSaid(page, m.password_known_text());
	await page.getByRole('button', { name: m.renew_next(), exact: true }).click();
	await expectSaid(page, m.renew_plan_lead(), m.renew_plan_kit(), m.ends_others());
	await page.getByRole('button', { name: m.renew_agree(), exact: true }).click();
	const kit = await readKit(page);
	expect(kit).not.toEqual(old);
	await confirmKit(page, kit, m.renew_action({ count: 1 }));
	await expect(page.getByRole('heading', { name: m.renew_done_title() })).toBeFocused();
	await expectEnded(other, 'Alpha');
	await unlock(other, { ...person, password: NEXT });
	await expect(other.getByText('Alpha', { exact: true }).first()).toBeVisible();
});

test('a passkey is added, used, renamed, kept by touch and removed', async ({
	page,
	anotherBrowser
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	const other = await elsewhere(anotherBrowser, person);
	const first = await authenticator(page);
	await goTo(page, 'security');
	await addPasskey(page, person.password, 'This laptop');
	await picture(page, 'security-passkey');
	await expectEnded(other, 'Alpha');

	await test.step('the same authenticator is not taken twice', async () => {
		await page.getByRole('button', { name: m.ways_passkey_add() }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByLabel(m.stepup_password(), { exact: true }).fill(person.password);
		await dialog.getByRole('button', { name: m.newpasskey_next() }).click();
		await dialog.getByRole('button', { name: m.newpasskey_touch() }).click();
		await expect(dialog.getByText(m.newpasskey_there())).toBeVisible();
		await expectAccessible(page);
		await page.keyboard.press('Escape');
		await expect(dialog).toHaveCount(0);
		await expect(page.getByRole('button', { name: m.ways_passkey_add() })).toBeFocused();
	});

	await test.step('it gets another name', async () => {
		await page
			.getByRole('button', { name: m.ways_passkey_rename_name({ name: 'This laptop' }) })
			.click();
		await page.getByLabel(m.newpasskey_name(), { exact: true }).fill('Old laptop');
		await expectAccessible(page);
		await page.keyboard.press('Enter');
		await expect(page.getByText('Old laptop', { exact: true })).toBeVisible();
	});

	await test.step('a second one is added from another authenticator', async () => {
		await first.remove();
		await authenticator(page);
		await addPasskey(page, person.password, 'New laptop');
	});

	await test.step('the old one is removed, and the new one kept by its touch', async () => {
		await page
			.getByRole('link', { name: m.ways_passkey_remove_name({ name: 'Old laptop' }) })
			.click();
		await expectSaid(page, m.renew_passkey_lead(), m.renew_does_2(), m.renew_does_3());
		await page.getByLabel(m.stepup_password(), { exact: true }).fill(person.password);
		await page.getByRole('button', { name: m.renew_next(), exact: true }).click();
		await expect(page.getByText(m.renew_plan_removed())).toBeVisible();
		await expect(page.getByText(m.renew_plan_dropped())).toBeVisible();
		await expect(
			page.getByRole('button', { name: m.renew_agree_dropping({ count: 2 }) })
		).toBeVisible();
		await expectAccessible(page);
		await picture(page, 'security-plan');
		await page.getByRole('button', { name: m.renew_keep_name({ name: 'New laptop' }) }).click();
		await expect(page.getByText(m.renew_plan_kept())).toBeVisible();
		await page.getByRole('button', { name: m.renew_agree_dropping({ count: 1 }) }).click();
		await confirmKit(page, await readKit(page), m.renew_action({ count: 1 }));
		await page.getByRole('button', { name: m.renew_done_go() }).click();
		await expect(page.getByText('New laptop', { exact: true })).toBeVisible();
		await expect(page.getByText('Old laptop', { exact: true })).toHaveCount(0);
	});
});

test('an authenticator without PRF is refused with a sentence, and nothing is enrolled', async ({
	page
}) => {
	const person = newPerson();
	await register(page, person);
	await authenticator(page, { prf: false });
	await goTo(page, 'security');
	const sent = new Sent(page);
	await page.getByRole('button', { name: m.ways_passkey_add() }).click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel(m.stepup_password(), { exact: true }).fill('not this one');
	await dialog.getByRole('button', { name: m.newpasskey_next() }).click();
	await expect(dialog.getByText(m.stepup_wrong_password())).toBeVisible();
	await dialog.getByLabel(m.stepup_password(), { exact: true }).fill(person.password);
	await dialog.getByRole('button', { name: m.newpasskey_next() }).click();
	await dialog.getByRole('button', { name: m.newpasskey_touch() }).click();
	await expect(dialog.getByText(m.fault_no_prf())).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('button', { name: /^Rename/ })).toHaveCount(0);
	expect(sent.count('/commits')).toBe(0);
});

test('the second factor is turned on with a code, asked for, and turned off', async ({
	page,
	context,
	anotherBrowser
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	const other = await elsewhere(anotherBrowser, person);
	await goTo(page, 'security');
	const turnOn = page.getByRole('button', { name: m.factor_turn_on(), exact: true });
	await turnOn.click();
	await expect(page.getByRole('dialog', { name: m.stepup_title() })).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'security-stepup');
	await page.keyboard.press('Escape');
	await expect(turnOn).toBeFocused();
	await turnOn.click();
	await stepUp(page, person.password);
	const drawn = page.getByRole('img', { name: m.factor_qr() }).locator('.dark');
	const scanned = textOfQr((await drawn.getAttribute('d')) ?? '');
	const seed = await page.locator('.seed .mono').innerText();
	const named = encodeURIComponent(`Keyhold:${person.email}`);
	expect(scanned).toContain(`otpauth://totp/${named}?secret=${seed.replaceAll(' ', '')}&`);
	await expectSaid(page, m.ends_others());
	await expectAccessible(page);
	await picture(page, 'security-seed');
	const field = page.getByLabel(m.factor_new_code(), { exact: true });
	await field.fill('000000');
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.code_wrong_new())).toBeVisible();
	await field.fill(codeOf(seed));
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: m.factor_codes_title() })).toBeFocused();
	const codes = await page
		.getByRole('list', { name: m.factor_codes_label() })
		.getByRole('listitem')
		.allInnerTexts();
	await expectAccessible(page);
	await picture(page, 'security-codes');
	await page.getByRole('button', { name: m.kit_copy(), exact: true }).click();
	await expect(page.getByRole('group', { name: /Backup codes/ })).toBeVisible();
	expect((await clipboardText(context)).split('\n')).toHaveLength(10);
	await page.bringToFront();
	const downloading = page.waitForEvent('download');
	await page.getByRole('button', { name: m.kit_download(), exact: true }).click();
	expect((await downloading).suggestedFilename()).toBe('keyhold-backup-codes.txt');
	// They are shown this once.
	expect(await askedBeforeReload(page)).toBe('beforeunload');
	await page.getByRole('button', { name: m.factor_codes_done() }).click();
	await expect(page.getByText(m.factor_codes_left({ count: 10, total: '10' }))).toBeVisible();
	await expectEnded(other, 'Alpha');

	await test.step('another password takes a code too, and a backup code is one', async () => {
		await page.getByRole('link', { name: m.ways_password_change(), exact: true }).click();
		await page.getByLabel(m.password_current(), { exact: true }).fill(person.password);
		await page.getByLabel(m.password_next(), { exact: true }).fill(NEXT);
		const code = page.getByLabel(m.code_label(), { exact: true });
		await code.fill('000000');
		await page.getByRole('button', { name: m.password_change() }).click();
		await expect(page.getByText(m.code_wrong())).toBeVisible();
		await expect(code).toBeFocused();
		await code.fill(codes[0] ?? '');
		await page.keyboard.press('Enter');
		await page.getByRole('link', { name: m.renew_done_go() }).click();
		await expect(page.getByText(m.factor_codes_left({ count: 9, total: '10' }))).toBeVisible();
	});

	await page.getByRole('button', { name: m.factor_turn_off(), exact: true }).click();
	const dialog = page.getByRole('dialog', { name: m.factor_turn_off_title() });
	await expect(dialog.getByText(m.factor_turn_off_text())).toBeVisible();
	await dialog.getByLabel(m.code_label(), { exact: true }).fill(codes[1] ?? '');
	await dialog.getByRole('button', { name: m.factor_turn_off(), exact: true }).click();
	await expect(page.getByRole('dialog', { name: m.stepup_title() })).toBeVisible();
	await expectAccessible(page);
	await page.keyboard.press('Escape');
	await expect(
		dialog.getByRole('button', { name: m.factor_turn_off(), exact: true })
	).toBeFocused();
	await page.keyboard.press('Enter');
	await stepUp(page, NEXT);
	await expect(page.getByText(m.factor_off_text())).toBeVisible();
});

test('sessions are listed, and ended one by one or all at once', async ({
	page,
	anotherBrowser
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	const second = await elsewhere(anotherBrowser, person);
	const third = await elsewhere(anotherBrowser, person);
	const fourth = await elsewhere(anotherBrowser, person);
	await goTo(page, 'security');
	const table = page.getByRole('table', { name: m.devices_title() });
	await expect(table.getByRole('row')).toHaveCount(5);
	await expect(table.getByText(m.devices_this())).toHaveCount(1);
	// By the keyboard alone.
	await enter(page, table.getByRole('button').first());
	await expect(
		page.getByRole('dialog').getByLabel(m.stepup_password(), { exact: true })
	).toBeFocused();
	await page.keyboard.type(person.password);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('dialog')).toHaveCount(0);
	await expect(table.getByRole('row')).toHaveCount(4);
	const ended = [second, third, fourth].map(async (other) => {
		await other.getByRole('button', { name: m.wallet_copy_name({ name: 'Alpha' }) }).click();
		const copied = other.getByRole('group', { name: /Alpha/ });
		const locked = other.getByText(m.unlock_locked_expired());
		await expect(copied.or(locked)).toBeVisible();
		return await locked.isVisible();
	});
	expect((await Promise.all(ended)).filter(Boolean)).toHaveLength(1);
	// Proved a moment ago: nobody is asked again.
	await page.bringToFront();
	await enter(page, page.getByRole('button', { name: m.devices_end_others({ count: 2 }) }));
	await expect(page.getByText(m.devices_alone())).toBeVisible();
	for (const other of [second, third, fourth]) {
		if (await other.getByText(m.unlock_locked_expired()).isVisible()) continue;
		await expectEnded(other, 'Alpha');
	}
	await expectOpen(page);
});

test('it says what the server sees of this account, with its own numbers', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	for (const name of ['Alpha', 'Beta']) await addKey(page, name, `value-of-${name}`);
	await goTo(page, 'security');
	await expect(page.getByText(m.sees_email({ email: person.email }))).toBeVisible();
	const vaults = m.sees_vaults({ count: 1 });
	const counts = m.sees_counts({ vaults, keys: m.keys_count({ count: 2 }) });
	await expect(page.getByText(counts)).toBeVisible();
	await expect(page.getByText(m.sees_not_values({ keys: '2', count: 2 }))).toBeVisible();
});

test('whoever came in by passkey is asked for the email with the password', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	await authenticator(page);
	await goTo(page, 'security');
	await addPasskey(page, person.password, 'This laptop');
	await signOut(page);
	await page.getByRole('button', { name: m.unlock_other_account() }).click();
	await page.getByRole('button', { name: m.unlock_passkey() }).click();
	await expectOpen(page);
	await goTo(page, 'security');
	await expect(page.getByText(m.sees_email_unknown(), { exact: true })).toBeVisible();
	await expect(page.getByText(/Added on[^]*Last used now/)).toBeVisible();
	await page.getByRole('button', { name: m.factor_turn_on(), exact: true }).click();
	const dialog = page.getByRole('dialog', { name: m.stepup_title() });
	await dialog.getByLabel(m.unlock_email(), { exact: true }).fill('somebody@example.org');
	await dialog.getByLabel(m.stepup_password(), { exact: true }).fill(person.password);
	await page.keyboard.press('Enter');
	await expect(dialog.getByText(m.stepup_wrong_email())).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'security-stepup-email');
	await dialog.getByLabel(m.unlock_email(), { exact: true }).fill(person.email);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: m.factor_new_title() })).toBeVisible();
});

test('a rotation says how far it is, and stopped it leaves everything as it was', async ({
	page,
	expectedErrors
}) => {
	expectedErrors.push(/net::ERR_FAILED/);
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	await goTo(page, 'security');
	const begin = async () => {
		await page.getByRole('link', { name: m.ways_kit_replace(), exact: true }).click();
		await expectSaid(page, m.renew_kit_lead(), m.renew_does_2(), m.renew_does_3());
		await page.getByLabel(m.stepup_password(), { exact: true }).fill(person.password);
		await page.getByRole('button', { name: m.renew_next(), exact: true }).click();
		await page.getByRole('button', { name: m.renew_agree(), exact: true }).click();
		await confirmKit(page, await readKit(page), m.renew_action({ count: 1 }));
	};
	await page.route('**/parts', () => {
		// Never answered: the part is on its way for as long as one looks.
	});
	await begin();
	const sending = m.renew_sending({ done: '0', total: '1' });
	await expect(page.getByRole('button', { name: sending })).toBeVisible();
	await expectSaid(page, m.renew_stop_text());
	await expectAccessible(page);
	await picture(page, 'security-rotating');
	await page.getByRole('button', { name: m.renew_stop() }).click();
	await page.unrouteAll();
	await unlock(page, person);
	await expect(page.getByRole('heading', { name: m.renew_kit_title() })).toBeVisible();

	await test.step('a network that is cut is said, and the same kit goes on afterwards', async () => {
		await goTo(page, 'security');
		await page.route('**/parts', (route) => route.abort());
		await begin();
		await expect(page.getByText(m.fault_offline())).toBeVisible();
		await page.unrouteAll();
		await page.getByRole('button', { name: m.renew_action({ count: 1 }) }).click();
		await expect(page.getByRole('heading', { name: m.renew_done_title() })).toBeFocused();
	});
});
