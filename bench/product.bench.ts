/**
 * What a person waits for, downloads and hosts: unlocking, opening 1,000 keys, the JavaScript of
 * two pages, the memory of the server at rest.
 */
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { removeFolder, startServer, type ServerProcess } from '../tests/server-process.ts';
import type * as account from './account.ts';
import { record } from './figures.ts';

const KEYS = 1_000;
const OPENINGS = 21;
const UNLOCKINGS = 6;
const PERSON = { email: 'bench@example.org', password: 'seven brass ticks on warm paper' };
const MODULE = '/bench/account.js';
const WIDE = '100000/m';

let server: ServerProcess;

test.beforeAll(async () => {
	server = await startServer({ LIMIT_AUTH: WIDE, LIMIT_REQUESTS: WIDE, LIMIT_COMMITS: WIDE });
});

test.afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

test('memory of the server at rest', () => {
	const status = readFileSync(`/proc/${server.child.pid ?? 0}/status`, 'utf8');
	const resident = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
	record({ what: 'server, resident memory at rest', unit: 'MB', goal: '<= 130' }, [resident]);
});

test('JavaScript of the unlock page', async ({ context }) => {
	const sizes = await scriptSizes(context);
	const page = await context.newPage();
	await page.goto(`${server.origin}/login`, { waitUntil: 'networkidle' });
	const heading = { what: 'unlock page, JavaScript loaded, gzip', unit: 'kB', goal: '<= 100' };
	record({ ...heading, unit: 'kB' }, [await sum(sizes)]);
});

test('opening 1,000 keys, and what unlocking them takes', async ({ context }) => {
	await context.route(`${server.origin}/bench/*`, async (route) => {
		const code = (await bundled()).get(new URL(route.request().url()).pathname);
		await route.fulfill({ contentType: 'text/javascript', body: code ?? '' });
	});
	const page = await context.newPage();
	await page.goto(`${server.origin}/healthz`);
	const openings = await page.evaluate(
		async ({ module, person, keys, times }) => {
			const { makeAccount, openAgain } = (await import(module)) as typeof account;
			await makeAccount(person, keys);
			return await openAgain(person, times);
		},
		{ module: MODULE, person: PERSON, keys: KEYS, times: OPENINGS }
	);
	recordOpenings(openings);
	await page.close();
});

test('unlocking 1,000 keys, from the button to the rows', async ({ context }) => {
	const samples: number[] = [];
	const longest: number[] = [];
	for (let i = 0; i < UNLOCKINGS; i++) {
		const page = await context.newPage();
		const { took, blocked } = await unlockOnce(page);
		samples.push(took);
		longest.push(blocked);
		await page.close();
	}
	record({ what: 'unlock, button to first rows, 1,000 keys', unit: 'ms', goal: '-' }, samples);
	const blocked = { what: 'unlock, longest block of the page', unit: 'ms', goal: '<= 50' } as const;
	record(blocked, longest);
});

test('JavaScript of the wallet', async ({ context }) => {
	const sizes = await scriptSizes(context);
	await unlockOnce(await context.newPage());
	const heading = { what: 'wallet, JavaScript loaded, gzip', unit: 'kB', goal: '<= 150' } as const;
	record(heading, [await sum(sizes)]);
});

function recordOpenings(openings: readonly account.Opening[]): void {
	const opened = openings.map(({ verifyAndOpen }) => verifyAndOpen);
	const what = 'open 1,000 keys: verify and decrypt';
	record({ what, unit: 'ms', goal: '<= 60' }, opened);
	const ratios = openings.map(({ verifyAndOpen, jsonParse }) => verifyAndOpen / jsonParse);
	record({ what: 'the same beside JSON.parse of its text', unit: 'x', goal: '-' }, ratios);
	const all = openings.map(({ afterKdf }) => afterKdf);
	const network = 'open 1,000 keys: all after Argon2id, loopback';
	record({ what: network, unit: 'ms', goal: '-' }, all);
}

/** Milliseconds until a row stands in the list, and of the page's longest task meanwhile. */
async function unlockOnce(page: Page): Promise<{ took: number; blocked: number }> {
	await page.goto(`${server.origin}/login`, { waitUntil: 'networkidle' });
	await expect(page.getByLabel('Password', { exact: true })).toBeVisible();
	const email = page.getByLabel('Email', { exact: true });
	if (await email.isVisible()) await email.fill(PERSON.email);
	await page.getByLabel('Password', { exact: true }).fill(PERSON.password);
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

/** The gzip sizes of all scripts that are loaded from now on, workers' too, by address. */
async function scriptSizes(context: BrowserContext): Promise<Map<string, Promise<number>>> {
	const sizes = new Map<string, Promise<number>>();
	await context.route('**/*.js', async (route) => {
		const response = await route.fetch();
		const body = await response.body();
		sizes.set(route.request().url(), Promise.resolve(gzipSync(body).length / 1_000));
		await route.fulfill({ response });
	});
	return sizes;
}

async function sum(sizes: ReadonlyMap<string, Promise<number>>): Promise<number> {
	return (await Promise.all(sizes.values())).reduce((total, size) => total + size, 0);
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
