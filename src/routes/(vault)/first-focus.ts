/**
 * Gives focus where nothing has it, in a task of its own: the page is laid out by it, and drawing it has
 * taken its time already. The function returned takes it back; for an effect.
 */
export function giveFirstFocus(give: () => void): () => void {
	const waiting = setTimeout(() => {
		if (document.activeElement === document.body) give();
	});
	return () => {
		clearTimeout(waiting);
	};
}

/**
 * For what gives focus late: the function returned says whether it is still where it was, or nowhere.
 * Whoever went on meanwhile, to the search or to another row, types there.
 */
export function watchFocus(): () => boolean {
	const before = document.activeElement;
	return () => [before, document.body].includes(document.activeElement);
}
