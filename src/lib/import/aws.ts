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

/** Stands for a setting whose name is none. */
const UNNAMED = '…';

/** Enough of a file to know it by. */
const LOOKED_AT = 200_000;
const PROFILE = /^\[[ \t]*[A-Za-z][^\]"]*\]/;

interface Setting {
	/** As it is written; it counts in any case. */
	readonly name: string;
	readonly value: string;
	/** Whether it has settings of its own, which stand below it. */
	outer: boolean;
}

interface Profile {
	readonly line: number;
	readonly name: string;
	readonly settings: Map<string, Setting>;
	/** What was set last. */
	last?: Setting;
}

/**
 * It has keys of AWS below a section, or begins with a profile: nothing else that is read does, and
 * JSON neither. In capitals, or under no profile, the same names are variables of a `.env` file.
 */
export function isAwsFile(text: string): boolean {
	const start = text.slice(0, LOOKED_AT);
	const key = start.search(/^[ \t]*aws_(?:access_key_id|secret_access_key)[ \t]*=/m);
	if (key !== -1 && /^\[[^\]\r\n\u2028\u2029]+\]/m.test(start.slice(0, key))) return true;
	const first = start.split(/[\r\n]/).find((line) => /^[^#;]/.test(line.trim()));
	return first !== undefined && PROFILE.test(first) && !/^\[(?:true|false|null)\]/.test(first);
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
			const profile = profiles.at(-1);
			// They belong to a setting that has settings of its own, none of which is a key.
			if (profile?.last?.value === '') profile.last.outer = true;
			else into.refuse(line, nameOnLine(trimmed), 'syntax');
			continue;
		}
		const section = sectionIn(trimmed);
		if (section !== undefined) {
			profiles.push({ line, name: section, settings: new Map() });
		} else {
			takeSetting(into, profiles.at(-1), line, trimmed);
		}
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
	const value = withoutComment(written.slice(equals + 1)).trim();
	if (profile.settings.has(setting)) into.refuse(line, shownName(name), 'again');
	profile.last = { name, value, outer: false };
	profile.settings.set(setting, profile.last);
}

function takeProfile(into: Collecting, profile: Profile): void {
	const { line, name, settings } = profile;
	const set = [...settings]
		.filter(([setting, { value }]) => value !== '' && (SIGNS.test(setting) || setting === 'region'))
		.map(([variable, { value }]) => ({ variable, value, section: name }));
	const [group] = grouped(set);
	if (group?.some(({ variable }) => HIDDEN.test(variable)) !== true) {
		// A role, a single sign-on, a program to ask: it says where keys are, and holds none.
		into.refuse(line, name, settings.size === 0 ? 'empty' : 'kind');
		return;
	}
	const temporary = settings.get('aws_access_key_id')?.value.startsWith(TEMPORARY) === true;
	const taken = new Set(group.map(({ variable }) => variable));
	const draft = { ...draftOf(group), tags: temporary ? ['temporary'] : [] };
	into.take(line, draft, leftOf(profile, taken));
}

/** A role to take on, a program to ask, a region to write to: where a key is used, and no part of it. */
function leftOf({ settings }: Profile, taken: ReadonlySet<string>): string[] {
	return [...settings]
		.filter(([setting, { value, outer }]) => !taken.has(setting) && (value !== '' || outer))
		.map(([, { name }]) => shownName(name) || UNNAMED);
}
