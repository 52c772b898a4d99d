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
