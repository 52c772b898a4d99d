/**
 * Which act a key of the keyboard asks for.
 *
 * Single characters never act in a field, beside a list only while focus is in it or in the panel, and
 * can be turned off (WCAG 2.1.4). Arrows and page keys belong to the list itself.
 */

export type Act =
	| 'add'
	| 'back'
	| 'copy'
	| 'copy-as'
	| 'down'
	| 'edit'
	| 'go'
	| 'help'
	| 'lock'
	| 'mark'
	| 'more'
	| 'page'
	| 'palette'
	| 'region'
	| 'reveal'
	| 'search'
	| 'trash'
	| 'undo'
	| 'up';

/** What of a keyboard event counts. */
export interface Pressed {
	readonly key: string;
	readonly ctrlKey: boolean;
	readonly metaKey: boolean;
	readonly altKey: boolean;
	readonly shiftKey: boolean;
}

/**
 * Where focus is.   `list`: in the list, the panel, or a toast, which has a letter of its own.   `page`:
 * on a page that has no list, or nowhere on one.   `elsewhere`: in the bar, or beside the list.
 */
export type FocusPlace = 'list' | 'page' | 'elsewhere';

export interface Where {
	/** Focus is in something that takes text. */
	readonly typing: boolean;
	readonly place: FocusPlace;
	readonly characterKeys: boolean;
	/** Some text is selected: copying means that. */
	readonly selection: boolean;
}

const CHARACTERS: Readonly<Record<string, Act>> = {
	'/': 'search',
	j: 'down',
	k: 'up',
	c: 'copy',
	C: 'copy-as',
	r: 'reveal',
	e: 'edit',
	n: 'add',
	o: 'page',
	g: 'go',
	x: 'mark',
	'.': 'more',
	'#': 'trash',
	z: 'undo',
	'?': 'help',
	L: 'lock'
};

/** The act, or undefined if the key means nothing here. */
export function actOf(pressed: Pressed, where: Where): Act | undefined {
	if (pressed.key === 'F6') return 'region';
	if (pressed.altKey) return undefined;
	if (pressed.ctrlKey || pressed.metaKey) {
		if (pressed.key.toLowerCase() === 'k' && !pressed.shiftKey) return 'palette';
		const copies = pressed.key === 'c' && !pressed.shiftKey && !where.selection;
		return copies && where.place === 'list' && !where.typing ? 'copy' : undefined;
	}
	if (pressed.key === 'Escape') return 'back';
	if (where.typing || where.place === 'elsewhere' || !where.characterKeys) return undefined;
	return Object.hasOwn(CHARACTERS, pressed.key) ? CHARACTERS[pressed.key] : undefined;
}

/** Whether an element takes text, so that letters belong to it. */
export function takesText(element: Element | null): boolean {
	if (element === null) return false;
	const { tagName } = element;
	if (tagName === 'TEXTAREA' || tagName === 'SELECT') return true;
	if (element instanceof HTMLElement && element.isContentEditable) return true;
	return tagName === 'INPUT' && !BUTTONS.has(element.getAttribute('type') ?? 'text');
}

const BUTTONS = new Set(['button', 'checkbox', 'file', 'radio', 'submit']);
