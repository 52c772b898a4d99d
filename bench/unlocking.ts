/** What several benches begin with: an account of many keys, and the way into it. */
import type { BrowserContext, Page } from '@playwright/test';
import { markWait } from './marks.ts';
import { bundled } from './modules.ts';
import type * as account from './modules/account.ts';

export const ACCOUNT_MODULE = '/bench/account.js';

/** After the first rows. */
const SETTLED_MS = 1_000;

/** Serves bench/modules/account.ts below the product's own origin, in this context only. */
export async function serveAccountModule(context: BrowserContext, origin: string): Promise<void> {
	const files = await bundled('account');
	await context.route(`${origin}/bench/*`, async (route) => {
		const code = files.get(new URL(route.request().url()).pathname);
		await route.fulfill({ contentType: 'text/javascript', body: code ?? '' });
	});
}

/** Makes an account of so many keys, in `page`, which has the module. */
export async function makeAccountOf(
	page: Page,
	origin: string,
	person: account.Person,
	keys: number
): Promise<void> {
	await page.goto(`${origin}/healthz`);
	await page.evaluate(
		async ({ module, person, keys }) => {
			const { makeAccount } = (await import(module)) as typeof account;
			await makeAccount(person, keys);
		},
		{ module: ACCOUNT_MODULE, person, keys }
	);
}

/**
 * Milliseconds from the click until a row stands in the list, of the page's longest task meanwhile, and of those in
 * which the worker was there that runs Argon2id.
 */
export async function unlockOnce(
	page: Page,
	origin: string,
	person: account.Person
): Promise<{ took: number; blocked: number; deriving: number }> {
	const deriving = derivingOf(page);
	await page.goto(`${origin}/login`, { waitUntil: 'networkidle' });
	const email = page.getByLabel('Email', { exact: true });
	if (await email.isVisible()) await email.fill(person.email);
	await page.getByLabel('Password', { exact: true }).fill(person.password);
	await page.evaluate(() => {
		const tasks: number[] = [];
		new PerformanceObserver((list) => {
			for (const { duration } of list.getEntries()) tasks.push(duration);
		}).observe({ type: 'longtask' });
		Object.assign(globalThis, { benchTasks: tasks });
	});
	const rows = await markWait(page, { from: 'click', selector: '[role="gridcell"]' });
	await page.getByRole('button', { name: 'Unlock', exact: true }).click();
	const took = await rows();
	// The list is at rest, and the browser has reported what it does late. It reports tasks of 50 ms and
	// more only: none means less than that.
	await page.waitForTimeout(SETTLED_MS);
	const blocked = await page.evaluate(() => {
		const tasks: unknown = Reflect.get(globalThis, 'benchTasks');
		return Array.isArray(tasks) ? Math.max(0, ...(tasks as number[])) : Number.NaN;
	});
	return { took, blocked, deriving: await deriving };
}

/** How long the next worker that derives lives: it is started for one derivation. */
async function derivingOf(page: Page): Promise<number> {
	const worker = await page.waitForEvent('worker', {
		predicate: (one) => one.url().includes('argon2')
	});
	const before = performance.now();
	await worker.waitForEvent('close');
	return performance.now() - before;
}
