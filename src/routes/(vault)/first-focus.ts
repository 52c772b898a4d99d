/**
 * Gives focus where nothing has it, in a task of its own: the page is laid out by it, and drawing it has
 * taken its time already. What is gone by then gives none.
 */
export function giveFirstFocus(give: () => unknown): void {
	setTimeout(() => {
		if (isNowhere(document.activeElement)) give();
	});
}

/**
 * For focus that is given late, by the function returned: only if it is still where it was before, or
 * nowhere. Whoever went on meanwhile, to the search or to another row, types there.
 */
export function lateFocus(): (give: () => unknown) => void {
	const before = document.activeElement;
	return (give) => {
		const now = document.activeElement;
		if (now === before || isNowhere(now)) give();
	};
}

/** The page as a whole has focus until a part of it takes it. */
function isNowhere(element: Element | null): boolean {
	return element?.matches('body, main') ?? true;
}
