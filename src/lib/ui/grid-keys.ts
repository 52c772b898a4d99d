/** What keys do inside a VirtualGrid (ARIA grid pattern: one tab stop, arrows go on from there). */

/** Where a key moves the current row: by so many rows, or to an end of the list. */
export type Step = number | 'first' | 'last';

/** @param page rows that a page key goes past */
export function stepOf(key: string, page: number): Step | undefined {
	switch (key) {
		case 'ArrowDown':
			return 1;
		case 'ArrowUp':
			return -1;
		case 'PageDown':
			return page;
		case 'PageUp':
			return -page;
		case 'Home':
			return 'first';
		case 'End':
			return 'last';
		default:
			return undefined;
	}
}

/**
 * Right enters the buttons of a row and goes on, Left goes back and leaves them; the other way round
 * where lines begin at the right.
 */
export function moveAmongCells(key: 'ArrowLeft' | 'ArrowRight', at: HTMLElement, row: HTMLElement) {
	const buttons = [...row.querySelectorAll<HTMLElement>('button, a[href]')];
	const onwards = getComputedStyle(row).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
	const next = buttons.indexOf(at) + (key === onwards ? 1 : -1);
	(next < 0 ? row : buttons[next])?.focus();
}
