/**
 * What every browser test starts from: a server of its own, and a watch over the pages. A test fails
 * if a page breaks the content security policy, writes an error to the console, throws, or asks
 * another origin for anything, wherever that happens.
 */
import { AxeBuilder } from '@axe-core/playwright';
import {
	expect,
	test as base,
	type BrowserContext,
	type Locator,
	type Page
} from '@playwright/test';
import { removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import { watch } from './watch.ts';

const ACCESSIBILITY_RULES = [
	'wcag2a',
	'wcag2aa',
	'wcag21a',
	'wcag21aa',
	'wcag22aa',
	'best-practice'
];

type Violations = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'];

/** One machine signs in again and again during a run; the limits have tests of their own. */
export const WIDE_LIMITS = {
	LIMIT_AUTH: '100000/m',
	LIMIT_CODES_ACCOUNT: '100000/m',
	LIMIT_COMMITS: '100000/m',
	LIMIT_FAILURES_ACCOUNT: '100000/m',
	LIMIT_FAILURES_HERE: '100000/m',
	LIMIT_FAILURES_NETWORK: '100000/m',
	LIMIT_FAILURES_TOTAL: '100000/m',
	LIMIT_MAILS_ADDRESS: '100000/m',
	LIMIT_MAILS_NETWORK: '100000/m',
	LIMIT_READS: '100000/m',
	LIMIT_REMINDERS: '100000/m',
	LIMIT_REGISTRATIONS_NETWORK: '100000/m',
	LIMIT_REGISTRATIONS_TOTAL: '100000/m',
	LIMIT_REQUESTS: '100000/m'
};

interface TestFixtures {
	/** Console errors that the test provokes. */
	readonly expectedErrors: RegExp[];
	/** A second person, or the same one elsewhere: another browser with nothing stored, watched too. */
	readonly anotherBrowser: () => Promise<Page>;
}

interface WorkerFixtures {
	readonly server: ServerProcess;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
	server: [
		async ({}, use) => {
			const server = await startServer(WIDE_LIMITS);
			await use(server);
			await server.stop();
			removeFolder(server.folder);
		},
		{ scope: 'worker' }
	],

	baseURL: async ({ server }, use) => {
		await use(server.origin);
	},

	expectedErrors: async ({}, use) => {
		await use([]);
	},

	context: async ({ context, server, expectedErrors }, use) => {
		const faults = await prepare(context, server.origin, expectedErrors);
		await use(context);
		expect(faults).toEqual([]);
	},

	anotherBrowser: async ({ browser, server, expectedErrors, viewport }, use) => {
		const opened: { context: BrowserContext; faults: string[] }[] = [];
		await use(async () => {
			const context = await browser.newContext({ baseURL: server.origin, viewport });
			opened.push({ context, faults: await prepare(context, server.origin, expectedErrors) });
			return await context.newPage();
		});
		for (const { context } of opened) await context.close();
		expect(opened.flatMap(({ faults }) => faults)).toEqual([]);
	}
});

export { expect } from '@playwright/test';

/**
 * Fails with the rule and the elements if axe finds anything on the page once it is at rest: while one
 * page makes room for the next there is a moment without a heading. A dialog is looked at in both
 * themes: it is opened in one journey, not in one of each.
 */
export async function expectAccessible(page: Page): Promise<void> {
	await expect(async () => {
		const { violations } = await new AxeBuilder({ page }).withTags(ACCESSIBILITY_RULES).analyze();
		expect(violations.flatMap(wordsOf)).toEqual([]);
		// Looking once over a page of many elements takes seconds where others want the machine too.
	}).toPass({ timeout: 60_000 });
	if ((await page.getByRole('dialog').count()) > 0) await expectReadableInOtherTheme(page);
}

/** What is clean in one theme differs in the other by its colours alone. */
export async function expectReadableInOtherTheme(page: Page): Promise<void> {
	const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
	await page.emulateMedia({ colorScheme: isDark ? 'light' : 'dark' });
	await expect(async () => {
		const { violations } = await new AxeBuilder({ page }).withRules('color-contrast').analyze();
		expect(violations.flatMap(wordsOf)).toEqual([]);
	}).toPass({ timeout: 60_000 });
	await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
}

function wordsOf({ id, nodes }: Violations[number]): string[] {
	return nodes.map(
		({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`
	);
}

/** Keeps a picture in test-results/screenshots, when KEYHOLD_SCREENSHOTS is set. */
export async function picture(page: Page, name: string): Promise<void> {
	if ((process.env['KEYHOLD_SCREENSHOTS'] ?? '') === '') return;
	await page.screenshot({ path: `test-results/screenshots/${name}.png` });
}

/** What is in the clipboard. */
export async function clipboardText(context: BrowserContext): Promise<string> {
	return await onBlankPage(context, async (field) => {
		await field.press('ControlOrMeta+V');
		return await field.inputValue();
	});
}

/** Pastes a text where the focus is, as a person would who copied it elsewhere. */
export async function paste(page: Page, text: string): Promise<void> {
	await onBlankPage(page.context(), async (field) => {
		await field.fill(text);
		await field.press('ControlOrMeta+A');
		await field.press('ControlOrMeta+C');
	});
	await page.bringToFront();
	await page.keyboard.press('ControlOrMeta+V');
}

/** The product's own pages may not read the clipboard: a field elsewhere in this browser can. */
async function onBlankPage<Result>(
	context: BrowserContext,
	use: (field: Locator) => Promise<Result>
): Promise<Result> {
	const page = await context.newPage();
	try {
		await page.setContent('<textarea></textarea>');
		return await use(page.locator('textarea'));
	} finally {
		await page.close();
	}
}

async function prepare(
	context: BrowserContext,
	origin: string,
	expectedErrors: readonly RegExp[]
): Promise<string[]> {
	await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
	return await watch(context, origin, expectedErrors);
}
