/**
 * `.env` as two services export it, which no other program reads right.
 *
 * Doppler (`doppler secrets download --format=env`): `NAME="value"`, in which `\` and `"` have a
 * backslash before them and line breaks are real. Infisical (`infisical export --format=dotenv`):
 * `NAME='value'`, in which nothing is escaped, not even `'`, and a line break may be written `\n`.
 */
import { Names, Reader, type Assignments } from '#lib/import/env-line.ts';
import { nameOnLine } from '#lib/import/line-name.ts';

const NAME = /^(?:export )?([\w.-]+)=/;
const NAME_LENGTH = 1_000;
/** What Doppler says of itself. */
const DOPPLER = /^DOPPLER_(?:PROJECT|ENVIRONMENT|CONFIG)$/;

/** @throws {ImportError} `too-large` */
export function readDoppler(text: string): Assignments {
	return readNamed(text, (reader, names, name, line) => {
		const value = reader.here === '"' ? doubleQuoted(reader) : reader.takeLine();
		if (value === undefined) names.refuse(line, name, 'syntax');
		else if (DOPPLER.test(name)) names.refuse(line, name, 'own');
		else names.set(line, name, value);
	});
}

/** @throws {ImportError} `too-large` */
export function readInfisical(text: string): Assignments {
	return readNamed(text, (reader, names, name, line) => {
		const value = reader.here === "'" ? singleQuoted(reader) : reader.takeLine();
		if (value === undefined) names.refuse(line, name, 'syntax');
		else names.set(line, name, isJson(value) ? value : value.replaceAll('\\n', '\n'));
	});
}

function readNamed(
	text: string,
	take: (reader: Reader, names: Names, name: string, line: number) => void
): Assignments {
	const reader = new Reader(text);
	const names = new Names();
	while (!reader.ended) {
		const { line, at } = reader;
		const found = NAME.exec(reader.text.slice(at, at + NAME_LENGTH));
		if (found === null) {
			const rest = reader.takeLine().trim();
			if (rest !== '' && !rest.startsWith('#')) {
				names.refuse(line, nameOnLine(rest), 'syntax');
			}
			continue;
		}
		const [start, name = ''] = found;
		reader.moveTo(at + start.length);
		take(reader, names, name, line);
	}
	return names.done();
}

function doubleQuoted(reader: Reader): string | undefined {
	const { text, at: open } = reader;
	let at = open + 1;
	while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
	const closed = at < text.length;
	if (closed) reader.moveTo(at + 1);
	const rest = reader.takeLine().trim();
	if (!closed || (rest !== '' && !rest.startsWith('#'))) return undefined;
	return text.slice(open + 1, at).replace(/\\(["\\])/g, '$1');
}

/** It ends with a quote at the end of a line, after which the next name begins, or nothing. */
function singleQuoted(reader: Reader): string | undefined {
	const { text, at: open } = reader;
	for (let end = text.indexOf("'\n", open + 1); end !== -1; end = text.indexOf("'\n", end + 1)) {
		const next = text.slice(end + 2, end + 2 + NAME_LENGTH);
		if (next.trim() !== '' && !/^\s*(?:#|(?:export )?[\w.-]+=)/.test(next)) continue;
		reader.moveTo(end + 2);
		return text.slice(open + 1, end);
	}
	const last = text.trimEnd();
	if (!last.endsWith("'") || last.length - 1 <= open) {
		reader.takeLine();
		return undefined;
	}
	reader.moveTo(text.length);
	return last.slice(open + 1, -1);
}

/** In JSON a written `\n` is a part of the text. */
function isJson(value: string): boolean {
	if (!/^\s*[{[]/.test(value)) return false;
	try {
		JSON.parse(value);
		return true;
	} catch {
		return false;
	}
}
