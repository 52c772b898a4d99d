/** The part of a list that the element which scrolls shows now. Lengths are px. */
export interface ListWindow {
	/** From the top of the list. */
	readonly top: number;
	readonly height: number;
	/** Px of one rem: it grows with the text size of the browser. */
	readonly rem: number;
}

/** From the top of what `scroller` scrolls to the top of `list`. */
export function offsetIn(scroller: HTMLElement, list: HTMLElement): number {
	const distance = list.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
	return distance + scroller.scrollTop;
}

/** Tells of every change of what is shown; the function returned ends it. */
export function watchWindow(
	scroller: HTMLElement,
	list: HTMLElement,
	changed: (shown: ListWindow) => void
): () => void {
	const measure = () => {
		changed({
			top: scroller.scrollTop - offsetIn(scroller, list),
			height: scroller.clientHeight,
			rem: parseFloat(getComputedStyle(document.documentElement).fontSize)
		});
	};
	// It tells of what it observes from the first layout on. Measuring here would force that layout
	// into the task that makes the list, and drawing at the first telling would force the rows into
	// the task that paints the page: either blocks the page for twice as long.
	let first: ReturnType<typeof setTimeout> | undefined;
	const watcher = new ResizeObserver(() => {
		if (first === undefined) first = setTimeout(measure);
		else measure();
	});
	watcher.observe(scroller);
	// What stands above the list moves it too.
	for (const sibling of scroller.children) watcher.observe(sibling);
	scroller.addEventListener('scroll', measure, { passive: true });
	return () => {
		clearTimeout(first);
		watcher.disconnect();
		scroller.removeEventListener('scroll', measure);
	};
}
