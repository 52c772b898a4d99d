/**
 * Two tabs of one browser: unlocked once, locked together; what one writes the other shows; who is at
 * one is at both.
 */
import type { BrowserContext, Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, expectAccessible, picture, test } from './fixtures.ts';
import { addKey, lock, newPerson, register, unlock } from './person.ts';
import { goTo } from './security-steps.ts';

function row(page: Page, name: string) {
	return page.getByRole('row', { name: new RegExp(name) });
}

async function expectOpen(page: Page): Promise<void> {
	await expect(page.getByRole('button', { name: m.nav_lock(), exact: true })).toBeVisible();
}

async function expectLocked(page: Page): Promise<void> {
	await expect(page.getByLabel(m.unlock_password(), { exact: true })).toBeVisible();
}

/** Another tab of a browser in which an account is open: nothing is typed. */
async function secondTab(context: BrowserContext, path = '/login'): Promise<Page> {
	const tab = await context.newPage();
	await tab.goto(path);
	await expectOpen(tab);
	return tab;
}

/** Whether this browser keeps a shared worker while its only page is loaded again. */
async function extendsLifetimes(context: BrowserContext): Promise<boolean> {
	const blank = await context.newPage();
	const asked = await blank.evaluate(() => {
		let read = false;
		const options = {
			name: 'asked',
			get extendedLifetime() {
				read = true;
				return false;
			}
		};
		try {
			new SharedWorker('data:text/javascript,', options);
		} catch {
			// A blank page may have none. Whether the option was read is all that is asked.
		}
		return read;
	});
	await blank.close();
	return asked;
}

/** Waits until nothing is lent to tabs of this browser any more. */
async function forgotten(context: BrowserContext): Promise<void> {
	const beside = await context.newPage();
	await beside.goto('/healthz');
	const lent = () =>
		beside.evaluate(async () => {
			const { held = [] } = await navigator.locks.query();
			return held.filter(({ name = '' }) => name.startsWith('keyhold-lender')).length;
		});
	await expect.poll(lent).toBe(0);
	await beside.close();
}

test('what one tab writes the other shows by itself', async ({ page, context }) => {
	const person = newPerson();
	await register(page, person);
	const other = await secondTab(context);
	await page.bringToFront();
	await addKey(page, 'Alpha', 'value-of-alpha');
	await other.bringToFront();
	await expect(row(other, 'Alpha')).toBeVisible();
	await row(other, 'Alpha').focus();
	await other.keyboard.press('#');
	await expect(row(other, 'Alpha')).toHaveCount(0);
	await expect(row(page, 'Alpha')).toHaveCount(0);
	await goTo(other, 'settings');
	await other.getByRole('button', { name: m.vaults_make(), exact: true }).click();
	await other.getByLabel(m.vaults_name(), { exact: true }).fill('Clients');
	await other.keyboard.press('Enter');
	await page.getByRole('button', { name: m.vaults_shown({ name: m.vaults_all() }) }).click();
	await expect(page.getByRole('menuitemradio', { name: 'Clients' })).toBeVisible();
});

test('an edit that another tab was faster with is said to be so, and stands beside', async ({
	page,
	context
}) => {
	await register(page, newPerson());
	await addKey(page, 'Alpha', 'value-of-alpha');
	const other = await secondTab(context, new URL(page.url()).href);
	for (const [tab, name] of [
		[page, 'Alpha here'],
		[other, 'Alpha there']
	] as const) {
		await tab.getByRole('button', { name: m.panel_edit(), exact: true }).click();
		await tab.getByLabel(m.form_name(), { exact: true }).fill(name);
	}
	await page.getByRole('button', { name: m.form_save(), exact: true }).click();
	await expect(row(page, 'Alpha here')).toBeVisible();
	await expect(other.getByText(m.form_outrun())).toBeVisible();
	await expectAccessible(other);
	await other.getByRole('button', { name: m.form_save(), exact: true }).click();
	const said = other.getByText(m.form_beside({ theirs: 'Alpha here', mine: 'Alpha there' }));
	await expect(said).toBeInViewport({ ratio: 1 });
	await expectAccessible(other);
	await picture(other, 'beside-1280');
	await other.setViewportSize({ width: 390, height: 800 });
	await expect(said).toBeInViewport({ ratio: 1 });
	await picture(other, 'beside-390');
	const beside = other.getByRole('group', { name: m.form_beside_label() });
	await beside.getByRole('button', { name: m.close() }).click();
	await expect(said).toHaveCount(0);
});

test('a tab stays open while somebody is at another one, and both lock when nobody is', async ({
	page,
	context
}) => {
	const person = newPerson();
	// One clock for both: they are of one browser.
	await page.clock.install();
	await register(page, person);
	const other = await secondTab(context);
	await other.bringToFront();
	for (let minute = 0; minute < 20; minute += 10) {
		await page.clock.runFor(10 * 60_000);
		await other.keyboard.press('F6');
		await expect(other.getByText(/^Locks in 1[45]:/)).toBeVisible();
		await expect(page.getByText(/^Locks in 1[45]:/)).toBeVisible();
	}
	await page.clock.runFor(16 * 60_000);
	for (const tab of [page, other]) {
		await expect(tab.getByText(m.unlock_locked_idle({ minutes: 15 }))).toBeVisible();
	}
});

