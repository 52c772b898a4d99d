/** What a page says when something that it needs is not there. */
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import { enter } from './keys.ts';
import { addKey, comeBack, newPerson, register, unlock } from './person.ts';

/** How each is taken away before the page's own scripts run, and how the page calls it. */
const LACKING = [
	['WebCrypto', 'Object.defineProperty(crypto, "subtle", { value: undefined })', m.lack_webcrypto],
	['WebAssembly', 'delete globalThis.WebAssembly', m.lack_wasm],
	['Workers', 'delete globalThis.Worker', m.lack_worker],
	[
		'Ed25519',
		'SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException("", "NotSupportedError"))',
		m.lack_ed25519
	]
] as const;

for (const [name, code, said] of LACKING) {
	test(`without ${name} the page says so and asks for nothing`, async ({ page }) => {
		await page.addInitScript(code);
		await page.goto('/login');
		await expect(page.getByRole('heading', { name: m.support_old_title() })).toBeVisible();
		await expect(page.getByText(said())).toBeVisible();
		await expect(page.locator('input')).toHaveCount(0);
		await expectAccessible(page);
	});
}

test('a page that came without HTTPS asks for no password and leads to one that did', async ({
	page
}) => {
	await page.addInitScript(
		'Object.defineProperty(globalThis, "isSecureContext", { value: false })'
	);
	await page.goto('/login');
	await expect(page.getByRole('heading', { name: m.support_https_title() })).toBeVisible();
	await expect(page.locator('input')).toHaveCount(0);
	await expect(page.getByRole('link', { name: /^Open/ })).toHaveAttribute('href', /^https:\/\//);
	await expectAccessible(page);
});

test('without shared workers each tab is unlocked by itself, and locked when it is loaded again', async ({
	page,
	context
}) => {
	await context.addInitScript('delete globalThis.SharedWorker');
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'a value');
	const other = await context.newPage();
	await other.goto('/wallet');
	await unlock(other, person);
	await expect(other.getByRole('row', { name: /Alpha/ })).toBeVisible();
	await expect(page.getByRole('row', { name: /Alpha/ })).toBeVisible();
	await page.reload();
	await unlock(page, person);
	await expect(page.getByRole('row', { name: /Alpha/ })).toBeVisible();
});

test.describe('a page that the server fails to bring', () => {
	test.use({ expectedErrors: [/status of 500|dynamically imported module|preload CSS/] });

	test('says so, and comes when it is asked for again', async ({ page }) => {
		await page.goto('/login');
		const link = page.getByRole('link', { name: m.unlock_create() });
		await expect(link).toBeVisible();
		await page.route('**/_app/immutable/**', (route) => route.fulfill({ status: 500 }));
		await link.click();
		await expect(page.getByRole('heading', { name: m.error_500_title() })).toBeVisible();
		await expectAccessible(page);
		await picture(page, 'failed-1280');
		await page.unroute('**/_app/immutable/**');
		await page.getByRole('button', { name: m.error_reload() }).click();
		await expect(page.getByRole('heading', { name: m.register_title() })).toBeVisible();
	});
});

