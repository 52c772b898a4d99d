/** What a parent may ask of a component that it holds by `bind:this`. */

export interface ListHandle {
	focusSearch(): void;
	/** Gives focus to the current key; where there is none, to what stands there, so that letters act. */
	focusList(): void;
	widen(): Promise<void>;
	focusKey(id: string): void;
	move(by: number): void;
	/** Id of the key that has focus or would get it. */
	currentId(): string | undefined;
}

export interface PanelHandle {
	/** For the keyboard: what follows Enter in the list. */
	focusTitle(): void;
	/** Opens the menu of the ways to copy. */
	copyAs(): void;
	/** Gives focus to what else can be done with the key. */
	more(): void;
}

/** The preview of several keys. */
export interface PreviewHandle {
	focusTitle(): void;
	save(): void;
}

export interface FormHandle {
	focusName(): void;
	/** As its button does: what is missing gets the focus. */
	save(): Promise<void>;
}
