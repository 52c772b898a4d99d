/**
 * How long a password would withstand guessing, judged on this device only: nothing of it goes to
 * any service. The dictionaries are large and a judgement takes a while, so both live in a worker
 * that starts at the first question.
 */
/** `seconds`: under a day.   `days`: under a year.   `years`: under a century. */
export type Band = 'seconds' | 'days' | 'years' | 'centuries';

export interface Strength {
	readonly guessesLog10: number;
	/** Until it falls, at {@link GUESSES_PER_SECOND}. */
	readonly seconds: number;
	readonly band: Band;
	/** Whether it may be set: `years` or better. */
	readonly accepted: boolean;
}

/**
 * Assumed of somebody who holds the sealed account: ten thousand guesses a second. One of today's
 * graphics cards makes some hundred with 64 MiB each, so this is dozens of them.
 */
export const GUESSES_PER_SECOND = 10_000;

/** Words that stand for this place: who guesses the password of a vault begins with them. */
const OWN_WORDS = [
	'keyhold',
	'keyholder',
	'vault',
	'wallet',
	'apikey',
	'api key',
	'recovery',
	'masterpassword',
	'passphrase'
];
/** Shorter parts of an address are in too many words to say anything. */
const PART_LENGTH = 3;

const DAY_SECONDS = 86_400;
const YEAR_SECONDS = 31_557_600;
const CENTURY_SECONDS = 100 * YEAR_SECONDS;

/** The worker that judges. */
export interface Judge {
	/** Decimal logarithm of the guesses that find the password. */
	guessesLog10(password: string, known: readonly string[]): Promise<number>;
	end(): void;
}

/** What that many guesses mean. */
export function strengthOf(guessesLog10: number): Strength {
	const seconds = 10 ** guessesLog10 / GUESSES_PER_SECOND;
	const band = bandOf(seconds);
	const accepted = band === 'years' || band === 'centuries';
	return { guessesLog10, seconds, band, accepted };
}

/** Judges passwords as they are typed. */
export class StrengthMeter {
	#judge: Judge | undefined;

	/** @param start the worker; it is asked for once, at the first question */
	constructor(private readonly start: () => Judge) {}

	/** @param known what an attacker would try first, such as the email; its parts count too */
	async judge(password: string, known: readonly string[] = []): Promise<Strength> {
		if (password === '') return strengthOf(0);
		this.#judge ??= this.start();
		return strengthOf(await this.#judge.guessesLog10(password, wordsOf(known)));
	}

	/** Ends the worker; the next question starts another. */
	end(): void {
		this.#judge?.end();
		this.#judge = undefined;
	}
}

function wordsOf(known: readonly string[]): string[] {
	const parts = known.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u));
	return [...known, ...parts.filter(({ length }) => length >= PART_LENGTH), ...OWN_WORDS];
}

function bandOf(seconds: number): Band {
	if (seconds < DAY_SECONDS) return 'seconds';
	if (seconds < YEAR_SECONDS) return 'days';
	return seconds < CENTURY_SECONDS ? 'years' : 'centuries';
}
