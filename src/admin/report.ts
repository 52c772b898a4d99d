/** What a command ends with: for a program, and for a person. */

export interface Outcome {
	readonly json: Readonly<Record<string, unknown>>;
	readonly lines: readonly string[];
	/** `EXIT.done` without it. */
	readonly exitCode?: number;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];
const UNIT = 1_000;

export function sizeText(bytes: number): string {
	let size = bytes;
	let unit = 0;
	for (; size >= UNIT && unit < UNITS.length - 1; unit++) size /= UNIT;
	return `${unit === 0 ? size : size.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** Columns as wide as they need to be; the last ones are numbers, at the right. */
export function table(
	rows: readonly (readonly string[])[],
	numbers: ReadonlySet<number>
): string[] {
	const widths = (rows[0] ?? []).map((_, column) =>
		Math.max(...rows.map((row) => (row[column] ?? '').length))
	);
	return rows.map((row) =>
		row
			.map((cell, column) => {
				const width = widths[column] ?? 0;
				return numbers.has(column) ? cell.padStart(width) : cell.padEnd(width);
			})
			.join('  ')
			.trimEnd()
	);
}
