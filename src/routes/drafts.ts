/**
 * What was typed into a form and not saved yet, kept while one looks elsewhere. It holds values, so
 * a lock drops it, as it drops everything else that was opened.
 */
import type { Draft } from '#lib/items/key.ts';

export class Drafts {
	readonly #forms = new Map<string, Draft>();
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

	/** The draft for this key (or for a new one, `new`). */
	of(form: string): Draft | undefined {
		return this.#forms.get(form);
	}

	keep(form: string, draft: Draft): void {
		this.#forms.set(form, draft);
	}

	drop(form: string): void {
		this.#forms.delete(form);
	}

	forget(): void {
		this.#forms.clear();
		this.#pasted = '';
	}
}
