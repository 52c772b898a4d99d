/**
 * What was typed into a form and not saved yet, kept while one looks elsewhere. It holds values, so
 * a lock drops it, as it drops everything else that was opened.
 */
import { untrack } from 'svelte';
import type { PastedRow } from '#lib/browser/duplicates.ts';
import type { ReadResult } from '#lib/browser/previous-values.ts';
import { without } from '#lib/items/json.ts';
import type { Pasted } from '#lib/items/paste.ts';
import type { FormFields } from './(vault)/wallet/form-fields.ts';

/** What is kept of a form. */
export interface Kept {
	/** As they were typed, valid or not. */
	readonly fields: FormFields;
	/** The key as it was when the form was opened. */
	readonly start?: ReadResult;
	/** Of a rotation: how long the old value is to be kept, as it was chosen. */
	readonly keepOld?: string;
	/** Of the page that adds keys: what was pasted there and is not saved yet. */
	readonly paste?: KeptPaste;
}

/** What stands on the page that adds keys, beside its box. */
export interface Standing {
	readonly fields: FormFields;
	/** What reading said in the form: what says something else there was typed. */
	readonly filled: FormFields;
	/** Several keys that were read. */
	readonly rows: readonly PastedRow[] | undefined;
	/** What reading them left out. */
	readonly leftOut: Omit<Pasted, 'drafts'>;
	/** What is said of the value. */
	readonly found: Found | undefined;
}

/** Whose a value seems to be, in a sentence. */
export interface Found {
	readonly recognised: boolean;
	readonly text: string;
}

export interface KeptPaste {
	/** What stands in the box and was not read. */
	readonly text: string;
	readonly now: Standing;
	/** What the last paste took the place of. */
	readonly before: Standing | undefined;
	/** What the form said when that paste had filled it. */
	readonly left: FormFields | undefined;
}

type Place = Pick<ReadResult['row'], 'vault' | 'item'>;

/** The same of a key that stands elsewhere now. */
function keptAt(kept: Kept, { vault, item }: Place): Kept {
	const { start } = kept;
	if (start === undefined) return kept;
	return { ...kept, start: { ...start, row: { ...start.row, vault, item } } };
}

export class Drafts {
	/** What is kept of a key's form is told in its panel. */
	#forms = $state.raw<Readonly<Partial<Record<string, Kept>>>>({});
	/** Forms of keys that stand elsewhere now, and have other ids. */
	#moved: Readonly<Partial<Record<string, { readonly to: string; readonly row: Place }>>> = {};
	#pasted = '';
	#watched: readonly (() => boolean)[] = [];
	#taker: ((text: string) => void) | undefined;
	/** No state: to a page that goes away Svelte gives states as they were, that of the vault open. */
	#locked = false;

	/**
	 * What was pasted outside of a field: at once for the page that adds or imports keys, where one is
	 * open, and then true; else for when the one that adds is.
	 */
	hand(text: string): boolean {
		if (this.#taker === undefined) {
			// A second one before that page is there comes behind the first.
			this.#pasted = this.#pasted === '' ? text : `${this.#pasted}\n${text}`;
			return false;
		}
		this.#taker(text);
		return true;
	}

	/** The page that adds or imports keys is open, until the function returned is called. */
	takeWith(taker: (text: string) => void): () => void {
		this.#taker = taker;
		return () => {
			if (this.#taker === taker) this.#taker = undefined;
		};
	}

	/** Takes what was handed over, once. */
	takePasted(): string {
		const text = this.#pasted;
		this.#pasted = '';
		return text;
	}

	/** A form is open, until the function returned is called: whether what it holds is not saved. */
	watch(typed: () => boolean): () => void {
		this.#watched = [...this.#watched, typed];
		return () => {
			this.#watched = this.#watched.filter((one) => one !== typed);
		};
	}

	/**
	 * Whether something would be lost with this page: what is kept, or stands in a form that is open.
	 *
	 * @param isThere whether a form may still be opened: that of an erased key may not
	 */
	unsaved(isThere: (form: string) => boolean): boolean {
		const kept = this.#pasted !== '' || Object.keys(this.#forms).some(isThere);
		return kept || this.#watched.some((typed) => typed());
	}

	/** What was typed into this form: that of a key, or of a new one. */
	of(form: string): Kept | undefined {
		return this.#forms[form];
	}

	keep(form: string, kept: Kept): void {
		const moved = this.#moved[form];
		if (moved !== undefined) this.keep(moved.to, keptAt(kept, moved.row));
		else if (!this.#locked) this.#forms = { ...this.#others(form), [form]: kept };
	}

	drop(form: string): void {
		this.#forms = this.#others(form);
	}

	/** A key moved, and is `row` now: what is kept of its form `from` is that of `to`, also what comes later. */
	move(from: string, to: string, row: Place): void {
		const kept = this.of(from);
		this.drop(from);
		this.#moved = { ...without(this.#moved, [to]), [from]: { to, row } };
		if (kept !== undefined) this.keep(from, kept);
	}

	/** At a lock; a page that goes away because of it keeps nothing. */
	forget(): void {
		this.#locked = true;
		this.#forms = {};
		this.#moved = {};
		this.#pasted = '';
	}

	/** At an unlock. */
	begin(): void {
		this.#locked = false;
	}

	/** Whoever keeps something does not look at what is kept. */
	#others(form: string) {
		return without(
			untrack(() => this.#forms),
			[form]
		);
	}
}
