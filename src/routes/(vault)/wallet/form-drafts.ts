/** Under which name what was typed into a form of a key is kept. */

export function editDraft(item: string): string {
	return item;
}

export function rotationDraft(item: string): string {
	return `rotate ${item}`;
}

/** Under which name what was pasted or typed for new keys is kept. */
export const NEW_DRAFT = 'new';

/** The key that a form is of; undefined for the form of new ones. */
export function keyOfDraft(form: string): string | undefined {
	return form === NEW_DRAFT ? undefined : form.slice(form.indexOf(' ') + 1);
}
