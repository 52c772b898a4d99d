/**
 * AWS's `credentials` and `config` files, as AWS's reference for SDKs describes them ("Shared config
 * and credentials files: Format of the config file"). One profile is one key of several fields.
 */
import { ENTRIES_MAX, ImportError, type ImportContent } from '#lib/import/content.ts';
import { Collecting } from '#lib/import/collecting.ts';
import { nameOnLine, shownName } from '#lib/import/line-name.ts';
import { draftOf, grouped } from '#lib/items/paste.ts';

/** What a profile signs with, and what of it must be hidden. */
const SIGNS = /^aws_(?:access_key_id|secret_access_key|session_token)$/;
const HIDDEN = /^aws_(?:secret_access_key|session_token)$/;
/** Of temporary keys, which end within hours. */
const TEMPORARY = 'ASIA';

interface Profile {
	readonly line: number;
	readonly name: string;
	readonly settings: Map<string, string>;
	/** The value that was set last. */
	last?: string;
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
		if (trimmed === '' || /^[#;]/.test(trimmed)) continue;
		if (/^\s/.test(written)) {
			// They belong to a setting that has settings of its own, none of which is a key.
			if (profiles.at(-1)?.last !== '') into.refuse(line, nameOnLine(trimmed), 'syntax');
			continue;
		}
		const section = sectionIn(trimmed);
		if (section !== undefined) profiles.push({ line, name: section, settings: new Map() });
		else takeSetting(into, profiles.at(-1), line, trimmed);
		if (profiles.length > ENTRIES_MAX) throw new ImportError('too-large', 'too many profiles');
	}
	for (const profile of profiles) takeProfile(into, profile);
	return into.done();
}

/** The name in `[profile name]`; undefined for every other line. */
function sectionIn(written: string): string | undefined {
	const end = written.indexOf(']');
	if (!written.startsWith('[') || end === -1) return undefined;
	const rest = written.slice(end + 1).trim();
	const name = written
		.slice(1, end)
		.trim()
		.replace(/^profile\s+/, '');
	return name === '' || (rest !== '' && !/^[#;]/.test(rest)) ? undefined : name;
}

function withoutComment(value: string): string {
	const comment = value.search(/\s[#;]/);
	return comment === -1 ? value : value.slice(0, comment);
}

function takeSetting(
	into: Collecting,
	profile: Profile | undefined,
	line: number,
	written: string
): void {
	const equals = written.indexOf('=');
	const name = written.slice(0, Math.max(0, equals)).trim();
	if (profile === undefined || name === '' || name.startsWith('[')) {
		into.refuse(line, nameOnLine(written), 'syntax');
		return;
	}
	const setting = name.toLowerCase();
	profile.last = withoutComment(written.slice(equals + 1)).trim();
	if (profile.settings.has(setting)) into.refuse(line, shownName(name), 'again');
	profile.settings.set(setting, profile.last);
}

function takeProfile(into: Collecting, { line, name, settings }: Profile): void {
	const set = [...settings]
		.filter(([setting, value]) => value !== '' && (SIGNS.test(setting) || setting === 'region'))
		.map(([variable, value]) => ({ variable, value, section: name }));
	const [group] = grouped(set);
	if (group?.some(({ variable }) => HIDDEN.test(variable)) !== true) {
		// A role, a single sign-on, a program to ask: it says where keys are, and holds none.
		into.refuse(line, name, settings.size === 0 ? 'empty' : 'kind');
		return;
	}
	const temporary = settings.get('aws_access_key_id')?.startsWith(TEMPORARY) === true;
	into.take(line, { ...draftOf(group), tags: temporary ? ['temporary'] : [] });
}
