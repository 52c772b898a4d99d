/** After the operator has put a backup back: what this device saw, what the server has, and going on. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { newFolder, removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import { expectOpen, openWithKit, renewAll, turnFactorOn } from './door-steps.ts';
import { expect, expectAccessible, picture, test as base, WIDE_LIMITS } from './fixtures.ts';
import {
	addKey,
	comeBack,
	confirmKit,
	newPerson,
	type Person,
	readKit,
	register,
	unlock
} from './person.ts';
import { goTo } from './security-steps.ts';

/** While the server is set back, a page may ask for its icon or a typeface, or look whether it is there. */
const STANDS_STILL = /net::ERR_CONNECTION_(?:REFUSED|RESET) .*(?:favicon|\.woff2|\/api\/)/;
const NEXT = 'eleven copper hinges in a drawer';

/** A server that can be set back to how it was. */
class SetBack {
	readonly #copy = newFolder();
	#running: ServerProcess;

	/** Its origin and folder stay, whichever process runs. */
	constructor(readonly first: ServerProcess) {
		this.#running = first;
	}

	async keep(): Promise<void> {
		await this.#halted(() => {
			rmSync(this.#copy, { recursive: true });
			cpSync(this.#data, this.#copy, { recursive: true });
		});
	}

	async putBack(): Promise<void> {
		await this.#halted(() => {
			rmSync(this.#data, { recursive: true });
			cpSync(this.#copy, this.#data, { recursive: true });
		});
	}

	async end(): Promise<void> {
		await this.#running.stop();
		removeFolder(this.first.folder);
		removeFolder(this.#copy);
	}

	get #data(): string {
		return join(this.first.folder, 'data');
	}

	async #halted(act: () => void): Promise<void> {
		const { folder, port } = this.first;
		await this.#running.stop();
		act();
		this.#running = await startServer({ ...WIDE_LIMITS, PORT: String(port) }, folder);
	}
}

const test = base.extend<object, { readonly host: SetBack }>({
	host: [
		async ({}, use) => {
			const host = new SetBack(await startServer(WIDE_LIMITS));
			await use(host);
			await host.end();
		},
		{ scope: 'worker' }
	],

	server: [
		async ({ host }, use) => {
			await use(host.first);
		},
		{ scope: 'worker' }
	]
});

/** The password as typed on a page that knows the email. */
async function tryToUnlock(page: Page, { password }: Person): Promise<void> {
	await comeBack(page, '/login');
	await page.getByLabel(m.unlock_password(), { exact: true }).fill(password);
	await page.getByRole('button', { name: m.unlock_button(), exact: true }).click();
}

/** What the device has seen, what the server has, and what to mind before it is accepted. */
async function expectFacts(
	page: Page,
	{ seen, served }: { readonly seen: number; readonly served: number }
): Promise<void> {
	const changes = [seen, served].map((number) => m.broken_change({ number: String(number) }));
	await expect(page.getByRole('definition')).toHaveText([...changes, /20\d\d/, '1']);
	await expect(page.getByText(m.accept_host())).toBeVisible();
	await expect(page.getByText(m.accept_ask())).toBeVisible();
	await expect(page.getByText(m.accept_rotates())).toHaveCount(0);
}

