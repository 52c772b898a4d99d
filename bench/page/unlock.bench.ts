/**
 * What a person waits for, downloads and hosts: unlocking, opening 1,000 keys, the JavaScript of
 * two pages, the memory of the server at rest.
 */
import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { removeFolder, startServer, type ServerProcess } from '../../tests/server-process.ts';
import type * as account from '../modules/account.ts';
import { countingServer } from '../counting.ts';
import { record, recordBeside } from '../figures.ts';
import { ACCOUNT_MODULE, makeAccountOf, serveAccountModule, unlockOnce } from '../unlocking.ts';

const KEYS = 1_000;
const OPENINGS = 21;
const UNLOCKINGS = 6;
const PERSON = { email: 'bench@example.org', password: 'seven brass ticks on warm paper' };
const WIDE = '100000/m';
const LIMITS = { LIMIT_AUTH: WIDE, LIMIT_REQUESTS: WIDE, LIMIT_COMMITS: WIDE };
const VISITS = 5;
/** As Lighthouse throttles: 1.6 and 0.75 megabits a second, 150 ms there and back. */
const SLOW_4G = {
	offline: false,
	latency: 150,
	downloadThroughput: 1_638_400 / 8,
	uploadThroughput: 768_000 / 8
};

let server: ServerProcess;

test.beforeAll(async () => {
	server = await startServer(LIMITS);
});

test.afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

test('memory of the server at rest', () => {
	const status = readFileSync(`/proc/${server.child.pid ?? 0}/status`, 'utf8');
	const resident = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
	record({ what: 'server, resident memory at rest', unit: 'MB', goal: { atMost: 130 } }, [
		resident
	]);
});

test('the unlock page on slow 4G', async ({ browser }) => {
	const samples: number[] = [];
	for (let visit = 0; visit < VISITS; visit++) {
		// Nothing of the visit before is in a new context's cache.
		const context = await browser.newContext();
		const page = await context.newPage();
		const devtools = await context.newCDPSession(page);
		await devtools.send('Network.enable');
		await devtools.send('Network.emulateNetworkConditions', SLOW_4G);
		await page.goto(`${server.origin}/login`, { waitUntil: 'networkidle' });
		samples.push(await largestPaint(page));
		await context.close();
	}
	const what = 'unlock page on slow 4G, largest contentful paint';
	record({ what, unit: 'ms', goal: { atMost: 2_500 } }, samples);
});

test('opening 1,000 keys, and what unlocking them takes', async ({ context }) => {
	await serveAccountModule(context, server.origin);
	const page = await context.newPage();
	await page.goto(`${server.origin}/healthz`);
	const openings = await page.evaluate(
		async ({ module, person, keys, times }) => {
			const { makeAccount, openAgain } = (await import(module)) as typeof account;
			await makeAccount(person, keys);
			return await openAgain(person, times);
		},
		{ module: ACCOUNT_MODULE, person: PERSON, keys: KEYS, times: OPENINGS }
	);
	recordOpenings(openings);
	await page.close();
});

test('unlocking 1,000 keys, from the button to the rows', async ({ context }) => {
	const samples: number[] = [];
	const longest: number[] = [];
	for (let i = 0; i < UNLOCKINGS; i++) {
		const page = await context.newPage();
		const { took, blocked } = await unlockOnce(page, server.origin, PERSON);
		samples.push(took);
		longest.push(blocked);
		// The next page would be open as this one is.
		await page.getByRole('button', { name: 'Lock', exact: true }).click();
		await page.close();
	}
	record({ what: 'unlock, button to first rows, 1,000 keys', unit: 'ms' }, samples);
	const blocked = {
		what: 'unlock, longest block of the page',
		unit: 'ms',
		goal: { atMost: 50 }
	} as const;
	record(blocked, longest);
});

test('JavaScript of the unlock page and of the wallet', async ({ browser }) => {
	const counting = await countingServer(LIMITS);
	const maker = await browser.newContext();
	await serveAccountModule(maker, counting.origin);
	await makeAccountOf(await maker.newPage(), counting.origin, PERSON, 1);
	await maker.close();
	const context = await browser.newContext();
	counting.scripts();
	const page = await context.newPage();
	await page.goto(`${counting.origin}/login`, { waitUntil: 'networkidle' });
	const door = counting.scripts();
	await page.close();
	const first = await context.newPage();
	await unlockOnce(first, counting.origin, PERSON);
	await first.waitForLoadState('networkidle');
	const wallet = counting.scripts();
	const second = await context.newPage();
	await second.goto(`${counting.origin}/wallet`, { waitUntil: 'networkidle' });
	await expect(second.getByRole('gridcell').first()).toBeVisible();
	const other = counting.scripts();
	await context.close();
	await counting.stop();
	const loaded = 'JavaScript loaded, gzip';
	record({ what: `unlock page, ${loaded}`, unit: 'kB', goal: { atMost: 100 } }, [door]);
	record({ what: `wallet, ${loaded}`, unit: 'kB', goal: { atMost: 150 } }, [wallet]);
	record({ what: `wallet in a second tab (nothing derived), ${loaded}`, unit: 'kB' }, [other]);
});

/** Of what is painted so far, the largest: when it was. */
async function largestPaint(page: Page): Promise<number> {
	return await page.evaluate(
		() =>
			new Promise<number>((resolve) => {
				new PerformanceObserver((list) => {
					resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN);
				}).observe({ type: 'largest-contentful-paint', buffered: true });
			})
	);
}

function recordOpenings(openings: readonly account.Opening[]): void {
	const opened = openings.map(({ verifyAndOpen }) => verifyAndOpen);
	const parsed = openings.map(({ jsonParse }) => jsonParse);
	const what = 'open 1,000 keys: verify and decrypt';
	recordBeside({ what, unit: 'ms' }, opened, 'JSON.parse of their overviews', parsed);
	const all = openings.map(({ afterKdf }) => afterKdf);
	const network = 'open 1,000 keys: all after Argon2id, loopback';
	record({ what: network, unit: 'ms', goal: { atMost: 60 } }, all);
}
