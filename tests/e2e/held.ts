/** A server that takes its time. */
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
