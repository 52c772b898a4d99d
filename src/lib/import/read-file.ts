/**
 * A file of another program, recognised by what is in it and read into keys to be. The person may
 * say that it is something else, and then that is believed.
 */
import type { Bytes } from '#lib/encoding/bytes.ts';
import { isAwsFile, readAws } from '#lib/import/aws.ts';
import { openBitwarden } from '#lib/import/bitwarden-encrypted.ts';
import { Collecting, takeAssignments } from '#lib/import/collecting.ts';
import { FILE_BYTES_MAX, ImportError, type ImportContent } from '#lib/import/content.ts';
import { readCsv } from '#lib/import/csv.ts';
import { dialectOf, readEnv, type Dialect } from '#lib/import/env.ts';
import { jsonProgram, readJson, type JsonProgram } from '#lib/import/json-file.ts';
import { parseJson, type ParsedJson } from '#lib/import/json-text.ts';
import { columnsOf, tableProgram, type Columns } from '#lib/import/known-tables.ts';
import { readOnePassword } from '#lib/import/onepassword.ts';
import { readTable } from '#lib/import/tables.ts';
import { decodeText } from '#lib/import/text.ts';
import { isZip, namesIn, unzip } from '#lib/import/zip.ts';

export type Format = Dialect | 'json' | 'csv' | 'aws' | '1pux';

export interface ReadChoice {
	/** Instead of what the file shows signs of. */
	readonly format?: Format;
	/** Of a vault that is encrypted. */
	readonly password?: string;
	/** Of a table, instead of what is known or guessed. */
	readonly columns?: Columns;
}

/** `program`: whose JSON or table it is, where that is known. */
export type ReadFile =
	| {
			readonly outcome: 'read';
			readonly format: Format;
			readonly program?: string;
			/** Of a table: what each column was read as. */
			readonly columns?: Columns;
			readonly content: ImportContent;
	  }
	| { readonly outcome: 'needs-password' | 'wrong-password' };

/** In a zip of Bitwarden the vault stands beside its attachments. */
const ZIPPED = { onePassword: 'export.data', bitwarden: 'data.json' } as const;

/**
 * Reads `file`. Nothing in it is executed, and nothing is fetched for it.
 *
 * @throws {ImportError} any code
 */
export async function readFile(file: Bytes, choice: ReadChoice = {}): Promise<ReadFile> {
	if (file.length > FILE_BYTES_MAX) throw new ImportError('too-large', 'file is too large');
	if (isZip(file)) return await readZip(file, choice);
	const text = decodeText(file);
	const format = choice.format ?? formatOf(text);
	switch (format) {
		case 'json':
			return await readParsed(parseJson(text), choice);
		case 'csv':
			return readRows(text, choice);
		case 'aws':
			return { outcome: 'read', format, content: readAws(text) };
		case '1pux':
			throw new ImportError('format', 'not a zip');
		default:
			return { outcome: 'read', format, content: readLines(text, format) };
	}
}

/** What `text` shows signs of. */
export function formatOf(text: string): Format {
	if (/^\s*[{[]/.test(text) && !isAwsFile(text)) return 'json';
	if (isAwsFile(text)) return 'aws';
	const start = text.trimStart();
	const head = start.slice(0, Math.max(0, start.search(/[\r\n]|$/)));
	if (!head.includes('=') && /[,;\t]/.test(head) && !head.startsWith('#')) return 'csv';
	return dialectOf(text);
}

async function readZip(zip: Bytes, choice: ReadChoice): Promise<ReadFile> {
	const exported = await unzip(zip, ZIPPED.onePassword);
	if (exported !== undefined) {
		const content = readOnePassword(parseJson(decodeText(exported)).json);
		return { outcome: 'read', format: '1pux', program: '1password', content };
	}
	const vault = await unzip(zip, ZIPPED.bitwarden);
	if (vault === undefined) throw new ImportError('format', 'nothing known in the zip');
	return await readParsed(parseJson(decodeText(vault)), choice, attachedIn(zip));
}

/** Bitwarden's items that have files in the zip, by their ids. */
function attachedIn(zip: Bytes): ReadonlySet<string> {
	return new Set(
		namesIn(zip).flatMap((name) => /^attachments\/([^/]+)\/[^/]/.exec(name)?.[1] ?? [])
	);
}

async function readParsed(
	parsed: ParsedJson,
	{ password }: ReadChoice,
	attached?: ReadonlySet<string>
): Promise<ReadFile> {
	const program = jsonProgram(parsed.json);
	if (program !== 'bitwarden-password') return readOpened(parsed, program, attached);
	if (password === undefined) return { outcome: 'needs-password' };
	const opened = await openBitwarden(parsed.json, password);
	if (opened.outcome === 'wrong-password') return opened;
	return readOpened(opened.parsed, 'bitwarden', attached);
}

function readOpened(
	parsed: ParsedJson,
	program: JsonProgram,
	attached?: ReadonlySet<string>
): ReadFile {
	return { outcome: 'read', format: 'json', program, content: readJson(parsed, attached) };
}

function readRows(text: string, choice: ReadChoice): ReadFile {
	const rows = readCsv(text);
	const program = tableProgram(rows);
	const columns = choice.columns ?? columnsOf(rows);
	const content = readTable(rows, columns);
	const read = { outcome: 'read', format: 'csv', columns, content } as const;
	return program === undefined ? read : { ...read, program };
}

function readLines(text: string, dialect: Dialect): ImportContent {
	const { set, refused } = readEnv(text, dialect);
	const into = new Collecting();
	for (const { line, what, why } of refused) into.refuse(line, what, why);
	takeAssignments(into, set);
	return into.done();
}
