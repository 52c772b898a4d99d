/** Waiting as the page itself sees it: who looks from outside looks only every so often. */
import type { Page } from '@playwright/test';

interface Wait {
	/** What a person does. */
	readonly from: 'click' | 'change';
	readonly selector: string;
	/** In one of the elements that the selector finds. */
	readonly text?: string;
}

/**
 * To be called before the person does it.
 *
 * @returns what waits for the milliseconds from then until such an element stands in the page.
 */
export async function markWait(page: Page, wait: Wait): Promise<() => Promise<number>> {
	await page.evaluate(({ from, selector, text = '' }) => {
		let begun = Number.NaN;
		const took = new Promise<number>((resolve) => {
			const isThere = () =>
				[...document.querySelectorAll(selector)].some(({ textContent }) =>
					textContent.includes(text)
				);
			const begin = () => {
				begun = performance.now();
			};
			addEventListener(from, begin, { capture: true, once: true });
			const observer = new MutationObserver(() => {
				if (Number.isNaN(begun) || !isThere()) return;
				observer.disconnect();
				resolve(performance.now() - begun);
			});
			observer.observe(document, { characterData: true, childList: true, subtree: true });
		});
		Object.assign(globalThis, { benchWait: took });
	}, wait);
	return async () =>
		await page.evaluate(
			async () => await (Reflect.get(globalThis, 'benchWait') as Promise<number>)
		);
}
