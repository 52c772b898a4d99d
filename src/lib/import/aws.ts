/**
 * AWS's `credentials` and `config` files, as AWS's reference for SDKs describes them ("Shared config
 * and credentials files: Format of the config file"). One profile is one key of several fields.
 */
import { ENTRIES_MAX, ImportError, type ImportContent } from '#lib/import/content.ts';
import { Collecting } from '#lib/import/collecting.ts';
import type { DraftField } from '#lib/items/key.ts';

const SECTION = /^\[\s*(?:profile\s+)?([^\]]+?)\s*\]\s*(?:[#;].*)?$/;
const SETTING = /^([^\s=#;[][^=]*?)\s*=\s*(.*)$/;
/** What a profile signs with, as variables are called. */
const FIELDS: Readonly<Record<string, { readonly variable: string; readonly hidden: boolean }>> = {
	aws_access_key_id: { variable: 'AWS_ACCESS_KEY_ID', hidden: false },
	aws_secret_access_key: { variable: 'AWS_SECRET_ACCESS_KEY', hidden: true },
	aws_session_token: { variable: 'AWS_SESSION_TOKEN', hidden: true }
};
/** Of temporary keys, which end within hours. */
const TEMPORARY = 'ASIA';

interface Profile {
	readonly line: number;
	readonly name: string;
	readonly settings: Map<string, string>;
}

export function isAwsFile(text: string): boolean {
	return /^[ \t]*aws_(?:access_key_id|secret_access_key)[ \t]*=/im.test(text.slice(0, 200_000));
}

/** @throws {ImportError} `too-large` */
export function readAws(text: string): ImportContent {
	const into = new Collecting();
	const profiles: Profile[] = [];
	for (const [index, written] of text.replace(/\r\n?/g, '\n').split('\n').entries()) {
		const line = index + 1;
		const trimmed = written.trim();
		// Indented lines belong to a setting that has settings of its own, none of which is a key.
		if (trimmed === '' || /^[#;]/.test(trimmed) || /^\s/.test(written)) continue;
		const section = SECTION.exec(trimmed)?.[1];
		if (section !== undefined) profiles.push({ line, name: section, settings: new Map() });
		else takeSetting(into, profiles.at(-1), line, trimmed);
		if (profiles.length > ENTRIES_MAX) throw new ImportError('too-large', 'too many profiles');
	}
	for (const profile of profiles) takeProfile(into, profile);
	return into.done();
}

function takeSetting(
	into: Collecting,
	profile: Profile | undefined,
	line: number,
	written: string
): void {
	const [, name, value = ''] = SETTING.exec(written) ?? [];
	if (profile === undefined || name === undefined) {
		into.refuse(line, written.split('=', 1)[0] ?? '', 'syntax');
		return;
	}
	profile.settings.set(name.toLowerCase(), value.replace(/\s[#;].*$/, '').trim());
}

function takeProfile(into: Collecting, { line, name, settings }: Profile): void {
	const fields: DraftField[] = [];
	for (const [setting, { variable, hidden }] of Object.entries(FIELDS)) {
		const value = settings.get(setting) ?? '';
		if (value !== '') fields.push({ name: variable, value, hidden });
	}
	if (!fields.some(({ hidden }) => hidden)) {
		// A role, a single sign-on, a program to ask: it says where keys are, and holds none.
		into.refuse(line, name, settings.size === 0 ? 'empty' : 'kind');
		return;
	}
	const temporary = settings.get('aws_access_key_id')?.startsWith(TEMPORARY) === true;
	const region = settings.get('region') ?? '';
	into.take(line, {
		name: name === 'default' ? 'AWS' : `AWS ${name}`,
		provider: 'aws',
		envVars: fields.map((field) => field.name),
		tags: temporary ? ['temporary'] : [],
		...(region === '' ? {} : { note: `region = ${region}` }),
		fields
	});
}
