import type { ImportChoice, ImportRow } from '#lib/browser/import-rows.ts';

/** What became of the rows. */
export interface ImportCounts {
	readonly added: number;
	readonly beside: number;
	readonly replaced: number;
	readonly skipped: number;
}

export function countsOf(
	rows: readonly ImportRow[],
	choices: readonly ImportChoice[]
): ImportCounts {
	const counts = { added: 0, beside: 0, replaced: 0, skipped: 0 };
	for (const [index, row] of rows.entries()) {
		const choice = choices[index];
		if (choice === 'skip') counts.skipped++;
		else if (choice === 'replace') counts.replaced++;
		else if (row.kind === 'new' || row.kind === 'setting') counts.added++;
		else counts.beside++;
	}
	return counts;
}
