/** Copying from the wallet: what is said, and which row says "Copied" for a moment. */
import type { Clipboard } from '#lib/browser/clipboard.svelte.ts';
import { FaultError } from '#lib/browser/fault.ts';
import { noteCopied } from '#lib/browser/notes.ts';
import type { ListedKey } from '#lib/browser/search.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import type { CopyOutcome, Wallet } from '#lib/browser/wallet.svelte.ts';
import type { CopyChoice } from '#lib/items/copy-forms.ts';
import * as m from '#lib/i18n/generated/messages.js';
import type { Speech } from '../../speech.svelte.ts';

/** How long a row says "Copied". */
const COPIED_MS = 2_000;

export class Copying {
	#copiedId = $state.raw<string>();
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(
		private readonly wallet: Wallet,
		private readonly clipboard: Clipboard,
		private readonly speech: Speech,
		private readonly session: Session
	) {}

	/** Id of the key that was copied a moment ago. */
	get copiedId(): string | undefined {
		return this.#copiedId;
	}

	/** Copies one value of a key, the first unless `field` counts to another. */
	async value(key: ListedKey, field = 0): Promise<void> {
		const label = labelOf(key, field);
		this.#tell(key, await this.wallet.copy(key.row, field, label), label);
	}

	/** Copies a key in the words of the program that reads it next. */
	async as(key: ListedKey, choice: CopyChoice): Promise<void> {
		const { overview } = key.row;
		const label = labelOf(key, 'field' in choice ? choice.field : undefined);
		const say = async (values: readonly string[]) => {
			// Only who copies so needs it, and the clipboard waits for the text.
			const { sayKey } = await import('#lib/items/copy-forms.ts');
			const said = sayKey(overview, values, choice);
			if ('text' in said) return said.text;
			throw new FaultError({ code: `unsayable-${said.unsayable}` });
		};
		this.#tell(key, await this.wallet.copy(key.row, say, label), label);
	}

	/** Copies a text of a key that is on screen already. */
	async text(key: ListedKey, text: string): Promise<void> {
		if (!(await this.clipboard.put(text, key.row.overview.name))) {
			this.speech.say(m.clipboard_refused());
			return;
		}
		this.#say(key.row.overview.name);
		noteCopied(this.session, key.row, 'text');
	}

	#tell(key: ListedKey, outcome: CopyOutcome, label: string): void {
		if (outcome === 'refused') this.speech.say(m.clipboard_refused());
		if (outcome === 'failed' && !this.wallet.online) this.speech.say(m.offline_not_done());
		if (outcome !== 'copied') return;
		this.#say(label);
		this.#copiedId = key.id;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => (this.#copiedId = undefined), COPIED_MS);
	}

	#say(name: string): void {
		const count = this.clipboard.held?.secondsTotal ?? 0;
		this.speech.say(m.copied_said({ name, count }));
	}
}

/** Whether a key has several values: then whoever copies is asked which. */
export function hasSeveral({ row }: ListedKey): boolean {
	return row.overview.fields.length > 1;
}

/** What is in the clipboard then: the key by its name; of one with several values, which of them. */
function labelOf(key: ListedKey, field: number | undefined): string {
	const { name, fields } = key.row.overview;
	const chosen = field !== undefined && hasSeveral(key) ? fields[field] : undefined;
	return chosen === undefined ? name : m.copied_value({ field: chosen.name, name });
}
