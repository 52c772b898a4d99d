/**
 * "Is this one of mine?": whether a value that was found somewhere belongs to a key. It is compared
 * by the keyed hashes in the overviews. The value itself is kept nowhere: not here, not in a field,
 * not in the address, and it goes to the worker only.
 */
import type { Session } from '#lib/browser/session.svelte.ts';
import type { ValueAnswer } from '#lib/browser/value-answer.ts';
import { looksRandom } from '#lib/items/random-text.ts';

export class ValueCheck {
	#answer = $state.raw<ValueAnswer>();

	constructor(private readonly session: Session) {
		session.onLock(() => {
			this.dismiss();
		});
	}

	get answer(): ValueAnswer | undefined {
		return this.#answer;
	}

	/**
	 * Asks for `text`, or for what stands behind its `NAME=`.
	 *
	 * @returns false if no key has it and it does not look like a value either: then it is something
	 * to search for
	 */
	async ask(text: string): Promise<boolean> {
		this.dismiss();
		try {
			const { answerTo } = await import('#lib/browser/value-answer.ts');
			this.#answer = await answerTo(this.session, text);
		} catch {
			if (looksRandom(text)) this.#answer = { kind: 'failed' };
		}
		return this.#answer !== undefined;
	}

	dismiss(): void {
		this.#answer = undefined;
	}
}
