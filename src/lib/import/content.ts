/**
 * What a file of another program holds, read and not judged: lines of `NAME=value`, rows of a table,
 * entries of a vault, all as the drafts that this program makes keys of.
 *
 * Nothing is dropped in silence: what is not taken stands in `refused` with its reason. Nothing is
 * executed: text that would run a command elsewhere is refused by its name.
 */
import type { Draft } from '#lib/items/key.ts';

/** Where in the file it stands: a line of text, or the number of an entry, both from 1. */
export interface Candidate {
	readonly line: number;
	readonly draft: Draft;
	/** Whether its program had put it away: it comes in as an archived key. */
	readonly archived?: true;
}

/**
 * `syntax`: the format does not have such a line.   `empty`: it has no value.
 * `again`: the same name is set further down, and the last one counts.
 * `command`: elsewhere it would run a program.   `variable`: it stands for a variable that the file
 * does not set.   `dollars`: `dotenvx` would expand it more than once.
 * `encrypted`: only its own program can open it.   `own`: the exporting program's
 * note about itself.   `kind`: an entry of a kind that holds no key.
 * `damaged`: the exporting program has lost parts of it.   `too-long`: more than a key holds.
 * `parts`: it was taken, and some of its parts, which are named, were not.
 * `column`: nothing of that column of a table was taken.
 */
export type Reason =
	| 'syntax'
	| 'empty'
	| 'again'
	| 'command'
	| 'variable'
	| 'dollars'
	| 'encrypted'
	| 'own'
	| 'kind'
	| 'damaged'
	| 'too-long'
	| 'parts'
	| 'column';

export interface Refused {
	/** As of a candidate; 0 for what belongs to the file and to none of its entries. */
	readonly line: number;
	/** What it is called; never a value. */
	readonly what: string;
	readonly why: Reason;
}

export interface ImportContent {
	readonly candidates: readonly Candidate[];
	readonly refused: readonly Refused[];
}

/**
 * `too-large`: more bytes, lines or entries than are read.   `encoding`: neither UTF-8 nor UTF-16
 * text.   `format`: not of the format that it was read as, or cut.
 * `account-bound`: encrypted for one account of another program, and readable there only.
 * `costs`: it takes more work to open than its program lets anybody choose.   `memory`: what that
 * takes was not to be had.
 */
export type ImportErrorCode =
	'too-large' | 'encoding' | 'format' | 'account-bound' | 'costs' | 'memory';

export class ImportError extends Error {
	override readonly name = 'ImportError';
	constructor(
		readonly code: ImportErrorCode,
		/** For the log: holds nothing of the file. */
		message: string
	) {
		super(message);
	}
}

/** As a backup: a full account with 20,000 keys of 1 KiB is half of it. */
export const FILE_BYTES_MAX = 50 * 1024 * 1024;
/** As many as a vault has items. */
export const ENTRIES_MAX = 20_000;
/** Of a line that is named in `refused`: enough to find it. */
const NAME_LENGTH = 100;

/** `text` as the name of what was refused, cut where it is long. */
export function nameOf(text: string, length = NAME_LENGTH): string {
	const characters = Array.from(text.slice(0, 2 * length));
	if (characters.length <= length) return characters.join('');
	return `${characters.slice(0, length - 1).join('')}…`;
}
