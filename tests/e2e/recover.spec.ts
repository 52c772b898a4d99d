/** A password that is forgotten, where the server sends no mail: the kit, a new password, a new kit. */
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, paste, picture, test } from './fixtures.ts';
import { expectOpen, openWithKit, renewAll, typeKit } from './door-steps.ts';
import { enter } from './keys.ts';
import { addKey, comeBack, confirmKit, newPerson, readKit, register, unlock } from './person.ts';
import { addPasskey, authenticator, goTo } from './security-steps.ts';
import { Sent } from './sent.ts';

const NEXT = 'eleven copper hinges in a drawer';

test('with the kit a new password is set, and everything before opens nothing any more', async ({
	page,
	anotherBrowser
}) => {
	const person = newPerson();
	const old = await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	const other = await anotherBrowser();
	await other.goto('/login');
	await enter(other, other.getByRole('link', { name: m.unlock_forgot() }));
	await expect(other.getByRole('heading', { name: m.recover_kit_title() })).toBeVisible();
	await expectAccessible(other);
	await openWithKit(other, person.email, old);
	await expect(other.getByRole('heading', { name: m.recover_password_title() })).toBeVisible();
	await expect(other.getByText(m.recover_password_lead())).toBeVisible();
	await expectAccessible(other);
	const kit = await renewAll(other, NEXT);
	expect(kit).not.toEqual(old);
	await expect(other.getByRole('row', { name: 'Alpha' })).toBeVisible();

	await page.getByRole('button', { name: m.wallet_copy_name({ name: 'Alpha' }) }).click();
	await expect(page.getByText(m.unlock_locked_expired())).toBeVisible();
	await page.getByLabel(m.unlock_password(), { exact: true }).fill(person.password);
	await page.getByRole('button', { name: m.unlock_button(), exact: true }).click();
	await expect(page.getByText(m.unlock_wrong())).toBeVisible();
	await page.goto('/recover');
	await openWithKit(page, person.email, old);
	await expect(page.getByText(m.recover_kit_wrong())).toBeVisible();
	await page.goto('/login');
	await unlock(page, { ...person, password: NEXT });
});

test('nothing has changed before the last step, and what is held opens no page', async ({
	page
}) => {
	const person = newPerson();
	const kit = await register(page, person);
	await comeBack(page, '/recover');
	await openWithKit(page, person.email, kit);
	await page.getByLabel(m.recover_step_password(), { exact: true }).fill(NEXT);
	await page.getByRole('button', { name: m.recover_password_button() }).click();
	await expect(page.getByRole('heading', { name: m.kit_title() })).toBeVisible();
	await expect(page.getByText(m.recover_new_kit_lead())).toBeVisible();
	await expectAccessible(page);
	await page.goto('/wallet');
	await unlock(page, person);
	await comeBack(page, '/recover');
	await openWithKit(page, person.email, kit);
	await expect(page.getByRole('heading', { name: m.recover_password_title() })).toBeVisible();
});

test('a slip of the pen is found before anything is asked', async ({ page }) => {
	const asked: string[] = [];
	page.on('request', (request) => asked.push(new URL(request.url()).pathname));
	await page.goto('/recover');
	await page.getByLabel(m.unlock_email(), { exact: true }).fill('ada@example.org');
	await page.getByRole('button', { name: m.recover_kit_button() }).click();
	await expect(page.getByText(m.recover_kit_missing())).toBeVisible();
	await typeKit(page, ['000G', '40R4', '0M30', 'E209', '185G', 'R38E', '1W81', '24GK', '8ZN6']);
	await expect(page.getByText(m.recover_kit_slip())).toBeVisible();
	await expectAccessible(page);
	await page.getByRole('button', { name: m.recover_kit_button() }).click();
	await expect(page.getByText(m.recover_kit_slip())).toBeVisible();
	expect(asked.filter((path) => path.includes('/auth/'))).toEqual([]);
});

test('a kit pasted into any group fills them all', async ({ page }) => {
	await page.goto('/recover');
	await page.getByLabel(m.kit_group({ number: 3 }), { exact: true }).focus();
	await paste(page, 'kh1-000g-40r4-0m30-e209-185g-r38e-1w81-24gk-8zn5\n');
	await expect(page.getByLabel(m.kit_group({ number: 1 }), { exact: true })).toHaveValue('000G');
	await expect(page.getByLabel(m.kit_group({ number: 9 }), { exact: true })).toHaveValue('8ZN5');
	await page.getByLabel(m.unlock_email(), { exact: true }).fill('nobody@example.org');
	await page.getByRole('button', { name: m.recover_kit_button() }).click();
	await expect(page.getByText(m.recover_kit_wrong())).toBeVisible();
	await picture(page, 'recover-wrong');
});