test.describe('offline', () => {
	test.use({ expectedErrors: [/ERR_INTERNET_DISCONNECTED/] });

	test('every page says so and keeps what was typed; the wallet still searches', async ({
		page,
		context
	}) => {
		const link = (name: string) => page.getByRole('link', { name, exact: true }).first();
		const title = (name: string) => page.getByRole('heading', { level: 1, name, exact: true });
		const said = page.getByText(m.offline_title(), { exact: true });
		const name = page.getByLabel(m.form_name(), { exact: true });
		const value = page.getByLabel(m.form_value(), { exact: true });
		await register(page, newPerson());
		for (const key of ['Alpha', 'Beta', 'Old']) await addKey(page, key, `value-of-${key}`);
		await page.getByRole('button', { name: m.panel_trash() }).click();
		// A page whose program was never loaded cannot be opened offline.
		await link(m.nav_trash()).click();
		await expect(title(m.trash_title())).toBeVisible();
		await link(m.nav_activity()).click();
		await expect(title(m.activity_title())).toBeVisible();
		await link(m.nav_settings()).click();
		await link(m.yours_dates()).click();
		await expect(title(m.dates_title())).toBeVisible();
		await link(m.nav_wallet()).click();
		await link(m.wallet_add()).click();
		await name.fill('Typed');
		await value.fill('value that was typed');
		await context.setOffline(true);
		await expect(said).toBeVisible();
		await page.getByRole('button', { name: m.form_keep() }).click();
		await expect(page.getByRole('alert')).toHaveText(m.fault_offline());
		await expect(name).toHaveValue('Typed');
		await expect(value).toHaveValue('value that was typed');

		await link(m.nav_trash()).click();
		await page.getByRole('button', { name: m.trash_restore_name({ name: 'Old' }) }).click();
		await expect(page.getByRole('alert')).toHaveText(m.fault_offline());
		await expect(page.getByRole('row', { name: /Old/ })).toBeVisible();
		await expect(said).toBeVisible();
		await expectAccessible(page);

		await link(m.nav_wallet()).click();
		await expect(said).toBeVisible();
		await expectAccessible(page);
		await page.getByRole('searchbox').fill('alp');
		await expect(page.getByRole('row', { name: /Alpha/ })).toBeVisible();
		await expect(page.getByRole('row', { name: /Beta/ })).toBeHidden();
		await page.getByRole('row', { name: /Alpha/ }).getByRole('button').click();
		// Once in the band, once to screen readers.
		await expect(page.getByText(m.offline_not_done())).toHaveCount(2);
		await link(m.wallet_add()).click();
		await expect(name).toHaveValue('Typed');
		await expect(value).toHaveValue('value that was typed');

		await link(m.nav_settings()).click();
		await link(m.yours_dates()).click();
		await expect(title(m.dates_title())).toBeVisible();
		await expect(page.getByText(m.dates_none())).toBeVisible();
		await expect(said).toBeVisible();
		await link(m.nav_activity()).click();
		const fault = page.getByRole('alert').filter({ hasText: m.fault_offline() });
		await expect(fault).toBeVisible();
		await expectAccessible(page);
		await context.setOffline(false);
		await expect(said).toBeHidden();
		await page.getByRole('button', { name: m.try_again() }).click();
		await expect(fault).toHaveCount(0);
		await expect(page.getByText(m.activity_words_title())).toBeVisible();
	});
});

test('whoever goes on while a key is moved to the trash stays where they went', async ({
	page
}) => {
	await register(page, newPerson());
	await addKey(page, 'Old one', 'value-of-old');
	let goOn: () => void = () => undefined;
	const answer = new Promise<void>((resolve) => {
		goOn = resolve;
	});
	await page.route('**/commits', async (route) => {
		const response = await route.fetch();
		await answer;
		await route.fulfill({ response });
	});
	await page.getByRole('button', { name: m.panel_trash() }).click();
	await page.getByRole('link', { name: m.nav_trash() }).click();
	await expect(page.getByRole('heading', { name: m.trash_title(), level: 1 })).toBeVisible();
	goOn();
	await expect(
		page.getByRole('button', { name: m.trash_drop_name({ name: 'Old one' }) })
	).toBeVisible();
	await expect(page).toHaveURL(/\/trash$/);
});

test('a key that is deleted for ever by the keyboard alone is gone, here and after signing in anew', async ({
	page
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Old one', 'value-of-old');
	await page.keyboard.press('Escape');
	await expect(page.getByRole('row', { name: 'Old one' })).toBeFocused();
	await page.keyboard.press('#');
	await expect(page.getByText(m.wallet_empty_title())).toBeVisible();
	await enter(page, page.getByRole('link', { name: m.nav_trash(), exact: true }));
	await enter(page, page.getByRole('button', { name: m.trash_drop_name({ name: 'Old one' }) }));
	const dialog = page.getByRole('dialog');
	await enter(page, dialog.getByRole('button', { name: m.trash_drop(), exact: true }));
	await expect(page.getByRole('heading', { name: m.trash_empty_title() })).toBeVisible();
	await comeBack(page, '/trash');
	await page.getByLabel(m.unlock_password(), { exact: true }).fill(person.password);
	await page.getByRole('button', { name: m.unlock_button(), exact: true }).click();
	await expect(page.getByRole('heading', { name: m.trash_empty_title() })).toBeVisible();
});
