/** Importing, as the page asks for it of the worker with the keys. */
import type { Id } from '#lib/api/wire.ts';
import type { Fault } from '#lib/browser/fault.ts';
import type { ImportWish } from '#lib/browser/import-plan.ts';
import type { FoundRow, HereKey } from '#lib/browser/import-rows.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Refused } from '#lib/import/content.ts';
import type { Format, ReadChoice } from '#lib/import/read-file.ts';
import type { Columns } from '#lib/import/known-tables.ts';

/** What the page shows of a file: names and hints, no values. */
export interface ImportPreview {
	readonly format: Format;
	/** The program that wrote it, where it is known. */
	readonly program?: string;
	/** Of a table: what each column was read as. */
	readonly columns?: Columns;
	readonly rows: readonly FoundRow[];
	/** Keys of the vault that rows may meet by name or variable. */
	readonly here: readonly HereKey[];
	/** What was not taken, and why. */
	readonly refused: readonly Refused[];
}

export type ImportAnswer =
	| { readonly outcome: 'read'; readonly preview: ImportPreview }
	| { readonly outcome: 'needs-password' | 'wrong-password' };

/** `opening`: keys that will be replaced are fetched.   `sealing`: what will be sent is made. */
export type ImportStep =
	| {
			readonly step: 'opening' | 'sealing';
			readonly done: number;
			readonly total: number;
	  }
	| { readonly step: 'sending' };

/**
 * `divided`: it does not fit into one commit after all, and nothing was written.   `conflict`: other
 * devices were faster five times over.   `stopped`, `failed`: it ended before all was in. However it
 * ended, what is in so far stays, and the rest is written when it is asked for again.
 */
export interface ImportResult {
	readonly outcome: 'written' | 'divided' | 'conflict' | 'stopped' | 'failed';
	/** Why it failed. */
	readonly fault?: Fault;
	/** Rows that no key can hold, by their index: they are not written. */
	readonly unfit: readonly number[];
	/** Keys that are in. */
	readonly done: number;
	/** Into how many commits it is divided. */
	readonly commits: number;
}

/** `conflict`: other devices were faster five times over; it goes on when it is asked for again. */
export interface UndoResult {
	readonly outcome: 'undone' | 'conflict';
	/** Keys that stay as they are, because another device has changed or deleted them since. */
	readonly left: number;
}

export interface ImportHost {
	/** Reads a file and plans what importing it into a vault would write. `file` is handed over. */
	readImport(file: Bytes, choice: ReadChoice, vault: Id): Promise<ImportAnswer>;
	/** Plans the same file for another vault. */
	planImport(vault: Id): Promise<ImportPreview>;
	/** Writes what was chosen, into the vault that was planned for last. */
	writeImport(wish: ImportWish, onStep: (step: ImportStep) => void): Promise<ImportResult>;
	/** Takes back all that {@link writeImport} wrote, but for what was changed since. */
	undoImport(): Promise<UndoResult>;
	/** Gives up reading or sealing; what was sent may still arrive. `forget`: the file is dropped too. */
	stopImport(forget: boolean): Promise<void>;
}
