/** What commits changed, as the activity log says it. */
import { byVault } from '#lib/browser/save-by-vault.ts';
import { noteOfEdits, type ActivityNote } from '#lib/items/activity-note.ts';
import type { KeyEdit, KeyRow } from '#lib/keyholder/views.ts';

/** Of each vault one; `written` are the rows that the commits left, vault by vault. */
export function notesOf(
	edits: readonly KeyEdit[],
	written: readonly KeyRow[]
): readonly { readonly vault: string; readonly note: ActivityNote }[] {
	const rows = written.values();
	return [...byVault(edits)].flatMap(([vault, part]) => {
		const noted = part.map((edit) => {
			const row = edit.kind === 'drop' ? undefined : rows.next().value;
			return {
				item: row?.item ?? (edit.kind === 'add' ? '' : edit.base.item),
				...(edit.kind === 'add' ? {} : { before: edit.base.overview }),
				...(row === undefined ? {} : { after: row.overview }),
				values: hasNewValues(edit)
			};
		});
		const note = noteOfEdits(noted);
		return note === undefined ? [] : [{ vault, note }];
	});
}

/** Not if only what it had before was dropped. */
function hasNewValues(edit: KeyEdit): boolean {
	if (edit.kind !== 'change') return edit.kind === 'add';
	const { base, overview, secret } = edit;
	return secret !== undefined && overview.changedAt !== base.overview.changedAt;
}
