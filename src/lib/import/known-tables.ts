/**
 * Which program wrote a table, and what its columns mean.
 *
 * Columns as documented by Bitwarden ("Condition a Bitwarden .csv"), 1Password 8, Proton Pass,
 * Infisical and AWS; a table is known by the columns that it must have.
 */
import { ImportError } from '#lib/import/content.ts';
import type { CsvRow } from '#lib/import/csv.ts';

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

/** By the name in the first row. */
export type Columns = Readonly<Record<string, Column>>;

interface KnownTable {
	readonly program: TableProgram;
	readonly needs: readonly string[];
	readonly columns: Columns;
	/** Columns that say nothing of a key (import/parts.ts). */
	readonly bare?: readonly string[];
	/** The variables that columns are, and by which their fields are called. */
	readonly variables?: Readonly<Record<string, string>>;
	/** Whether line breaks of a PEM may be written as `\n`. */
	readonly writtenBreaks?: true;
}

export type TableProgram = 'bitwarden' | '1password' | 'proton' | 'infisical' | 'aws';

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
		needs: ['Title', 'Url', 'Username', 'Password'],
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
	{
		program: 'infisical',
		needs: ['Key', 'Value'],
		columns: { Key: 'variable', Value: 'value' },
		writtenBreaks: true
	},
	{
		program: 'aws',
		needs: ['Access key ID', 'Secret access key'],
		columns: {
			'User name': 'name',
			Password: 'value',
			'Access key ID': 'value',
			'Secret access key': 'value',
			'Console login link': 'url'
		},
		variables: {
			'Access key ID': 'AWS_ACCESS_KEY_ID',
			'Secret access key': 'AWS_SECRET_ACCESS_KEY'
		}
	}
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

export function knownTable(rows: readonly CsvRow[]): KnownTable | undefined {
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

/** @throws {ImportError} `format` if there is no first row */
export function headOf(rows: readonly CsvRow[]): readonly string[] {
	const head = rows[0]?.values.map((name) => name.trim());
	if (head === undefined) throw new ImportError('format', 'the table is empty');
	return head;
}
