/** `.env` files: which dialect one is written in, and what it sets. */
import { readBash } from '#lib/import/bash.ts';
import { readCompose } from '#lib/import/compose.ts';
import { readDotenv } from '#lib/import/dotenv.ts';
import { readDotenvx } from '#lib/import/dotenvx.ts';
import type { Assignments } from '#lib/import/env-line.ts';
import { readDoppler, readInfisical } from '#lib/import/exported-env.ts';

const READERS = {
	dotenv: readDotenv,
	dotenvx: readDotenvx,
	compose: readCompose,
	bash: readBash,
	doppler: readDoppler,
	infisical: readInfisical
} as const;

export type Dialect = keyof typeof READERS;

export const DIALECTS: readonly Dialect[] = [
	'dotenv',
	'dotenvx',
	'compose',
	'bash',
	'doppler',
	'infisical'
];

/** Enough of a file to know its dialect by. */
const LOOKED_AT = 200_000;

/**
 * What `text` sets when it is read as `dialect`. Nothing is executed.
 *
 * @throws {ImportError} `too-large`
 */
export function readEnv(text: string, dialect: Dialect): Assignments {
	return READERS[dialect](text);
}

/** The dialect that `text` shows signs of; `dotenv` where it shows none. A guess: it can be changed. */
export function dialectOf(text: string): Dialect {
	const start = text.slice(0, LOOKED_AT).replace(/\r\n?/g, '\n');
	if (/^DOTENV_PUBLIC_KEY|=\s*["']?encrypted:/m.test(start)) return 'dotenvx';
	if (/^DOPPLER_(?:PROJECT|CONFIG)=/m.test(start)) return 'doppler';
	if (/^(?:declare -|typeset |export -- )|'\\''|=\$'/m.test(start)) return 'bash';
	if (isInfisical(start)) return 'infisical';
	// A line ends there too for `^`: no line is looked through from within.
	if (/^[^'\n\u2028\u2029#]*\$\$/m.test(start)) return 'compose';
	return refersToItself(start) ? 'dotenvx' : 'dotenv';
}

/** Single quotes on every line, and at least once inside of them. */
function isInfisical(text: string): boolean {
	const lines = text.split('\n').filter((line) => line.trim() !== '');
	return (
		lines.length > 0 &&
		lines.every((line) => /^(?:export )?[\w.-]+='.*'$/.test(line)) &&
		lines.some((line) => /='.*'.*'$|='.*\\n.*'$/.test(line))
	);
}

/** Whether `${NAME}` stands in it for a name that it sets itself. */
function refersToItself(text: string): boolean {
	const names = new Set(
		[...text.matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)=/gm)].map(([, name]) => name)
	);
	return [...text.matchAll(/\$\{(\w+)/g)].some(([, name]) => names.has(name));
}
