/** Who may create an account: everybody, the invited, whoever reads the server's log, nobody. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import { expect, expectAccessible, picture, test, WIDE_LIMITS } from './fixtures.ts';
import { confirmKit, createAccount, newPerson, readKit, register } from './person.ts';
import { watch } from './watch.ts';

const ADMIN = fileURLToPath(new URL('../../scripts/admin.js', import.meta.url));

/** A page of a server that is set up in its own way. */
async function onServer(
	context: BrowserContext,
	variables: Record<string, string>,
	use: (page: Page, server: ServerProcess) => Promise<void>
): Promise<void> {
	const server = await startServer({ ...WIDE_LIMITS, ...variables });
	try {
		const opened = await context.browser()?.newContext({ baseURL: server.origin });
		if (opened === undefined) throw new Error('no browser');
		const faults = await watch(opened, server.origin, []);
		await use(await opened.newPage(), server);
		await opened.close();
		expect(faults).toEqual([]);
	} finally {
		await server.stop();
		removeFolder(server.folder);
	}
}

/** What the host types on the machine of the server. */
function invite({ folder }: ServerProcess, email: string): string {
	const printed = execFileSync(process.execPath, [ADMIN, 'invite', email, '--json'], {
		cwd: folder,
		env: { PATH: process.env['PATH'] },
		encoding: 'utf8'
	});
	return (JSON.parse(printed) as { url: string }).url;
}

test('what is off without mail is said before an account is made', async ({ page }) => {
	await page.goto('/register');
	for (const text of [m.register_no_mail_text(), m.register_why_3_text()]) {
		await expect(page.getByText(text)).toBeVisible();
	}
	await expectAccessible(page);
	await picture(page, 'register-no-mail');
});

test('a closed server says so and asks for nothing', async ({ context }) => {
	await onServer(context, { REGISTRATION: 'closed' }, async (page) => {
		await page.goto('/register');
		await expect(page.getByRole('heading', { name: m.register_closed_title() })).toBeVisible();
		await expect(page.locator('input')).toHaveCount(0);
		await expectAccessible(page);
		await picture(page, 'register-closed');
	});
});

test('an invitation opens for its own address, once', async ({ context }) => {
	await onServer(context, { REGISTRATION: 'invite' }, async (page, server) => {
		await page.goto('/register');
		await expect(page.getByRole('heading', { name: m.register_invite_title() })).toBeVisible();
		await expectAccessible(page);

		const person = newPerson();
		const link = invite(server, person.email);
		await page.goto(link);
		await expect(page.getByText(m.register_invited())).toBeVisible();
		await expect.poll(() => page.url()).toBe(`${server.origin}/register`);
		await expectAccessible(page);
		await page.getByLabel(m.register_email()).fill('somebody.else@example.org');
		await page.getByLabel(m.register_password(), { exact: true }).fill(person.password);
		await page.getByRole('button', { name: m.register_button() }).click();
		await expect(page.getByRole('heading', { name: m.kit_title() })).toBeVisible();
		const kit = await readKit(page);
		await page.getByRole('button', { name: m.kit_continue() }).click();
		const said = kit.map((_, index) => page.getByText(m.kit_group_missing({ number: index + 1 })));
		await expect(said.reduce((one, other) => one.or(other))).toHaveCount(2);
		await confirmKit(page, kit);
		await expect(page.getByText(m.register_invitation_bad())).toBeVisible();
		await expectAccessible(page);
		await page.getByLabel(m.register_email()).fill(person.email);
		await page.getByRole('button', { name: m.register_button() }).click();
		await confirmKit(page, await readKit(page));
		await page.waitForURL('**/wallet');
	});
});

test('the first account of a server that others reach needs the code of its log', async ({
	page
}) => {
	// Such a server has an address with HTTPS, which no test here can have: so its answers are played.
	const sent: unknown[] = [];
	await page.route('**/api/v1/server', (route) =>
		route.fulfill({ json: { mail: false, registration: 'open', setupCode: sent.length < 2 } })
	);
	await page.route('**/api/v1/accounts', async (route) => {
		const body = route.request().postDataJSON() as { setupCode?: string };
		sent.push(body.setupCode);
		if (body.setupCode === '0123456789AB') await route.continue();
		else {
			const problem = { type: 'about:blank', title: 'no', status: 403, code: 'setup-code' };
			await route.fulfill({
				status: 403,
				contentType: 'application/problem+json',
				body: JSON.stringify(problem)
			});
		}
	});
	const person = newPerson();
	await page.goto('/register');
	const field = page.getByLabel(m.register_setup_code(), { exact: true });
	await page.getByLabel(m.register_email()).fill(person.email);
	await page.getByLabel(m.register_password(), { exact: true }).fill(person.password);
	await page.getByRole('button', { name: m.register_button() }).click();
	await expect(page.getByText(m.register_setup_code_missing())).toBeVisible();
	await expect(field).toBeFocused();
	await expectAccessible(page);
	await picture(page, 'register-setup-code');
	await field.fill('zzzz zzzz zzzz');
	await page.getByRole('button', { name: m.register_button() }).click();
	await confirmKit(page, await readKit(page));
	await expect(page.getByText(m.fault_setup_code())).toBeVisible();
	await expect(field).toBeFocused();
	// The kit was typed back once already.
	await field.fill('0123-4567-89ab');
	await page.getByRole('button', { name: m.register_button() }).click();
	await page.waitForURL('**/wallet');
	expect(sent).toEqual(['ZZZZZZZZZZZZ', '0123456789AB']);
});

test('a kit that was made outlives a lost connection, and a reload asks first', async ({
	page,
	context,
	expectedErrors
}) => {
	expectedErrors.push(/ERR_INTERNET_DISCONNECTED/);
	await createAccount(page, newPerson(), async () => {
		const kit = await readKit(page);
		const asked: string[] = [];
		page.on('dialog', (dialog) => {
			asked.push(dialog.type());
			void dialog.dismiss();
		});
		await page.evaluate(() => {
			location.reload();
		});
		await expect.poll(() => asked).toEqual(['beforeunload']);
		await context.setOffline(true);
		await confirmKit(page, kit);
		await expect(page.getByRole('alert')).toContainText(m.fault_offline());
		expect(await readKit(page)).toEqual(kit);
		await context.setOffline(false);
	});
	await page.waitForURL('**/wallet');
});

test('an email that has an account is said where no mail can tell its owner', async ({
	page,
	anotherBrowser
}) => {
	const person = newPerson();
	await register(page, person);
	const other = await anotherBrowser();
	await createAccount(other, person);
	await expect(other.getByText(m.register_taken())).toBeVisible();
	await expect(other.getByLabel(m.register_email())).toBeFocused();
	await expect(other.getByLabel(m.register_email())).toHaveValue(person.email);
});
