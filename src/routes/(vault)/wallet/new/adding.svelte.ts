/**
 * The page that adds keys: what was typed, what was pasted, and what the pasted made of it. A paste
 * takes nothing away for good: what it took the place of comes back by {@link Adding.undo}.
 */
import type { PastedRow } from '#lib/browser/duplicates.ts';
import type { Draft } from '#lib/items/key.ts';
import { NOTHING_LEFT_OUT, readPaste, readPasted } from '#lib/items/paste.ts';
import type { Found, Kept, Standing } from '../../../drafts.svelte.ts';
import {
	dayAfter,
	emptyFields,
	filledFrom,
	fieldsOf,
	sameFields,
	sameValues,
	TEXTS,
	tokenDay,
	type FormFields
} from '../form-fields.ts';
import { foundText } from './found-text.ts';

/** What a paste turned out to be. */
export type Read = 'nothing' | 'one' | 'several';

export class Adding {
	/** What stands in the box and was not read, or held nothing. */
	pasted = $state('');
	fields = $state<FormFields>(emptyFields());
	/** Several keys that were read. */
	rows = $state<PastedRow[]>();
	#filled = emptyFields();
	#leftOut = $state.raw(NOTHING_LEFT_OUT);
	#found = $state.raw<Found>();
	#barren = $state.raw<string>();
	#before = $state.raw<Standing>();
	/** What the form said when a paste had filled it. */
	#left: FormFields | undefined;
	/** What is being read: kept if one leaves meanwhile. */
	#reading = '';

	/** @param compare puts each of several keys beside the one that has its values already */
	constructor(
		private readonly compare: (drafts: readonly Draft[]) => Promise<PastedRow[]>,
		kept: Kept | undefined
	) {
		if (kept?.paste === undefined) return;
		const { text, now, before, left } = kept.paste;
		this.pasted = text;
		this.#stand(now);
		this.#before = before;
		this.#left = left;
	}

	/** What was left out of the paste that was read last. */
	get leftOut(): Standing['leftOut'] {
		return this.#leftOut;
	}
	/** What is said of the value. */
	get found(): Found | undefined {
		return this.rows === undefined ? this.#found : undefined;
	}
	/** Whether what stands in the box was read, and there is no key in it. */
	get nothing(): boolean {
		return this.#barren !== undefined && this.#barren === this.pasted;
	}
	/** Whether a paste took the place of something that can come back. */
	get replaced(): boolean {
		return this.#before !== undefined;
	}
	/** Whether something stands in the box, or came into it and is being read. */
	get unread(): boolean {
		return this.pasted !== '' || this.#reading !== '';
	}
	get typed(): boolean {
		return !sameFields(this.fields, emptyFields());
	}

	/** Reads what was pasted. What was typed stays where the paste says something else. */
	async read(text: string): Promise<Read> {
		const { drafts, ...leftOut } = readPasted(text);
		const [only] = drafts;
		if (only === undefined) {
			const kept = this.pasted === text || this.nothing ? '' : this.pasted;
			this.pasted = kept.trim() === '' ? text : `${kept}\n${text}`;
			this.#barren = this.pasted;
			return 'nothing';
		}
		const several = drafts.length > 1;
		this.#reading = text;
		const rows = several ? await this.compare(drafts) : undefined;
		this.#reading = '';
		const before = this.#standing();
		// What was typed there and not read stays.
		if (this.pasted === text || this.nothing) this.pasted = '';
		this.rows = rows;
		this.#leftOut = leftOut;
		if (!several) this.#fill(only);
		const filled = before.fields.values.some(({ value }) => value !== '');
		const gone = !several && filled && !sameValues(before.fields, this.fields);
		// A paste that took the place of nothing leaves the way back to what an earlier one did.
		if (gone || before.rows !== undefined) this.#before = before;
		this.#left = { ...this.fields };
		return several ? 'several' : 'one';
	}

	/** Puts back what the last paste took the place of. */
	undo(): void {
		const before = this.#before;
		if (before === undefined) return;
		this.#stand({ ...before, fields: { ...before.fields, ...this.#typedSince() } });
		this.#before = undefined;
	}

	/** Values that were typed or pasted into the form itself fill what is still empty. */
	recognise(): void {
		const { values, expiresOn, provider } = this.fields;
		const says = tokenDay(values);
		const day = dayAfter(expiresOn, this.#filled.expiresOn, says);
		this.#filled = { ...this.#filled, expiresOn: says };
		if (day !== expiresOn) this.fields.expiresOn = day;
		const value = values[0]?.value ?? '';
		const [draft] = readPaste(value);
		if (draft?.provider === undefined || provider !== '') return;
		this.fields = { ...filledFrom(this.fields, emptyFields(), draft), values };
		this.#filled = fieldsOf(draft);
		this.#found = foundText(draft);
	}

	/** A key was saved as `sent`: what stands in the form since, or in the box, is of another one. */
	saved(sent: FormFields): void {
		if (!sameFields(this.fields, sent)) return;
		this.fields = emptyFields();
		this.#filled = emptyFields();
		this.#found = undefined;
		this.#before = undefined;
	}

	giveUpSeveral(): void {
		this.rows = undefined;
		this.#leftOut = NOTHING_LEFT_OUT;
		this.#before = undefined;
	}

	/** What was typed and pasted, for when one comes back; undefined where there is nothing. */
	toKeep(): Kept | undefined {
		if (!this.unread && this.rows === undefined && !this.typed) return undefined;
		const text = [this.pasted, this.#reading].filter((one) => one !== '').join('\n');
		const now = $state.snapshot(this.#standing());
		const before = $state.snapshot(this.#before);
		return { fields: now.fields, paste: { text, now, before, left: this.#left } };
	}

	#fill(draft: Draft): void {
		this.fields = filledFrom(this.fields, this.#filled, draft);
		this.#filled = fieldsOf(draft);
		this.#found = foundText(draft);
	}

	/** The texts that a person typed after the paste: they are not the paste's to take away. */
	#typedSince(): Partial<FormFields> {
		const { fields } = this;
		const left = this.#left;
		const typed = TEXTS.filter((name) => left !== undefined && fields[name] !== left[name]);
		return Object.fromEntries(typed.map((name) => [name, fields[name]]));
	}

	#stand({ fields, filled, rows, leftOut, found }: Standing): void {
		this.fields = fields;
		this.rows = rows?.slice();
		this.#filled = filled;
		this.#leftOut = leftOut;
		this.#found = found;
	}

	#standing(): Standing {
		const { fields, rows } = this;
		return { fields, rows, filled: this.#filled, leftOut: this.#leftOut, found: this.#found };
	}
}
