/** A device that fails: each time the page says what is wrong, and nothing stays open or is lost. */
import type { Page } from '@playwright/test';
import * as m from '#lib/i18n/generated/messages.js';
import { expect, test } from './fixtures.ts';
import { comeBack, newPerson, type Person, register } from './person.ts';

/** Runs `code` at the start of the workers whose address matches. */
async function inWorkers(page: Page, address: RegExp, code: string): Promise<void> {
	await page.route(address, async (route) => {
		const response = await route.fetch();
		await route.fulfill({ response, body: code + (await response.text()) });
	});
}

/** Types the password, which is all that this device asks for, and waits for nothing. */
async function typePassword(page: Page, { password }: Person): Promise<void> {
	await page.getByLabel(m.unlock_password(), { exact: true }).fill(password);
	await page.getByRole('button', { name: m.unlock_button(), exact: true }).click();
}

async function expectLocked(page: Page): Promise<void> {
	await expect(page.getByRole('heading', { name: m.unlock_title(), exact: true })).toBeVisible();
	await expect(page.getByRole('button', { name: m.nav_lock(), exact: true })).toHaveCount(0);
}

async function expectOpen(page: Page): Promise<void> {
	await expect(page.getByRole('button', { name: m.nav_lock(), exact: true })).toBeVisible();
}

test('a worker that is killed leaves a locked page that says so', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	const worker = page.workers().find((each) => each.url().includes('keyholder'));
	await worker?.evaluate(() => {
		self.close();
	});
	await expect(page.getByText(m.fault_worker())).toBeVisible();
	await expectLocked(page);
	await typePassword(page, person);
	await expectOpen(page);
});

test('signing out in one tab locks the others', async ({ page, context }) => {
	const person = newPerson();
	await register(page, person);
	const other = await context.newPage();
	await other.goto('/login');
	await expectOpen(other);
	await page.bringToFront();
	await page.getByRole('button', { name: m.account_menu() }).click();
	await page.getByRole('menuitem', { name: m.account_sign_out() }).click();
	await expectLocked(page);
	await expectLocked(other);
	await expect(other.getByText(m.unlock_locked_signed_out())).toBeVisible();
});

test('memory that is not to be had is said, and unlocking works once it is there', async ({
	page
}) => {
	const person = newPerson();
	await register(page, person);
	await inWorkers(
		page,
		/workers\/argon2/,
		'WebAssembly.compile = WebAssembly.instantiate = () => { throw new RangeError("no memory"); };'
	);
	await comeBack(page, '/login');
	await typePassword(page, person);
	await expect(page.getByText(m.fault_memory())).toBeVisible();
	await page.unrouteAll();
	await typePassword(page, person);
	await expectOpen(page);
});

test('storage that is full stops before anything is open', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	await inWorkers(
		page,
		/workers\/keyholder/,
		'IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };'
	);
	await comeBack(page, '/login');
	await typePassword(page, person);
	await expect(page.getByText(m.fault_storage())).toBeVisible();
	await expectLocked(page);
});

test('a part of the program that does not load is said', async ({ page, expectedErrors }) => {
	expectedErrors.push(/net::ERR_FAILED/);
	const person = newPerson();
	await register(page, person);
	await page.route(/workers\/argon2/, (route) => route.abort());
	await comeBack(page, '/login');
	await typePassword(page, person);
	await expect(page.getByText(m.fault_program())).toBeVisible();
});

test('Stop ends the work on the password, and the next try succeeds', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	await inWorkers(page, /workers\/argon2/, 'for (;;);');
	await comeBack(page, '/login');
	const working = page.waitForResponse(/workers\/argon2/);
	await typePassword(page, person);
	await working;
	await page.getByRole('button', { name: m.stop() }).click();
	await expect(page.getByText(m.unlock_stopped())).toBeVisible();
	const derivers = () => page.workers().filter((worker) => worker.url().includes('argon2')).length;
	await expect.poll(derivers).toBe(0);
	await page.unrouteAll();
	await typePassword(page, person);
	await expectOpen(page);
});

test('the page never stands still while the password is worked on', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	await comeBack(page, '/login');
	await page.evaluate(() => {
		const beats = { count: 0 };
		setInterval(() => beats.count++, 10);
		Object.assign(window, { beats });
	});
	await inWorkers(page, /workers\/argon2/, 'for (;;);');
	const working = page.waitForResponse(/workers\/argon2/);
	await typePassword(page, person);
	await working;
	const beats = () =>
		page.evaluate(() => (window as Window & { beats?: { count: number } }).beats?.count ?? 0);
	const before = await beats();
	await expect.poll(beats).toBeGreaterThan(before + 50);
	await expect(page.getByRole('button', { name: m.stop() })).toBeVisible();
});

test('"back" after signing out shows nothing of the vault', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	await page
		.getByRole('button', { name: /account/i })
		.first()
		.click();
	await page.getByRole('menuitem', { name: m.account_sign_out() }).click();
	await expectLocked(page);
	await page.goBack();
	await expectLocked(page);
});

test('a page kept by the browser for "back" comes back locked', async ({ page }) => {
	const person = newPerson();
	await register(page, person);
	await page.evaluate(() => {
		dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
	});
	await expectLocked(page);
});
