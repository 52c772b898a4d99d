/** The parts of a page that F6 goes round: list, panel, toast, status. */
import type { FocusPlace } from './shortcuts.ts';

/** Moves focus to the next region on the page, or the first one from outside. */
export function focusNextRegion(root: ParentNode = document): void {
	const regions = [...root.querySelectorAll<HTMLElement>('[data-region]')].filter(
		(region) => region.closest('[inert]') === null && region.checkVisibility()
	);
	// The bar for marked keys is a region in the list's.
	const at = regions.findLastIndex((region) => region.contains(document.activeElement));
	const next = regions[(at + 1) % regions.length];
	if (next !== undefined) focusInto(next);
}

/** The region that has focus. */
export function regionOf(element: Element | null): string | undefined {
	return element?.closest<HTMLElement>('[data-region]')?.dataset['region'];
}

const LETTERED = ['list', 'panel', 'toast'];

/** Where the element that has focus stands, for the letters of the keyboard. */
export function focusPlace(element: Element | null, root: ParentNode = document): FocusPlace {
	const region = regionOf(element);
	if (region !== undefined && LETTERED.includes(region)) return 'list';
	if (root.querySelector('[data-region="list"]') !== null) return 'elsewhere';
	const nowhere = element === null || element.matches('body');
	return nowhere || element.closest('main') !== null ? 'page' : 'elsewhere';
}

/** The row of the list that would get focus. */
export function currentRow(root: ParentNode = document): HTMLElement | null {
	return root.querySelector('[data-region="list"] [role="row"][tabindex="0"]');
}

/** Gives focus to the search of the list; false where there is none, or something covers it. */
export function focusSearch(root: ParentNode = document): boolean {
	const field = root.querySelector<HTMLInputElement>('[data-region="list"] input');
	if (field === null || field.closest('[inert]') !== null) return false;
	field.focus();
	field.select();
	return true;
}

function focusInto(region: HTMLElement): void {
	// The current row of a list comes before the search above it.
	const target =
		region.querySelector<HTMLElement>('[tabindex="0"]') ??
		region.querySelector<HTMLElement>('a[href], button:not(:disabled), input');
	(target ?? region).focus();
}
