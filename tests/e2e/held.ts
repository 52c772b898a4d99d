/** A server that takes its time, and a page that does not. */
import type { Page } from '@playwright/test';

/** Keeps what the server answers back. The function returned lets it come. */
export async function held(page: Page, what = '**/api/v1/**'): Promise<() => void> {
	let letCome = () => {};
	const come = new Promise<void>((resolve) => (letCome = resolve));
	await page.route(what, async (route) => {
		await come;
		await route.continue();
	});
	// The route stays: to take it away fails what is on its way at that moment.
	return letCome;
}

/**
 * Stops what counts seconds down on this page: what is offered for some of them is there for as long as
 * a test takes to get to it. The function returned lets them pass again.
 */
export async function heldSeconds(page: Page): Promise<() => Promise<void>> {
	const kept = await page.evaluateHandle(() => {
		const { now } = Date;
		const at = now();
		Date.now = () => at;
		return now;
	});
	return async () => {
		await kept.evaluate((now) => {
			Date.now = now;
		});
	};
}
