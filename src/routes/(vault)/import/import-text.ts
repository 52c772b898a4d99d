/** The words for what an import reads, meets and leaves out. */
import type { ImportPreview } from '#lib/browser/import-host.ts';
import type { ImportRow } from '#lib/browser/import-rows.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { shownText } from '#lib/ui/shown-text.ts';

export type Format = ImportPreview['format'];
export type Refused = ImportPreview['refused'][number];
export type Columns = NonNullable<ImportPreview['columns']>;
export type Column = Columns[string];

export const FORMATS: Record<Format, () => string> = {
	dotenv: m.import_format_dotenv,
	dotenvx: m.import_format_dotenvx,
	compose: m.import_format_compose,
	bash: m.import_format_bash,
	doppler: m.import_format_doppler,
	infisical: m.import_format_infisical,
	json: m.import_format_json,
	csv: m.import_format_csv,
	aws: m.import_format_aws,
	'1pux': m.import_format_1pux
};

/** Those in which a place is a line of text; elsewhere it is the number of an entry. */
const OF_LINES: readonly Format[] = [
	...(['dotenv', 'dotenvx', 'compose', 'bash', 'doppler', 'infisical'] as const),
	...(['csv', 'aws'] as const)
];

/** As the programs call themselves. */
const PROGRAMS: Readonly<Record<string, string>> = {
	bitwarden: 'Bitwarden',
	'bitwarden-secrets': 'Bitwarden Secrets Manager',
	'1password': '1Password',
	proton: 'Proton Pass',
	infisical: 'Infisical',
	doppler: 'Doppler',
	aws: 'AWS'
};

const WHY: Record<Refused['why'], () => string> = {
	syntax: m.import_why_syntax,
	empty: m.import_why_empty,
	again: m.import_why_again,
	command: m.import_why_command,
	variable: m.import_why_variable,
	dollars: m.import_why_dollars,
	encrypted: m.import_why_encrypted,
	own: m.import_why_own,
	kind: m.import_why_kind,
	damaged: m.import_why_damaged,
	'too-long': m.import_why_long,
	parts: m.import_why_parts,
	column: m.import_why_column
};

export const COLUMNS: Record<Column, () => string> = {
	name: m.import_column_name,
	variable: m.import_column_variable,
	value: m.import_column_value,
	shown: m.import_column_shown,
	fields: m.import_column_fields,
	kind: m.import_column_kind,
	project: m.import_column_project,
	environment: m.import_column_environment,
	tags: m.import_column_tags,
	url: m.import_column_url,
	note: m.import_column_note,
	expires: m.import_column_expires,
	archived: m.import_column_archived,
	ignored: m.import_column_ignored
};

export function isColumn(text: string): text is Column {
	return Object.hasOwn(COLUMNS, text);
}

export function isFormat(text: string): text is Format {
	return Object.hasOwn(FORMATS, text);
}

/** "table (CSV) of Bitwarden" */
export function formatText({ format, program }: ImportPreview): string {
	const known = program === undefined ? undefined : PROGRAMS[program];
	const said = FORMATS[format]();
	return known === undefined || format === '1pux'
		? said
		: m.import_program({ format: said, program: known });
}

export function placeText(format: Format, line: number): string {
	if (line === 0) return m.import_place_file();
	return OF_LINES.includes(format) ? m.import_place({ line }) : m.import_entry({ line });
}

export function whyText({ why }: Refused): string {
	return WHY[why]();
}

/** What of a row is in the vault already. */
export function kindText({ kind, meets = '', elsewhere }: ImportRow): string {
	const name = shownText(meets);
	// Why no key is replaced: the project or environment that is said is another one than its.
	if (elsewhere !== undefined && kind !== 'setting') {
		return m.import_elsewhere({ name: shownText(elsewhere) });
	}
	switch (kind) {
		case 'new':
			return m.import_new();
		case 'setting':
			return m.import_setting();
		case 'same-value':
			return m.import_same_value({ name });
		case 'older':
			return m.import_older({ name });
		case 'same-variable':
			return m.import_same_variable({ name });
		case 'same-name':
			return m.import_same_name();
		case 'again':
			return m.import_again({ name });
	}
}
