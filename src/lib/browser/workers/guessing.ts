/** Judges passwords: zxcvbn with the common passwords and words of every language. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** Longer ones are judged by their beginning: the time taken grows with the square. */
const CHARACTERS = 128;
/**
 * Words with spaces between them hide from the dictionaries, but not from somebody who guesses: they
 * are judged joined too, and which sign stands between them counts for ten guesses.
 */
const SEPARATORS = /[\s_.,+-]+/g;
const SEPARATOR_LOG10 = 1;

export class StrengthCalls {
	readonly #zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

	guessesLog10(password: string, known: readonly string[]): number {
		const typed = password.slice(0, CHARACTERS);
		const asTyped = this.#judge(typed, known);
		const joined = typed.replace(SEPARATORS, '');
		if (joined === typed || joined === '') return asTyped;
		return Math.min(asTyped, this.#judge(joined, known) + SEPARATOR_LOG10);
	}

	#judge(password: string, known: readonly string[]): number {
		return this.#zxcvbn.check(password, [...known]).guessesLog10;
	}
}
