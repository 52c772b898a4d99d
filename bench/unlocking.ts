/** What several benches begin with: an account of many keys, and the way into it. */
import { expect, type BrowserContext, type Page } from '@playwright/test';
import { build } from 'vite';
import type * as account from './account.ts';

export const ACCOUNT_MODULE = '/bench/account.js';

/** Serves bench/account.ts below the product's own origin, in this context only. */
export async function serveAccountModule(context: BrowserContext, origin: string): Promise<void> {
	await context.route(`${origin}/bench/*`, async (route) => {
		const code = (await bundled()).get(new URL(route.request().url()).pathname);
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

/** Milliseconds until a row stands in the list, and of the page's longest task meanwhile. */
export async function unlockOnce(
	page: Page,
	origin: string,
	person: account.Person
): Promise<{ took: number; blocked: number }> {
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
	const before = performance.now();
	await page.getByRole('button', { name: 'Unlock', exact: true }).click();
	await expect(page.getByRole('gridcell').first()).toBeVisible();
	const took = performance.now() - before;
	// The browser reports tasks of 50 ms and more only: none means less than that.
	const blocked = await page.evaluate(() => {
		const tasks: unknown = Reflect.get(globalThis, 'benchTasks');
		return Array.isArray(tasks) ? Math.max(0, ...(tasks as number[])) : Number.NaN;
	});
	return { took, blocked };
}

/** bench/account.ts and its chunks, by path. */
async function bundled(): Promise<ReadonlyMap<string, string>> {
	const built = await build({
		configFile: false,
		logLevel: 'error',
		build: {
			write: false,
			rolldownOptions: {
				input: 'bench/account.ts',
				preserveEntrySignatures: 'strict',
				output: { entryFileNames: 'bench/account.js', chunkFileNames: 'bench/[name].js' }
			}
		}
	});
	const outputs = Array.isArray(built) ? built : 'output' in built ? [built] : [];
	const chunks = outputs.flatMap(({ output }) => output).filter((file) => file.type === 'chunk');
	return new Map(chunks.map((chunk) => [`/${chunk.fileName}`, chunk.code]));
}
