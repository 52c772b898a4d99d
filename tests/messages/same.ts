/** The messages that may say in another language what they say in English, and why. */
import type { Language } from '../../src/lib/i18n/languages.ts';

/** Names of programs, commands, and what is typed into them. */
const NAMES = [
	'app_name',
	'unlock_version',
	'copy_as_assignment',
	'copy_as_export',
	'copy_as_bearer',
	'copy_as_json',
	'copy_as_name',
	'backup_command',
	'import_format_json',
	'import_format_1pux',
	'plain_env',
	'plain_json',
	'lack_wasm',
	'devices_client_cli'
];

/** Nothing but marks between what is filled in, and the sign of a unit. */
const MARKS = [
	'page_title',
	'unlock_seconds_unit',
	'value_more',
	'drill_age',
	'restore_chosen',
	'mail_when',
	'palette_choice'
];

/** In every language. */
export const SAME_ANYWHERE: readonly string[] = [...NAMES, ...MARKS];

/** The language has the word, or has taken it over. */
export const SAME_WORDS: Readonly<Record<Exclude<Language, 'en'>, readonly string[]>> = {
	de: [
		'kit_server',
		'nav_import',
		'nav_backup',
		'filter_more',
		'offline_title',
		'form_name',
		'backup_title',
		'code_label',
		'ways_passkey_unnamed',
		'newpasskey_step_3',
		'newpasskey_name',
		'profile_name',
		'import_title',
		'import_column_name'
	],
	fr: [
		'panel_note',
		'form_note',
		'code_label',
		'import_kinds_services',
		'import_column_note',
		'dates_rotates',
		'trash_acts'
	],
	es: ['lack_worker', 'vaults_first'],
	zh: [],
	ja: []
};
