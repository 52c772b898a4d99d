/**
 * What this device tells the activity log, because the server cannot see it. Nobody waits for it and
 * nothing depends on it: where it fails, the log has the server's own row of the act.
 */
import type { Session } from '#lib/browser/session.svelte.ts';
import type { ActivityNote, CopyForm } from '#lib/items/activity-note.ts';
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

/**
 * What the commits of `edits` changed; `written` are the rows that they left, vault by vault. Loaded
 * when it is needed: most who unlock write nothing.
 */
export function noteSaved(
	session: Session,
	edits: readonly KeyEdit[],
	written: readonly KeyRow[]
): void {
	import('#lib/browser/saved-notes.ts')
		.then(({ notesOf }) => {
			for (const { vault, note } of notesOf(edits, written)) tell(session, vault, note);
		})
		.catch(() => undefined);
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