test('a second tab opens where it was asked to without a password, and one lock locks both', async ({
	page,
	context
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	const other = await secondTab(context, new URL(page.url()).href);
	await expect(other.getByRole('heading', { name: 'Alpha' })).toBeVisible();
	await lock(other);
	await expectLocked(page);
	await expect(page.getByText(m.unlock_locked_elsewhere())).toBeVisible();
	const third = await context.newPage();
	await third.goto('/settings');
	await expectLocked(third);
	await unlock(third, person);
	await expect(third.getByRole('heading', { name: m.nav_settings(), level: 1 })).toBeVisible();
});

test('a tab that takes long to open says what it does, and asks for nothing', async ({
	page,
	context
}) => {
	await register(page, newPerson());
	let go: () => void = () => undefined;
	const held = new Promise<void>((resolve) => (go = resolve));
	await context.route('**/api/v1/account?*', async (route) => {
		await held;
		await route.continue();
	});
	const other = await context.newPage();
	await other.goto('/wallet');
	await expect(other.getByRole('heading', { name: m.app_name(), level: 1 })).toBeVisible();
	await expect(other.getByText(m.unlock_step_2())).toBeVisible();
	await expectAccessible(other);
	go();
	await expectOpen(other);
});

test('a page that is loaded again is open where the browser lets it, and locked once all are closed', async ({
	page,
	context,
	expectedErrors
}) => {
	// A page without markup has no icon of its own.
	expectedErrors.push(/favicon\.ico/);
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	const extended = await extendsLifetimes(context);
	await page.reload();
	if (extended) {
		await expect(page.getByRole('heading', { name: 'Alpha' })).toBeVisible();
	} else {
		await expectLocked(page);
		await unlock(page, person);
	}
	await page.close();
	await forgotten(context);
	const later = await context.newPage();
	await later.goto('/wallet');
	await expectLocked(later);
});

test('what a tab wrote that was closed before the answer came is there, whole', async ({
	page,
	context
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	const tab = await secondTab(context, '/wallet');
	let say = () => {};
	const written = new Promise<void>((resolve) => (say = resolve));
	await context.route('**/commits', async (route) => {
		await route.fetch();
		say();
	});
	await tab.getByRole('link', { name: m.wallet_add() }).first().click();
	await tab.getByLabel(m.form_name(), { exact: true }).fill('Beta');
	await tab.getByLabel(m.form_value(), { exact: true }).fill('value-of-beta');
	await tab.getByRole('button', { name: m.form_keep() }).click();
	await written;
	await tab.close();
	await lock(page);
	await unlock(page, person);
	await row(page, 'Beta').click();
	await page.getByRole('button', { name: m.panel_reveal() }).first().click();
	await expect(page.getByText('value-of-beta', { exact: true })).toBeVisible();
});

test('another account that is signed in to locks the tab of the first, and is what the next tab opens', async ({
	page,
	context
}) => {
	const person = newPerson();
	await register(page, person);
	await addKey(page, 'Alpha', 'value-of-alpha');
	await lock(page);
	const other = await context.newPage();
	await register(other, newPerson());
	await expectLocked(page);
	await unlock(page, person);
	await expectLocked(other);
	await expect(other.getByText(m.unlock_locked_expired())).toBeVisible();
	const third = await secondTab(context, '/wallet');
	await expect(row(third, 'Alpha')).toBeVisible();
});

test('no key passes through the page that hands the ports on', async ({ page, context }) => {
	await context.addInitScript(() => {
		const seen = { posted: [] as unknown[], received: [] as unknown[], keys: 0 };
		const holdsKey = (value: unknown): boolean =>
			value instanceof CryptoKey ||
			(typeof value === 'object' && value !== null && Object.values(value).some(holdsKey));
		const look = ({ data }: MessageEvent) => {
			if (holdsKey(data)) seen.keys++;
		};
		globalThis.Worker = class extends Worker {
			constructor(url: string | URL, options?: WorkerOptions) {
				super(url, options);
				this.addEventListener('message', look);
			}
		};
		globalThis.SharedWorker = class extends SharedWorker {
			constructor(url: string | URL, options?: string | WorkerOptions) {
				super(url, options);
				const { port } = this;
				const post = port.postMessage.bind(port);
				port.postMessage = (
					message: unknown,
					ports?: Transferable[] | StructuredSerializeOptions
				) => {
					seen.posted.push(message);
					post(message, ports as Transferable[]);
				};
				port.addEventListener('message', ({ data }) => seen.received.push(data));
				port.start();
			}
		};
		Object.assign(globalThis, { seen });
	});
	await register(page, newPerson());
	const other = await secondTab(context);
	for (const tab of [page, other]) {
		const seen = await tab.evaluate(() => Reflect.get(globalThis, 'seen') as unknown);
		expect(seen).toEqual({
			posted: [{ tab: expect.stringMatching(/^keyhold-tab-[0-9a-f-]{36}$/) as unknown }],
			received: [],
			keys: 0
		});
	}
});
