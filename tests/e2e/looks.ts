/** How the screens are looked at in a language: in these sizes, and with no text that is cut. */
import { expect, type Page } from '@playwright/test';
import { LANGUAGES, type Language } from '#lib/i18n/languages.ts';
import { misfits, widened } from './boxes.ts';
import { picture } from './fixtures.ts';
import { EVERY } from './forms.ts';

/** `made`: the made-up language, which is English to begin with. */
type Wording = Language | 'made';

export const WORDINGS: readonly Wording[] = EVERY ? [...LANGUAGES, 'made'] : ['de', 'made'];

interface Size {
	readonly width: number;
	readonly height: number;
}

/** In these sizes, or in all. */
export type Look = (screen: string, sizes?: readonly Size[]) => Promise<void>;

export const SIZES: readonly Size[] = [
	{ width: 390, height: 844 },
	{ width: 768, height: 1024 },
	// 200 % zoom of 1280 by 800.
	{ width: 640, height: 400 },
	{ width: 1280, height: 800 }
];

/** The narrowest that everything fits into. */
export const NARROWEST: readonly Size[] = [{ width: 320, height: 640 }];

/** The list alone and beside an open key in the forms that its rows have, with their edges. */
export const LIST_SIZES: readonly Size[] = [
	...SIZES,
	...NARROWEST,
	{ width: 800, height: 600 },
	{ width: 838, height: 600 },
	{ width: 1080, height: 800 }
];

/** The two that all screens are drawn for: what `npm test` has time for beside the main screens. */
export const OWN_SIZES: readonly Size[] = EVERY
	? [...SIZES, ...NARROWEST]
	: [{ width: 390, height: 844 }, { width: 1280, height: 800 }, ...NARROWEST];

/** Finds every text whole, in each size. */
export function lookAt(page: Page, wording: Wording): Look {
	return async (screen, sizes = SIZES) => {
		const restore = wording === 'made' ? await widened(page) : undefined;
		for (const size of sizes) {
			await page.setViewportSize(size);
			const name = `${wording}-${size.width}-${screen}`;
			// What floats finds its new place a moment after the page has its new size.
			await expect.poll(() => misfits(page), name).toEqual([]);
			await picture(page, name);
		}
		await restore?.();
	};
}
