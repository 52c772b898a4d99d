/** What is imported, before anything of it is read. */
import { encodingOf, type Bytes } from '#lib/encoding/bytes.ts';

export interface ImportSource {
	/** Empty for what was pasted. */
	readonly name: string;
	readonly blob: Blob;
}

const AGE = /^(?:age-encryption\.org\/v1\n|-----BEGIN AGE ENCRYPTED FILE-----)/;
/** Of a plain export, the members that are numbers. All that other programs write as such are texts. */
const NUMBERS = ['v', 'madeAt'] as const;
const MEMBER = String.raw`\s*"(v|madeAt)"\s*:\s*\d{1,16}\s*`;
/** They stand before the vaults, or behind them, or one here and one there: at either end of a file. */
const FIRST = new RegExp(String.raw`^\{(?:${MEMBER}[,}]){0,2}`);
const LAST = new RegExp(String.raw`[\]}](?:\s*,${MEMBER}){1,2}\}$`);
/** Of either end, what is looked at: a file of 50 MB is parsed by a worker, and only once it is asked. */
const END_BYTES = 4096;

/**
 * Which of Keyhold's own files it is, by what is in it and not by its name: a backup that `age` has
 * sealed, or a plain export, also where an editor has put a byte order mark and blanks before it or
 * its members in another order. Undefined for anything else. It does not say that the file is whole.
 */
export function backupKindOf(bytes: Bytes): 'age' | 'plain' | undefined {
	// Half a character is no matter, and the decoder leaves out a mark.
	const text = new TextDecoder(encodingOf(bytes));
	const start = text.decode(bytes.subarray(0, END_BYTES)).trimStart();
	if (AGE.test(start)) return 'age';
	const end = text.decode(bytes.subarray(-END_BYTES)).trimEnd();
	const members = (FIRST.exec(start)?.[0] ?? '') + (LAST.exec(end)?.[0] ?? '');
	const isOurs = start.startsWith('{') && NUMBERS.every((name) => members.includes(`"${name}"`));
	return isOurs ? 'plain' : undefined;
}