test('a device that saw more explains it, and goes on from the backup once that is accepted', async ({
	page,
	host,
	anotherBrowser,
	expectedErrors
}) => {
	// The server starts three times, and the vault is opened nine.
	test.slow();
	expectedErrors.push(STANDS_STILL);
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	await host.keep();
	await tryToUnlock(page, person);
	await addKey(page, 'Beta', 'value-of-beta');
	const known = await anotherBrowser();
	await known.goto('/login');
	await unlock(known, person);
	await host.putBack();

	await tryToUnlock(page, person);
	await expect(page.getByText(m.broken_title())).toBeVisible();
	await expect(page.getByText(m.broken_look_text())).toBeVisible();
	await expectAccessible(page);
	await picture(page, 'restore-refused');
	await page.getByRole('button', { name: m.broken_look() }).click();
	await expect(page.getByRole('button', { name: m.accept_button() })).toBeVisible();
	await expect(page.getByRole('heading', { name: m.accept_title() })).toBeFocused();
	await expect(page.getByText(m.accept_lead())).toBeVisible();
	await expectFacts(page, { seen: 3, served: 2 });
	await expectAccessible(page);
	await picture(page, 'restore-found');

	await test.step('turning back changes nothing', async () => {
		await page.getByRole('button', { name: m.accept_back() }).click();
		await tryToUnlock(page, person);
		await page.getByRole('button', { name: m.broken_look() }).click();
	});
	await page.getByRole('button', { name: m.accept_button() }).click();
	await expectOpen(page);
	await comeBack(page, '/login');
	await unlock(page, person);
	await expect(page.getByRole('row', { name: 'Alpha' })).toBeVisible();
	await expect(page.getByRole('row', { name: 'Beta' })).toHaveCount(0);

	await test.step('another browser that knew more says what it saw, and goes on too', async () => {
		await tryToUnlock(known, person);
		await known.getByRole('button', { name: m.broken_look() }).click();
		await expect(known.getByText(m.accept_lead_fork())).toBeVisible();
		// Nothing is missing by number any more: the account was written on, another way.
		await expectFacts(known, { seen: 2, served: 3 });
		await known.getByRole('button', { name: m.accept_button() }).click();
		await expectOpen(known);
		await expect(known.getByRole('row', { name: 'Alpha' })).toBeVisible();
	});

	const other = await anotherBrowser();
	await other.goto('/login');
	await expect(other.getByLabel(m.unlock_email(), { exact: true })).toBeVisible();
	await unlock(other, person);
	await expect(other.getByRole('row', { name: 'Alpha' })).toBeVisible();
});

test('a backup from before the keys were replaced replaces them again first', async ({
	page,
	host,
	expectedErrors
}) => {
	expectedErrors.push(STANDS_STILL);
	const person = newPerson();
	const kit = await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	await host.keep();
	await comeBack(page, '/recover');
	await openWithKit(page, person.email, kit);
	await renewAll(page, NEXT);
	await host.putBack();

	// The backup knows the password of its time.
	await tryToUnlock(page, person);
	await page.getByRole('button', { name: m.broken_look() }).click();
	await expect(page.getByText(m.accept_rotates())).toBeVisible();
	await page.getByRole('button', { name: m.accept_rotate_begin() }).click();
	await expect(page.getByRole('heading', { name: m.kit_title() })).toBeVisible();
	await expectAccessible(page);
	const renewed = await readKit(page);
	await confirmKit(page, renewed, m.accept_kit_action());
	await expectOpen(page);
	await comeBack(page, '/recover');
	await openWithKit(page, person.email, kit);
	await expect(page.getByText(m.recover_kit_wrong())).toBeVisible();
	await comeBack(page, '/login');
	await unlock(page, person);
	await expect(page.getByRole('row', { name: 'Alpha' })).toBeVisible();
});

test('with a second factor, looking at the backup takes a code of its own', async ({
	page,
	host,
	expectedErrors
}) => {
	expectedErrors.push(STANDS_STILL);
	const person = newPerson();
	await register(page, person);
	await goTo(page, 'security');
	const { codes } = await turnFactorOn(page, person);
	const code = page.getByLabel(m.code_label(), { exact: true });
	await host.keep();
	await tryToUnlock(page, person);
	await code.fill(codes[0] ?? '');
	await page.keyboard.press('Enter');
	await expectOpen(page);
	await addKey(page, 'Alpha', 'value-of-alpha');
	await host.putBack();

	await tryToUnlock(page, person);
	await code.fill(codes[1] ?? '');
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: m.broken_look() }).click();
	await expect(code).toBeFocused();
	await expectAccessible(page);
	await code.fill('000000');
	await page.keyboard.press('Enter');
	await expect(page.getByText(m.code_wrong())).toBeVisible();
	await expect(code).toHaveValue('000000');
	await code.fill(codes[2] ?? '');
	await page.keyboard.press('Enter');
	await page.getByRole('button', { name: m.accept_button() }).click();
	await expectOpen(page);
});
