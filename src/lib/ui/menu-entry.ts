/** One line of a menu. With `checked` it is a choice among several. */
export interface MenuEntry {
	readonly id: string;
	readonly label: string;
	readonly checked?: boolean;
	/** Starts a part: a hairline above it, and its name where there is one. */
	readonly part?: string;
	readonly act: () => void;
}

/** What makes a button the one that opens the menu. */
export interface MenuTrigger {
	readonly popovertarget: string;
	readonly 'aria-haspopup': 'menu';
	readonly 'aria-expanded': boolean;
	readonly onkeydown: (event: KeyboardEvent) => void;
}