test('a connection that breaks at the switch leaves the old keys, and going on finishes it', async ({
	page
}) => {
	const person = newPerson();
	const kit = await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	await comeBack(page, '/recover');
	await openWithKit(page, person.email, kit);
	await page.route('**/api/v1/account/rotation', (route) => route.abort());
	const renewing = renewAll(page, NEXT);
	await expect(page.getByText(m.fault_offline())).toBeVisible();
	await page.unrouteAll();
	await page.getByRole('button', { name: m.recover_new_kit_action() }).click();
	await renewing;
	await expectOpen(page);
	await expect(page.getByRole('row', { name: 'Alpha' })).toBeVisible();
});

test('without mail, starting over is the host’s to do, and it says so', async ({ page }) => {
	await page.goto('/recover');
	await page.getByRole('link', { name: m.recover_no_kit_link() }).click();
	await expect(page.getByText(m.start_over_lead())).toBeVisible();
	await expect(page.getByText(m.start_over_host())).toBeVisible();
	// No link comes, and no seven days.
	await expect(page.getByText(m.start_over_3_text())).toHaveCount(0);
	await expect(page.locator('input')).toHaveCount(0);
	await expectAccessible(page);
});

test('passkeys are named before every key is replaced, and kept by their touch', async ({
	page
}) => {
	const person = newPerson();
	const first = await authenticator(page);
	const kit = await register(page, person);
	await goTo(page, 'security');
	await addPasskey(page, person.password, 'Old laptop');
	await first.remove();
	await authenticator(page);
	await addPasskey(page, person.password, 'New laptop');
	await comeBack(page, '/recover');
	await openWithKit(page, person.email, kit);
	await page.getByLabel(m.recover_step_password(), { exact: true }).fill(NEXT);
	await page.getByRole('button', { name: m.recover_password_button() }).click();
	await expect(page.getByRole('heading', { name: m.recover_passkeys_title() })).toBeFocused();
	await expect(page.getByText(m.renew_plan_dropped())).toHaveCount(2);
	await expectAccessible(page);
	await picture(page, 'recover-passkeys');
	await page.getByRole('button', { name: m.renew_keep_name({ name: 'New laptop' }) }).click();
	await expect(page.getByText(m.renew_plan_kept())).toBeVisible();
	await page.getByRole('button', { name: m.renew_keep_name({ name: 'Old laptop' }) }).click();
	await expect(page.getByText(m.renew_keep_cancelled())).toBeVisible();
	await page.getByRole('button', { name: m.recover_passkeys_button() }).click();
	await confirmKit(page, await readKit(page), m.recover_new_kit_action());
	await page.waitForURL('**/wallet');
	await goTo(page, 'security');
	await expect(page.getByText('New laptop', { exact: true })).toBeVisible();
	await expect(page.getByText('Old laptop', { exact: true })).toHaveCount(0);
	await comeBack(page, '/login');
	await page.getByRole('button', { name: m.unlock_passkey() }).click();
	await expectOpen(page);
});

test('what is held locks when nobody is there, and says so', async ({ page }) => {
	await page.clock.install();
	const person = newPerson();
	const kit = await register(page, person);
	await comeBack(page, '/recover');
	await openWithKit(page, person.email, kit);
	await expect(page.getByRole('heading', { name: m.recover_password_title() })).toBeVisible();
	await page.clock.fastForward('16:00');
	await expect(page.getByText(m.recover_locked(), { exact: false })).toBeVisible();
	await expectAccessible(page);
});

test('the kit and the passwords never leave the browser', async ({ page }) => {
	const sent = new Sent(page);
	const person = newPerson();
	const old = await register(page, person);
	await comeBack(page, '/recover');
	await openWithKit(page, person.email, old);
	const kit = await renewAll(page, NEXT);
	expect(sent.count('/account/rotation')).toBe(1);
	const kits = [old, kit].flatMap((groups) => [groups.join(''), groups.join('-')]);
	const secrets = [person.password, NEXT, ...kits].map((text) => Buffer.from(text));
	sent.expectNothingOf(secrets, person.email);
});
