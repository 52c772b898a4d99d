/** The list as a person uses it: first rows, keystrokes, scrolling, memory; small and large. */
import { readFileSync } from 'node:fs';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { removeFolder, startServer, type ServerProcess } from '../../tests/server-process.ts';
import { record } from '../figures.ts';
import { makeAccountOf, serveAccountModule, unlockOnce } from '../unlocking.ts';

const WIDE = '100000/m';
const PASSWORD = 'seven brass ticks on warm paper';
/** Typed letter by letter, emptied between: words that are there, a slip, one that is nowhere. */
const QUERIES = ['service 42', 'production', 'servcie main', 'team 3 project 7', 'zzzz'];
const SCREENS = 60;
/** Of slow scrolling: an eighth of a screen each. */
const FRAMES = 240;
const UNLOCKINGS = 6;

let server: ServerProcess;

test.beforeAll(async () => {
	server = await startServer({ LIMIT_AUTH: WIDE, LIMIT_REQUESTS: WIDE, LIMIT_COMMITS: WIDE });
});

test.afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

for (const keys of [1_000, 10_000]) {
	test(`a list of ${String(keys)} keys`, async ({ context, browser }) => {
		const person = { email: `list-${String(keys)}@example.org`, password: PASSWORD };
		const count = keys.toLocaleString('en');
		await serveAccountModule(context, server.origin);
		const maker = await context.newPage();
		await makeAccountOf(maker, server.origin, person, keys);
		await maker.close();
		const page = await context.newPage();
		await page.goto(`${server.origin}/login`, { waitUntil: 'networkidle' });
		const before = await residentOf(browser);
		await recordUnlockings(page, person, count);
		// A person reads before typing; what is made ready meanwhile is made ready.
		await page.waitForTimeout(3_000);
		const keystroke = `list, a keystroke in the search, ${count} keys`;
		record({ what: keystroke, unit: 'ms', goal: { atMost: 16 } }, await typeEach(page));
		const blank = `list, frames with blank rows in ${String(SCREENS)} screens, ${count} keys`;
		record({ what: blank, unit: 'frames', goal: { atMost: 0 } }, [await scrollThrough(page)]);
		const late = `list, frames over 32 ms of ${FRAMES} while scrolling, ${count} keys`;
		record({ what: late, unit: 'frames', goal: { atMost: 0 } }, [await lateFrames(page)]);
		const memory = `list, JavaScript memory of the page, ${count} keys`;
		record({ what: memory, unit: 'MB' }, [await memoryOf(page)]);
		const resident = 'resident memory of the tab’s process';
		record({ what: `list, ${resident}, locked`, unit: 'MB' }, [before]);
		const after = `list, ${resident}, after all this, ${count} keys`;
		record({ what: after, unit: 'MB' }, [await residentOf(browser)]);
	});
}

/** From the button to the rows, again and again; then without what Argon2id took of it. */
async function recordUnlockings(
	page: Page,
	person: { email: string; password: string },
	count: string
): Promise<void> {
	const all: number[] = [];
	const rest: number[] = [];
	for (let turn = 0; turn < UNLOCKINGS; turn++) {
		if (turn > 0) await page.getByRole('button', { name: 'Lock', exact: true }).click();
		const { took, deriving } = await unlockOnce(page, server.origin, person);
		all.push(took);
		rest.push(took - deriving);
	}
	record({ what: `list, button to first rows, ${count} keys`, unit: 'ms' }, all);
	const without = `list, the same without the worker of Argon2id, ${count} keys`;
	record({ what: without, unit: 'ms', goal: { atMost: 300 } }, rest);
}

/** Milliseconds from each letter to the list that answers it, laid out. */
async function typeEach(page: Page): Promise<number[]> {
	await expect(page.getByRole('searchbox')).toBeVisible();
	return await page.evaluate(async (queries) => {
		const field = document.querySelector<HTMLInputElement>('[role="searchbox"]');
		if (!field) throw new Error('no search');
		const frame = () => new Promise(requestAnimationFrame);
		const shown = () => document.querySelector('[role="grid"]')?.textContent ?? '';
		const whole = shown();
		const samples: number[] = [];
		for (const query of queries) {
			for (let length = 1; length <= query.length; length++) {
				await frame();
				const before = performance.now();
				field.value = query.slice(0, length);
				field.dispatchEvent(new InputEvent('input', { bubbles: true }));
				// The list is drawn in a microtask; asking for a measure lays it out.
				await Promise.resolve();
				await Promise.resolve();
				document.body.getBoundingClientRect();
				samples.push(performance.now() - before);
			}
			// A query that every key answers leaves the words of the rows, and marks them.
			const isMarked = document.querySelector('[role="grid"] mark') !== null;
			if (shown() === whole && !isMarked) throw new Error(`${query} left the list as it was`);
			field.value = '';
			field.dispatchEvent(new InputEvent('input', { bubbles: true }));
			await frame();
		}
		return samples;
	}, QUERIES);
}

/** Scrolls a screen in each frame, and counts those in which a place in the list showed no row. */
async function scrollThrough(page: Page): Promise<number> {
	return await page.evaluate(async (screens) => {
		const grid = document.querySelector<HTMLElement>('[role="grid"]');
		let scroller = grid?.parentElement;
		while (scroller && scroller.scrollHeight <= scroller.clientHeight) {
			scroller = scroller.parentElement;
		}
		if (!grid || !scroller) throw new Error('no list that scrolls');
		const frame = () => new Promise(requestAnimationFrame);
		const { left, top, width, height } = scroller.getBoundingClientRect();
		const isRow = (part: number) =>
			document.elementFromPoint(left + width / 2, top + height * part)?.closest('[role="row"]') !==
			null;
		let blank = 0;
		for (let screen = 0; screen < screens; screen++) {
			scroller.scrollTop += height;
			await frame();
			await frame();
			if (![0.3, 0.6, 0.9].every(isRow)) blank++;
		}
		return blank;
	}, SCREENS);
}

/** Scrolls a little in each frame, and counts the frames that came late. */
async function lateFrames(page: Page): Promise<number> {
	return await page.evaluate(async (frames) => {
		let scroller = document.querySelector<HTMLElement>('[role="grid"]');
		while (scroller && scroller.scrollHeight <= scroller.clientHeight) {
			scroller = scroller.parentElement;
		}
		if (!scroller) throw new Error('no list that scrolls');
		scroller.scrollTop = 0;
		const frame = () => new Promise<number>(requestAnimationFrame);
		let before = await frame();
		let late = 0;
		for (let turn = 0; turn < frames; turn++) {
			scroller.scrollTop += scroller.clientHeight / 8;
			const now = await frame();
			if (now - before > 32) late++;
			before = now;
		}
		return late;
	}, FRAMES);
}

/** Megabytes of the largest process that draws pages: there is one tab. */
async function residentOf(browser: Browser): Promise<number> {
	const devtools = await browser.newBrowserCDPSession();
	const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
	await devtools.detach();
	const sizes = processInfo
		.filter(({ type }) => type === 'renderer')
		.map(({ id }) => {
			const status = readFileSync(`/proc/${String(id)}/status`, 'utf8');
			return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
		});
	return Math.max(...sizes);
}

async function memoryOf(page: Page): Promise<number> {
	const devtools = await page.context().newCDPSession(page);
	await devtools.send('HeapProfiler.collectGarbage');
	await devtools.send('Performance.enable');
	const { metrics } = await devtools.send('Performance.getMetrics');
	const used = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
	return used / 1_000_000;
}
