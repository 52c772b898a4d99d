/** Under which name what was typed into a form of a key is kept. */

export function editDraft(item: string): string {
	return item;
}

export function rotationDraft(item: string): string {
	return `rotate ${item}`;
}
