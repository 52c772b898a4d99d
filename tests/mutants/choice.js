/**
 * Which tests to ask first about a mutant: the sooner one notices, the fewer are run. Those are
 * likely to that noticed its neighbours, and those that come by where few others do: nearly every
 * test opens an account, and the one that is about a refusal is alone in it.
 *
 * Of the mutants of a file, neighbours in the code are neighbours in number.
 */
import { basename } from 'node:path';

/** How far a neighbour is one: in numbers, before and behind. */
const BEFORE = 6;
const BEHIND = 12;
/** What remains to be said for a test of which nothing is known. */
const SLIGHT = 0.03;
/** What is to be said for one that stands beside the file, under its name. */
const BESIDE = 1;
/** Starting any test takes this long, so that no test counts as free. */
const START_MS = 4;
/** What is left of the hope for the next test of a file, after one that noticed nothing. */
const ALIKE = 0.75;

export class Choice {
	/** @type {Map<string, number>} */
	#durations = new Map();

	/** @type {Map<number, Set<string>>} By mutant, the tests that come by. */
	#passing = new Map();

	/** @type {{ mutant: number; test: string }[]} */
	#kills = [];

	/** @param {string} test @param {number} milliseconds */
	took(test, milliseconds) {
		this.#durations.set(test, milliseconds);
	}

	/** Without a mutant, in milliseconds. @param {string} test */
	duration(test) {
		return this.#durations.get(test);
	}

	/** @param {Readonly<Record<string, Readonly<Record<string, number>>>>} perTest */
	covers(perTest) {
		for (const [test, mutants] of Object.entries(perTest)) {
			for (const mutant of Object.keys(mutants).map(Number)) {
				const tests = this.#passing.get(mutant) ?? new Set();
				this.#passing.set(mutant, tests.add(test));
			}
		}
	}

	/** @param {string} mutant @param {string} test */
	noticed(mutant, test) {
		this.#kills.push({ mutant: Number(mutant), test });
	}

	/**
	 * @param {string} mutant
	 * @param {string} file where the mutant is
	 * @param {Iterable<string>} tests
	 * @returns {string[]} The best first.
	 */
	order(mutant, file, tests) {
		const hopes = this.#hopes(Number(mutant));
		const beside = `/${basename(file, '.ts')}.test.ts#`;
		const isBeside = (/** @type {string} */ test) => `/${test}`.includes(beside);
		const worth = (/** @type {string} */ test) => {
			const hope = Math.min(1, hopes.get(test) ?? 0) + (isBeside(test) ? BESIDE : SLIGHT);
			return hope / ((this.#durations.get(test) ?? 0) + START_MS);
		};
		const worths = Array.from(tests, (test) => ({ test, worth: worth(test) }));
		/** @type {Map<string, number>} */
		const asked = new Map();
		for (const each of worths.sort(byWorth).filter(({ test }) => !isBeside(test))) {
			const place = asked.get(fileOf(each.test)) ?? 0;
			asked.set(fileOf(each.test), place + 1);
			each.worth *= ALIKE ** place;
		}
		return worths.sort(byWorth).map(({ test }) => test);
	}

	/** @param {number} mutant */
	#hopes(mutant) {
		/** @type {Map<string, number>} */
		const hopes = new Map();
		const add = (/** @type {string} */ test, /** @type {number} */ hope) =>
			hopes.set(test, (hopes.get(test) ?? 0) + hope);
		for (let near = mutant - BEFORE; near <= mutant + BEHIND; near++) {
			const tests = this.#passing.get(near) ?? new Set();
			for (const test of tests) add(test, 1 / tests.size / (1 + Math.abs(near - mutant)));
		}
		for (const { mutant: other, test } of this.#kills) {
			const distance = Math.abs(other - mutant);
			if (distance < 40) add(test, 1 / (1 + distance));
		}
		return hopes;
	}
}

/** @param {{ worth: number }} a @param {{ worth: number }} b */
function byWorth(a, b) {
	return b.worth - a.worth;
}

/** @param {string} test */
function fileOf(test) {
	return test.slice(0, test.indexOf('#'));
}
