/** A server that takes its time. */
import type { Page } from '@playwright/test';

/** Keeps what the server answers back. The function returned lets it come. */
export async function held(page: Page): Promise<() => Promise<void>> {
	let letCome = () => {};
	const come = new Promise<void>((resolve) => (letCome = resolve));
	await page.route('**/api/v1/**', async (route) => {
		await come;
		await route.continue();
	});
	return async () => {
		letCome();
		await page.unrouteAll({ behavior: 'wait' });
	};
}
