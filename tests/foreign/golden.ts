/** A file of another program, and exactly what is read of it. */
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Candidate, Refused } from '#lib/import/content.ts';
import type { Format } from '#lib/import/read-file.ts';

export interface Golden {
	readonly name: string;
	/** Whose document or code its structure follows; its values are made here. */
	readonly source: string;
	readonly file: string | Bytes;
	readonly format: Format;
	readonly program?: string;
	readonly candidates: readonly Candidate[];
	readonly refused: readonly Refused[];
}

export function hidden(name: string, value: string) {
	return { name, value, hidden: true };
}

export function shown(name: string, value: string) {
	return { name, value, hidden: false };
}
