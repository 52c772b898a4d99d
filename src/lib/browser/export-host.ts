/** Exporting keys that are not encrypted, as the page asks for it of the worker with the keys. */
import type { BackupStep } from '#lib/browser/host.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';

export type PlainForm = 'env' | 'json';

export interface PlainWish {
	readonly form: PlainForm;
	/** Ids of the keys that are wanted. */
	readonly items: readonly string[];
}

export interface PlainFile {
	readonly file: Bytes;
	/** How many keys are in it. */
	readonly keys: number;
	/** Names of those that are not, because what the server has of them does not verify. */
	readonly spoiled: readonly string[];
	/** Names of those that are not, because no `.env` line says their values. */
	readonly unsayable: readonly string[];
	/** Variables that stand in it more than once: a program takes the last one. */
	readonly repeated: readonly string[];
}

export interface ExportHost {
	/** Reads keys and gives them in the clear, for the person to keep; needs `prove` before. */
	exportPlain(wish: PlainWish, onStep: (step: BackupStep) => void): Promise<PlainFile>;
}
