/**
 * "Is this one of mine?": whether a value that was found somewhere belongs to a key. It is compared
 * by the keyed hashes in the overviews. The value itself is kept nowhere: not here, not in a field,
 * not in the address, and it goes to the worker only.
 */
import type { Session } from '#lib/browser/session.svelte.ts';
import type { ValueAnswer } from '#lib/browser/value-answer.ts';

/** Longer than a word, in letters. */
const WORD = 20;

export class ValueCheck {
	#answer = $state.raw<ValueAnswer>();
	/** Counts what was asked and what ended it: the answer to an earlier question is nobody's. */
	#turn = 0;

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
	 * to search for. True as well where something else was asked meanwhile, or the vault was locked.
	 */
	async ask(text: string): Promise<boolean> {
		this.dismiss();
		const turn = this.#turn;
		const answer = await this.#answerTo(text);
		if (turn !== this.#turn) return true;
		this.#answer = answer;
		return answer !== undefined;
	}

	async #answerTo(text: string): Promise<ValueAnswer | undefined> {
		try {
			const { answerTo } = await import('#lib/browser/value-answer.ts');
			return await answerTo(this.session, text);
		} catch {
			// What knows a value did not load: nothing that may be one goes into the search.
			return text.trim().length < WORD ? undefined : { kind: 'failed' };
		}
	}

	dismiss(): void {
		this.#turn += 1;
		this.#answer = undefined;
	}
}
