/** The parts of a page that F6 goes round: list, panel, toast, status. */

/** Moves focus to the next region on the page, or the first one from outside. */
export function focusNextRegion(root: ParentNode = document): void {
	const regions = [...root.querySelectorAll<HTMLElement>('[data-region]')].filter(
		(region) => region.closest('[inert]') === null
	);
	const at = regions.findIndex((region) => region.contains(document.activeElement));
	// A toast lies inside the list: from the list one goes into it, not past it.
	const inner = regions.findLastIndex((region) => region.contains(document.activeElement));
	const next = regions[(Math.max(at, inner) + 1) % regions.length];
	if (next !== undefined) focusInto(next);
}

/** The region that has focus. */
export function regionOf(element: Element | null): string | undefined {
	return element?.closest<HTMLElement>('[data-region]')?.dataset['region'];
}

function focusInto(region: HTMLElement): void {
	const target =
		region.querySelector<HTMLElement>('[data-entry]') ??
		region.querySelector<HTMLElement>('[tabindex="0"], a[href], button:not(:disabled), input');
	(target ?? region).focus();
}
