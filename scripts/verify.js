/**
 * `npm run verify -- https://keys.example.org`: whether a running server delivers exactly what a
 * release does. See docs/operations.md for what that tells, and what it cannot.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { LIST_PATH } from '../serve/delivered.js';
import { buildState } from './build.js';
import { compare, Unreachable } from './comparison.js';

const EXIT = { same: 0, differs: 1, usage: 2, unreachable: 3 };

const HELP = `npm run verify -- ORIGIN [--list FILE] [--allow-header NAME]...

Fetches every file that a Keyhold server delivers to browsers, in each encoding, with its headers,
and compares them with a list.

  ORIGIN               the address of the server: https://keys.example.org
  --list FILE          the list of a release, keyhold.json; without it the list of this checkout's
                       own build is taken, which "npm run build" makes
  --allow-header NAME  a header that a proxy in front adds and you know of

Exit codes: 0 the same; 1 it differs; 2 what was typed, or the list, cannot be used; 3 the server
could not be reached.
`;

/** Something that the person who typed can put right. */
class UsageError extends Error {
	/** @override */
	name = 'UsageError';
}

try {
	process.exitCode = await verify(process.argv.slice(2));
} catch (error) {
	if (!(error instanceof UsageError) && !(error instanceof Unreachable)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.unreachable;
}

/** @param {string[]} words */
async function verify(words) {
	const { help, origin, listFile, allowed } = read(words);
	if (help) {
		process.stdout.write(HELP);
		return EXIT.same;
	}
	const list = listFile === undefined ? ownList() : listIn(listFile);
	const files = Object.keys(list.files).length;
	process.stdout.write(`${origin} beside version ${list.version}, ${files} files:\n`);
	const differences = await compare({ origin, list, allowed });
	for (const difference of differences) process.stdout.write(`DIFFERS ${difference}\n`);
	process.stdout.write(
		differences.length === 0
			? 'The same: every file in every encoding, and every header.\n'
			: `Not the same: ${differences.length} differences.\n`
	);
	return differences.length === 0 ? EXIT.same : EXIT.differs;
}

/** @param {string[]} words */
function read(words) {
	const { values, positionals } = parsed(words);
	const [text = '', ...more] = positionals;
	const help = values.help === true;
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (
		!help &&
		(more.length > 0 || !/^https?:$/.test(url?.protocol ?? '') || url?.pathname !== '/')
	) {
		throw new UsageError(`One address of a server is needed.\n\n${HELP}`);
	}
	return {
		help,
		origin: url?.origin ?? '',
		listFile: values.list,
		allowed: (values['allow-header'] ?? []).map((name) => name.toLowerCase())
	};
}

/** @param {string[]} args */
function parsed(args) {
	try {
		return parseArgs({
			args,
			allowPositionals: true,
			options: {
				help: { type: 'boolean' },
				list: { type: 'string' },
				'allow-header': { type: 'string', multiple: true }
			}
		});
	} catch (error) {
		throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
	}
}

function ownList() {
	const state = buildState();
	if (state !== 'fresh') {
		throw new UsageError(`The build of this checkout is ${state}. Run: npm ci && npm run build`);
	}
	return listIn(fileURLToPath(new URL(`../build/client${LIST_PATH}`, import.meta.url)));
}

/**
 * @param {string} name
 * @returns {import('../serve/delivered.js').DeliveredList}
 */
function listIn(name) {
	if (!existsSync(name)) throw new UsageError(`There is no file ${name}.`);
	try {
		/** @type {Partial<import('../serve/delivered.js').DeliveredList>} */
		const { version, headers, notFound, files } = JSON.parse(readFileSync(name, 'utf8'));
		if (version && headers && notFound && files) return { version, headers, notFound, files };
	} catch {
		// As unusable as one with another content.
	}
	throw new UsageError(`${name} is not the list of a release.`);
}
