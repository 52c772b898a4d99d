/**
 * What was typed into a form and not saved yet, kept while one looks elsewhere. It holds values, so
 * a lock drops it, as it drops everything else that was opened.
 */
import type { ReadResult } from '#lib/browser/previous-values.ts';
import type { Draft } from '#lib/items/key.ts';

/** What is kept of a form. */
export interface Kept {
	readonly draft: Draft;
	/** The key as it was when the form was opened. */
	readonly start?: ReadResult;
	/** Of a rotation: how long the old value is to be kept, as it was chosen. */
	readonly keepOld?: string;
}

export class Drafts {
	readonly #forms = new Map<string, Kept>();
	#pasted = '';

	/** What was pasted on a page that has no field for it, for the page that adds keys. */
	hand(text: string): void {
		this.#pasted = text;
	}

	/** Takes what was handed over, once. */
	takePasted(): string {
		const text = this.#pasted;
		this.#pasted = '';
		return text;
	}

	/** What was typed into this form: that of a key, or of a new one. */
	of(form: string): Kept | undefined {
		return this.#forms.get(form);
	}

	keep(form: string, kept: Kept): void {
		this.#forms.set(form, kept);
	}

	drop(form: string): void {
		this.#forms.delete(form);
	}

	forget(): void {
		this.#forms.clear();
		this.#pasted = '';
	}
}
