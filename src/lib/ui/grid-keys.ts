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

/** Where in a row something is: `target` is the row, or in it. */
export interface RowPlace {
	readonly target: HTMLElement;
	readonly row: HTMLElement;
	readonly key: string;
}

export function rowAt(target: EventTarget | null): RowPlace | undefined {
	if (!(target instanceof HTMLElement)) return undefined;
	const row = target.closest<HTMLElement>('[data-row]');
	const key = row?.dataset['row'];
	return row === null || key === undefined ? undefined : { target, row, key };
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
