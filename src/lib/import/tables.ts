/**
 * Tables of other programs, and any table whose columns a person names.
 *
 * Columns as documented by Bitwarden ("Condition a Bitwarden .csv"), 1Password 8, Proton Pass and
 * Infisical; a table is known by the columns that it must have.
 */
import type { Draft, DraftField } from '#lib/items/key.ts';
import { isDay } from '#lib/items/expiry.ts';
import { detect } from '#lib/items/providers.ts';
import { Collecting, fieldsOf } from '#lib/import/collecting.ts';
import { ImportError, type ImportContent } from '#lib/import/content.ts';
import type { CsvRow } from '#lib/import/csv.ts';
import { shownHead } from '#lib/import/line-name.ts';

/**
 * `value`: hidden, the key itself or a part of it.   `shown`: a value that need not be hidden.
 * `fields`: lines `name: value`.   `kind`: what the row is; rows that hold no login are left out.
 */
export type Column =
	| 'name'
	| 'variable'
	| 'value'
	| 'shown'
	| 'fields'
	| 'kind'
	| 'project'
	| 'environment'
	| 'tags'
	| 'url'
	| 'note'
	| 'expires'
	| 'archived'
	| 'ignored';

/** What programs write for yes in a column. */
const YES = /^(?:true|yes|1)$/i;

/** Columns of which a key takes one text. */
const ONCE: readonly Column[] = ['name', 'variable', 'project', 'environment', 'expires'];

/** By the name in the first row. */
export type Columns = Readonly<Record<string, Column>>;

interface KnownTable {
	readonly program: TableProgram;
	readonly needs: readonly string[];
	readonly columns: Columns;
	/** Columns that say nothing of a key (import/parts.ts). */
	readonly bare?: readonly string[];
}

export type TableProgram = 'bitwarden' | '1password' | 'proton' | 'infisical';

const KNOWN: readonly KnownTable[] = [
	{
		program: 'bitwarden',
		needs: ['type', 'name', 'login_password'],
		columns: {
			folder: 'project',
			collections: 'project',
			type: 'kind',
			name: 'name',
			notes: 'note',
			fields: 'fields',
			login_uri: 'url',
			login_username: 'shown',
			login_password: 'value',
			login_totp: 'value'
		},
		bare: ['favorite', 'reprompt']
	},
	{
		program: '1password',
		needs: ['Title', 'Username', 'Password'],
		columns: {
			Title: 'name',
			Url: 'url',
			Username: 'shown',
			Password: 'value',
			OTPAuth: 'value',
			Archived: 'archived',
			Tags: 'tags',
			Notes: 'note'
		},
		bare: ['Favorite']
	},
	{
		program: 'proton',
		needs: ['type', 'name', 'password', 'totp'],
		columns: {
			type: 'kind',
			name: 'name',
			url: 'url',
			email: 'shown',
			username: 'shown',
			password: 'value',
			note: 'note',
			totp: 'value',
			vault: 'project'
		},
		bare: ['createTime', 'modifyTime']
	},
	{ program: 'infisical', needs: ['Key', 'Value'], columns: { Key: 'variable', Value: 'value' } }
];

/** Words in the heads of tables that nobody documented, to begin the mapping with. */
const WORDS: readonly (readonly [RegExp, Column])[] = [
	[/^(?:env|environment variable|variable|env ?var|key name)$/i, 'variable'],
	[/^(?:title|name|account|service|item)$/i, 'name'],
	[/pass|secret|token|api.?key|value|^key$|credential|otp/i, 'value'],
	[/user|login|e-?mail/i, 'shown'],
	[/url|uri|web ?site|host/i, 'url'],
	[/note|comment|description/i, 'note'],
	[/\btags?\b|label/i, 'tags'],
	[/folder|group|vault|project|collection/i, 'project'],
	[/^env|stage/i, 'environment'],
	[/expir|valid/i, 'expires'],
	[/^archived$/i, 'archived']
];

/** Which program wrote a table with this first row; undefined for one that is not known. */
export function tableProgram(rows: readonly CsvRow[]): TableProgram | undefined {
	return knownTable(rows)?.program;
}

function knownTable(rows: readonly CsvRow[]): KnownTable | undefined {
	const names = headOf(rows);
	return KNOWN.find(({ needs }) => needs.every((need) => names.includes(need)));
}

/** What the columns of a table mean: as documented, or guessed from their names. */
export function columnsOf(rows: readonly CsvRow[]): Columns {
	const names = headOf(rows);
	const known = knownTable(rows)?.columns;
	return Object.fromEntries(
		names.map((name) => [
			name,
			known === undefined
				? (WORDS.find(([word]) => word.test(name))?.[1] ?? 'ignored')
				: ((Object.hasOwn(known, name) ? known[name] : undefined) ?? 'ignored')
		])
	);
}

/**
 * The rows below the first as keys; none where no column has a value, until a person names one.
 *
 * @throws {ImportError} `format` if there is no first row
 */
