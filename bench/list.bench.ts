/** The list as a person uses it: first rows, keystrokes, scrolling, memory; small and large. */
import { expect, test, type Page } from '@playwright/test';
import { removeFolder, startServer, type ServerProcess } from '../tests/server-process.ts';
import { record } from './figures.ts';
import { makeAccountOf, serveAccountModule, unlockOnce } from './unlocking.ts';

const WIDE = '100000/m';
const PASSWORD = 'seven brass ticks on warm paper';
/** Typed letter by letter, emptied between: words that are there, a slip, one that is nowhere. */
const QUERIES = ['service 42', 'production', 'servcie main', 'team 3 project 7', 'zzzz'];
const SCREENS = 60;

let server: ServerProcess;

test.beforeAll(async () => {
	server = await startServer({ LIMIT_AUTH: WIDE, LIMIT_REQUESTS: WIDE, LIMIT_COMMITS: WIDE });
});

test.afterAll(async () => {
	await server.stop();
	removeFolder(server.folder);
});

for (const keys of [1_000, 10_000]) {
	test(`a list of ${String(keys)} keys`, async ({ context }) => {
		const person = { email: `list-${String(keys)}@example.org`, password: PASSWORD };
		const count = keys.toLocaleString('en');
		await serveAccountModule(context, server.origin);
		const page = await context.newPage();
		await makeAccountOf(page, server.origin, person, keys);
		const { took } = await unlockOnce(page, server.origin, person);
		record({ what: `list, button to first rows, ${count} keys`, unit: 'ms', goal: '-' }, [took]);
		// A person reads before typing; what is made ready meanwhile is made ready.
		await page.waitForTimeout(3_000);
		const keystroke = `list, a keystroke in the search, ${count} keys`;
		record({ what: keystroke, unit: 'ms', goal: '<= 16' }, await typeEach(page));
		const blank = `list, frames with blank rows in ${String(SCREENS)} screens, ${count} keys`;
		record({ what: blank, unit: 'frames', goal: '0' }, [await scrollThrough(page)]);
		const memory = `list, JavaScript memory of the page, ${count} keys`;
		record({ what: memory, unit: 'MB', goal: '-' }, [await memoryOf(page)]);
	});
}

/** Milliseconds from each letter to the list that answers it, laid out. */
async function typeEach(page: Page): Promise<number[]> {
	await expect(page.getByRole('searchbox')).toBeVisible();
	return await page.evaluate(async (queries) => {
		const field = document.querySelector<HTMLInputElement>('[role="searchbox"]');
		if (!field) throw new Error('no search');
		const frame = () => new Promise(requestAnimationFrame);
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

async function memoryOf(page: Page): Promise<number> {
	const devtools = await page.context().newCDPSession(page);
	await devtools.send('HeapProfiler.collectGarbage');
	await devtools.send('Performance.enable');
	const { metrics } = await devtools.send('Performance.getMetrics');
	const used = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
	return used / 1_000_000;
}
