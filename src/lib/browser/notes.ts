/**
 * What this device tells the activity log, because the server cannot see it. Nobody waits for it and
 * nothing depends on it: where it fails, the log has the server's own row of the act.
 */
import { byVault } from '#lib/browser/save-by-vault.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { noteOfEdits, type ActivityNote, type CopyForm } from '#lib/items/activity-note.ts';
import type { KeyEdit, KeyRow } from '#lib/keyholder/views.ts';

/** That a value of a key, or another text of it, went to the clipboard. */
export function noteCopied(session: Session, row: KeyRow, form: CopyForm, field?: number): void {
	const name = field === undefined ? undefined : row.overview.fields[field]?.name;
	const { item, vault } = row;
	tell(session, vault, {
		act: 'copied',
		item,
		form,
		...(name === undefined ? {} : { field: name })
	});
}

/** What the commits of `edits` changed; `written` are the rows that they left, vault by vault. */
export function noteSaved(
	session: Session,
	edits: readonly KeyEdit[],
	written: readonly KeyRow[]
): void {
	const rows = written.values();
	for (const [vault, part] of byVault(edits)) {
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
		if (note !== undefined) tell(session, vault, note);
	}
}

/** Not if only what it had before was dropped. */
function hasNewValues(edit: KeyEdit): boolean {
	if (edit.kind !== 'change') return edit.kind === 'add';
	const { base, overview, secret } = edit;
	return secret !== undefined && overview.changedAt !== base.overview.changedAt;
}

/** That keys came in from a file. */
export function noteImported(
	session: Session,
	vault: string,
	count: number,
	replaced: boolean
): void {
	tell(session, vault, { act: 'changed', did: replaced ? 'edited' : 'created', count });
}

/** That keys left in a file. */
export function noteExported(session: Session, form: 'age' | 'env' | 'json', count: number): void {
	const vault = session.view?.vaults[0]?.id;
	if (vault !== undefined) tell(session, vault, { act: 'exported', form, count });
}

function tell(session: Session, vault: string, note: ActivityNote): void {
	session.call((host) => host.note(vault, note)).catch(() => undefined);
}
