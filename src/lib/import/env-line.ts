/**
 * What every dialect of `.env` shares: a place in the text, the names that lines set, and the
 * variables among them. Each dialect reads one statement at a time and moves on; none ever looks
 * back, so the time taken grows with the length of the file alone.
 */
import { ENTRIES_MAX, ImportError, type Reason, type Refused } from '#lib/import/content.ts';
import { shownName } from '#lib/import/line-name.ts';

export interface Assignment {
	readonly line: number;
	readonly name: string;
	readonly value: string;
}

export interface Assignments {
	readonly set: readonly Assignment[];
	readonly refused: readonly Refused[];
}

/** Names of variables that are read; more than this is no name. */
export const VARIABLE = /^[A-Za-z_]\w*/;
/** Values grow when variables stand for values: together no more than this. */
const EXPANDED_LENGTH = 50 * 1024 * 1024;

/** Text with a place in it that only moves forward, and the number of the line there. */
export class Reader {
	readonly text: string;
	#at = 0;
	#line = 1;
	/** The end of the line here: looked for once a line, however many statements it has. */
	#lineEnd: number;

	constructor(text: string) {
		this.text = text.replace(/\r\n?/g, '\n');
		this.#lineEnd = lineEnd(this.text, 0);
	}

	get at(): number {
		return this.#at;
	}

	get line(): number {
		return this.#line;
	}

	get ended(): boolean {
		return this.#at >= this.text.length;
	}

	/** The character here, `''` at the end. */
	get here(): string {
		return this.text.charAt(this.#at);
	}

	startsWith(start: string): boolean {
		return this.text.startsWith(start, this.#at);
	}

	/** Moves to `at`, which is not before here. */
	moveTo(at: number): void {
		this.#at = Math.min(at, this.text.length);
		while (this.#lineEnd < this.#at) {
			this.#line++;
			this.#lineEnd = lineEnd(this.text, this.#lineEnd + 1);
		}
	}

	skip(characters: RegExp): void {
		this.moveTo(skipFrom(this.text, this.#at, characters));
	}

	/** The rest of the line, which is left behind. */
	takeLine(): string {
		const end = this.#lineEnd;
		const rest = this.text.slice(this.#at, end);
		this.moveTo(end + 1);
		return rest;
	}
}

/** What was set so far: the last one of a name counts. */
export class Names {
	readonly #set = new Map<string, Assignment>();
	readonly #refused: Refused[] = [];
	/** Names that are set to what is not known. */
	readonly #lost = new Set<string>();
	#entries = 0;
	#length = 0;
	#expanded = 0;

	set(line: number, name: string, value: string): void {
		this.#count(value.length);
		const before = this.#set.get(name);
		if (before !== undefined) {
			this.#refused.push({ line: before.line, what: shownName(name), why: 'again' });
			// Set anew, it stands where it was set last.
			this.#set.delete(name);
		}
		this.#lost.delete(name);
		this.#set.set(name, { line, name, value });
	}

	/** @param what the name before the value; one that looks like a key is not shown */
	refuse(line: number, what: string, why: Reason): void {
		this.#count(0);
		this.#refused.push({ line, what: shownName(what), why });
	}

	/** Refuses a value that elsewhere takes the place of what its name was set to before. */
	refuseValue(line: number, name: string, why: Reason): void {
		this.drop(name);
		this.refuse(line, name, why);
	}

	/** What the name was set to does not count: it is set anew, to what is not known here. */
	drop(name: string): void {
		this.#lost.add(name);
		const before = this.#set.get(name);
		if (before === undefined) return;
		this.#set.delete(name);
		this.refuse(before.line, name, 'again');
	}

	/** What was set, to stand in a value that is being read; null if that is not known. */
	get(name: string): string | null | undefined {
		if (this.#lost.has(name)) return null;
		return this.expand(this.#set.get(name)?.value);
	}

	/**
	 * `value`, counted before it stands in another: a line that doubles it forty times is short.
	 *
	 * @throws {ImportError} `too-large`
	 */
	expand(value: string | undefined): string | undefined {
		this.#expanded += value?.length ?? 0;
		if (this.#expanded > EXPANDED_LENGTH) throw new ImportError('too-large', 'values grow');
		return value;
	}

	done(): Assignments {
		const refused = [...this.#refused].sort((a, b) => a.line - b.line);
		return { set: [...this.#set.values()], refused };
	}

	#count(length: number): void {
		this.#length += length;
		if (++this.#entries > ENTRIES_MAX || this.#length > EXPANDED_LENGTH) {
			throw new ImportError('too-large', 'more lines or values than are read');
		}
	}
}

/** The place after all `characters` from `at`. */
export function skipFrom(text: string, at: number, characters: RegExp): number {
	let end = at;
	while (end < text.length && characters.test(text.charAt(end))) end++;
	return end;
}

export function lineEnd(text: string, at: number): number {
	const end = text.indexOf('\n', at);
	return end === -1 ? text.length : end;
}
