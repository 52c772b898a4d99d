/** Judges passwords: zxcvbn with the common passwords and words of every language. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { expose } from 'comlink';

/** Longer ones are judged by their beginning: the time taken grows with the square. */
const CHARACTERS = 128;

export class StrengthCalls {
	readonly #zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

	guessesLog10(password: string, known: readonly string[]): number {
		const { guessesLog10 } = this.#zxcvbn.check(password.slice(0, CHARACTERS), [...known]);
		return guessesLog10;
	}
}

expose(new StrengthCalls());