export function readTable(rows: readonly CsvRow[], columns: Columns): ImportContent {
	const heads = headOf(rows);
	const meaning = heads.map((head) => (Object.hasOwn(columns, head) ? columns[head] : 'ignored'));
	const into = new Collecting();
	if (!meaning.some((column) => column === 'value' || column === 'fields')) return into.done();
	for (const head of ignoredIn(rows, heads, meaning))
		into.refuse(rows[0]?.line ?? 1, head, 'column');
	for (const { line, values } of rows.slice(1)) {
		if (values.slice(heads.length).some((text) => text.trim() !== '')) {
			// Which value belongs to which column is lost, so none of them is shown as a name.
			into.refuse(line, '', 'syntax');
			continue;
		}
		const cells = heads.map((head, index) => ({
			head,
			column: meaning[index] ?? 'ignored',
			text: values[index] ?? ''
		}));
		takeRow(into, line, cells);
	}
	return into.done();
}

/** The names of the columns of which nothing is taken, and in which something stands, each once. */
function ignoredIn(
	rows: readonly CsvRow[],
	heads: readonly string[],
	meaning: readonly (Column | undefined)[]
): string[] {
	const bare = knownTable(rows)?.bare ?? [];
	const left = heads.filter(
		(head, index) =>
			(meaning[index] ?? 'ignored') === 'ignored' &&
			!bare.includes(head) &&
			rows.slice(1).some(({ values }) => (values[index] ?? '').trim() !== '')
	);
	return [...new Set(left)].map(shownHead);
}

interface Cell {
	readonly head: string;
	readonly column: Column;
	readonly text: string;
}

function takeRow(into: Collecting, line: number, cells: readonly Cell[]): void {
	const all = (column: Column) =>
		cells.flatMap((cell) => (cell.column === column && cell.text !== '' ? [cell.text] : []));
	const [variable] = all('variable');
	const addresses = cells.flatMap(addressesIn);
	const url = addresses[0]?.value;
	const listed = linesOf(all('fields').join('\n'));
	const fields = fieldsOf([
		...cells.flatMap(({ head, column, text }) =>
			column === 'value' || column === 'shown'
				? [{ name: head, value: text, hidden: column === 'value' }]
				: []
		),
		...listed.fields,
		...addresses.slice(1)
	]);
	const hidden = fields.find((field) => field.hidden);
	const provider = hidden && detect(hidden.value, variable)?.provider;
	const name = all('name')[0] ?? variable ?? provider?.name ?? url ?? '';
	const kind = all('kind')[0] ?? 'login';
	if (hidden === undefined) {
		into.refuse(line, name, kind === 'login' ? 'empty' : 'kind');
		return;
	}
	if (listed.damaged) into.refuse(line, name, 'damaged');
	const [expires] = all('expires').filter(isDay);
	const draft = {
		...described(all, url),
		name,
		envVars: variable === undefined ? [] : [variable],
		...(provider === undefined ? {} : { provider: provider.id }),
		...(expires === undefined ? {} : { expiresOn: expires }),
		fields
	};
	const archived = all('archived').some((text) => YES.test(text.trim()));
	into.take(line, draft, leftOf(cells, expires), archived);
}

/** The columns whose text in this row has no place in the key. */
function leftOf(cells: readonly Cell[], expires: string | undefined): string[] {
	const taken = new Set<Column>();
	return cells.flatMap(({ head, column, text }) => {
		if (text === '' || !ONCE.some((one) => one === column)) return [];
		const isTaken = !taken.has(column) && (column !== 'expires' || text === expires);
		if (isTaken) taken.add(column);
		return isTaken ? [] : [head];
	});
}

/** One text may list several, parted by commas; an address may hold commas itself. */
function addressesIn({ head, column, text }: Cell): DraftField[] {
	if (column !== 'url' || text === '') return [];
	return text
		.split(/,(?=\s*[a-z][a-z\d+.-]*:\/\/)/i)
		.map((value) => ({ name: head, value: value.trim(), hidden: false }));
}

function described(
	all: (column: Column) => string[],
	url: string | undefined
): Omit<Draft, 'name' | 'fields'> {
	const [project] = all('project');
	const [environment] = all('environment');
	const note = all('note').join('\n');
	return {
		tags: all('tags').flatMap((tags) => tags.split(/[;,]/)),
		...(project === undefined ? {} : { project }),
		...(environment === undefined ? {} : { environment }),
		...(url === undefined ? {} : { url }),
		...(note === '' ? {} : { note })
	};
}

/** Bitwarden writes `name: value` and escapes nothing, so it is parted at the last `: `. */
function linesOf(text: string): { fields: DraftField[]; damaged: boolean } {
	const lines = text.split('\n').filter((line) => line !== '');
	const fields = lines.flatMap((line) => {
		const at = line.lastIndexOf(': ');
		return at === -1 ? [] : [{ name: line.slice(0, at), value: line.slice(at + 2), hidden: true }];
	});
	const damaged =
		fields.length < lines.length || fields.some(({ name }) => name.includes(': ') || name === '');
	return { fields, damaged };
}

function headOf(rows: readonly CsvRow[]): readonly string[] {
	const head = rows[0]?.values.map((name) => name.trim());
	if (head === undefined) throw new ImportError('format', 'the table is empty');
	return head;
}
