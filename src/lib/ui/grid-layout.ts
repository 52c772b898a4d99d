/**
 * Where the rows of a long, grouped list stand, so that only those near the window are in the page.
 *
 * Rows and heads have fixed heights, hence every place is arithmetic: nothing is measured, and the
 * last of 10,000 rows can be scrolled to without having been drawn. Lengths are px.
 */

/** Rows of one kind under one head. */
export interface GridGroup<Row> {
	readonly id: string;
	readonly rows: readonly Row[];
	/** Without a head the rows stand alone: one group only. */
	readonly headless?: boolean;
}

/** A group with its place in the list. */
export interface PlacedGroup<Group> {
	readonly group: Group;
	readonly top: number;
	readonly height: number;
	/** Height of its own head: 0 without one. */
	readonly head: number;
	/** Rows before this group's first, heads not counted. */
	readonly firstRow: number;
	/** `aria-rowindex` of its head, or of its first row where there is none; counts from 1. */
	readonly firstIndex: number;
}

/** What a parent may ask of a VirtualGrid that it holds by `bind:this`. */
export interface GridHandle {
	/** Gives focus to a row, wherever it is in the list. */
	focusRow(key: string): void;
	/** Gives focus to the current row; false if the list is empty. */
	focusCurrent(): boolean;
	/** Of an answer to something else no row is chosen yet. */
	startOver(): void;
	/** Moves by so many rows from the current one. */
	move(by: number): void;
	/** Key of the row that has focus or would get it. */
	currentKey(): string | undefined;
}

/** Part of a group's rows: `from` inclusive, `to` exclusive. */
export interface Span {
	readonly from: number;
	readonly to: number;
}

/** Rows drawn beyond the window on either side: enough for a flick between two frames. */
const OVERSCAN_ROWS = 8;

/** Places the groups one below the other. */
export function placeGroups<Row, Group extends GridGroup<Row>>(
	groups: readonly Group[],
	rowHeight: number,
	headHeight: number
): PlacedGroup<Group>[] {
	let top = 0;
	let firstRow = 0;
	let firstIndex = 1;
	return groups.map((group) => {
		const head = group.headless === true ? 0 : headHeight;
		const height = head + group.rows.length * rowHeight;
		const placed = { group, top, height, head, firstRow, firstIndex };
		top += height;
		firstRow += group.rows.length;
		firstIndex += group.rows.length + (head > 0 ? 1 : 0);
		return placed;
	});
}

/** `aria-rowcount`: all rows, drawn or not, and the heads, as {@link PlacedGroup.firstIndex} counts. */
export function rowCountOf(placed: readonly PlacedGroup<GridGroup<unknown>>[]): number {
	const last = placed.at(-1);
	if (last === undefined) return 0;
	return last.firstIndex - 1 + last.group.rows.length + (last.head > 0 ? 1 : 0);
}

/** The rows of `placed` that a window from `from` to `to` (px in the list) needs in the page. */
export function spanOf(
	placed: Pick<PlacedGroup<GridGroup<unknown>>, 'top' | 'head' | 'group'>,
	rowHeight: number,
	from: number,
	to: number
): Span {
	const count = placed.group.rows.length;
	const start = placed.top + placed.head;
	const first = Math.floor((from - start) / rowHeight) - OVERSCAN_ROWS;
	const last = Math.ceil((to - start) / rowHeight) + OVERSCAN_ROWS;
	const clamp = (index: number) => Math.min(Math.max(index, 0), count);
	return { from: clamp(first), to: clamp(last) };
}

/**
 * The rows of `placed` to draw, in their order: those of `span`, and those that are never taken out
 * of the page.
 *
 * @param kept their keys; a key that is missing or elsewhere is left out
 * @param numbers of all rows of the list, by key
 */
export function rowsToDraw<Row>(
	placed: Pick<PlacedGroup<GridGroup<Row>>, 'firstRow' | 'group'>,
	{ from, to }: Span,
	kept: readonly (string | undefined)[],
	numbers: ReadonlyMap<string, number>,
	keyOf: (row: Row) => string
): { index: number; key: string; each: Row }[] {
	const { rows } = placed.group;
	const also = kept
		.map((key) => (numbers.get(key ?? '') ?? -1) - placed.firstRow)
		.filter((index) => index >= 0 && index < rows.length && (index < from || index >= to));
	const span = Array.from({ length: to - from }, (_, index) => from + index);
	return [...span, ...new Set(also)]
		.sort((one, other) => one - other)
		.flatMap((index) =>
			rows.slice(index, index + 1).map((each) => ({ index, key: keyOf(each), each }))
		);
}

/** The place of the row with this number (heads not counted), or undefined beyond the last. */
export function placeOfRow(
	placed: readonly PlacedGroup<GridGroup<unknown>>[],
	row: number,
	rowHeight: number
): { readonly top: number; readonly head: number } | undefined {
	const group = placed.findLast((candidate) => candidate.firstRow <= row);
	if (group === undefined || row >= group.firstRow + group.group.rows.length) return undefined;
	return { top: group.top + group.head + (row - group.firstRow) * rowHeight, head: group.head };
}

/**
 * Where to scroll so that a row is seen whole, or undefined if it is already.
 *
 * @param view what the list shows now: its top and bottom in the list, without what covers it
 */
export function scrollFor(
	row: { readonly top: number; readonly head: number },
	rowHeight: number,
	view: { readonly top: number; readonly bottom: number }
): number | undefined {
	if (row.top - row.head < view.top) return row.top - row.head;
	if (row.top + rowHeight > view.bottom) return row.top + rowHeight - (view.bottom - view.top);
	return undefined;
}
