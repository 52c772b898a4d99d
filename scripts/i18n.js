/**
 * Compiles the message catalogues. Paraglide makes one module per language of them; from the English
 * one the messages are made that the pages import. Each says its English text, or that of the
 * language that is loaded: so the pages carry English alone, and every other language is one file.
 */
import { compile } from '@inlang/paraglide-js';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const catalogues = 'src/lib/i18n/messages';
const outdir = 'src/lib/i18n/generated';
const STAMP = 'made-from';

/** What a build resolves to the messages in one module each, so that a page loads its own alone. */
export const MESSAGES = '#lib/i18n/generated/messages.js';
export const SPLIT_MESSAGES = join(root, outdir, 'split', 'messages.js');

/**
 * Writes src/lib/i18n/generated/, unless it is there and made from the same.
 *
 * @returns {Promise<number>} how many messages there are.
 * @throws {Error} if a message did not come out: then every text of the product could be missing, and
 * Paraglide reports success even when its plugin could not be loaded.
 */
export async function compileMessages() {
	const wanted = keysOf('en');
	const stamp = join(root, outdir, STAMP);
	const made = fingerprint();
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === made) return wanted.length;
	rmSync(stamp, { force: true });
	await compileLanguages();
	const english = readFileSync(join(root, outdir, 'paraglide/messages/en.js'), 'utf8');
	const messages = messagesIn(english);
	const missing = wanted.filter((key) => !messages.has(key));
	if (missing.length > 0 || messages.size === 0) {
		throw new Error(`These messages were not compiled: ${missing.join(', ')}`);
	}
	writeWhole(messages);
	writeSplit(messages);
	writeLanguages();
	writeFileSync(stamp, made);
	return messages.size;
}

async function compileLanguages() {
	/** @type {string[]} */
	const warnings = [];
	const { warn, error } = console;
	console.warn = console.error = (/** @type {unknown[]} */ ...words) => {
		warnings.push(words.map(String).join(' '));
	};
	try {
		await compile({
			project: join(root, 'project.inlang'),
			outdir: join(root, outdir, 'paraglide'),
			outputStructure: 'locale-modules',
			strategy: ['baseLocale']
		});
	} finally {
		Object.assign(console, { warn, error });
	}
	if (warnings.length > 0) throw new Error(warnings.join('\n'));
}

/**
 * @typedef {object} Message
 * @property {string} code The function that says it in English.
 * @property {string} inputs The type of what it takes.
 * @property {boolean} takesNothing
 */

/**
 * The messages of Paraglide's module of one language.
 *
 * @param {string} module
 * @returns {Map<string, Message>}
 */
function messagesIn(module) {
	const types = new Map(
		[...module.matchAll(/^\/\*\* @typedef \{(.+)\} (\w+Inputs) \*\/$/gm)].map(
			([, type = '', name = '']) => [name, type]
		)
	);
	const [, ...pieces] = module.split(/^export const (?=\w+ = \/\*\* @type \{\(inputs: )/m);
	return new Map(
		pieces.map((piece) => {
			const parts = /^(\w+) = \/\*\* @type \{\(inputs: (\w+)\).+?\} \*\/ (.+)$/s.exec(piece);
			const [, key = '', alias = '', code = ''] = parts ?? [];
			const inputs = types.get(alias) ?? '';
			if (inputs === '') throw new Error(`This is not a message: ${piece}`);
			return [key, { code: code.trim(), inputs, takesNothing: inputs === '{}' }];
		})
	);
}

/**
 * All of them in one module, for what reads the sources as they are.
 *
 * @param {Map<string, Message>} messages
 */
function writeWhole(messages) {
	const bodies = [...messages].map(([key, message]) => body(key, message));
	const text = [head('..', './paraglide', bodies.join('')), ...bodies].join('\n');
	writeFileSync(join(root, outdir, 'messages.js'), text);
}

/**
 * One module each, and one that names them all.
 *
 * @param {Map<string, Message>} messages
 */
function writeSplit(messages) {
	const folder = join(root, outdir, 'split');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	for (const [key, message] of messages) {
		const text = body(key, message);
		writeFileSync(join(folder, `${key}.js`), `${head('../..', '../paraglide', text)}\n${text}`);
	}
	const names = [...messages.keys()].map((key) => `export { ${key} } from './${key}.js';\n`);
	writeFileSync(join(folder, 'messages.js'), names.join(''));
}

/**
 * The other languages, without the lines by which Paraglide puts English in for what is not there:
 * a page has the English already, and looks for it by itself.
 */
function writeLanguages() {
	const folder = join(root, outdir, 'languages');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const from = join(root, outdir, 'paraglide/messages');
	for (const name of readdirSync(from)) {
		if (name === '_index.js' || name === 'en.js') continue;
		const text = readFileSync(join(from, name), 'utf8')
			.replace(/^export \{ \w+ \} from "\.\/en\.js"$/gm, '')
			.replaceAll('../registry.js', '../paraglide/registry.js')
			.replaceAll('../runtime.js', '../paraglide/runtime.js');
		// Without a message it would be no module.
		writeFileSync(join(folder, name), `${text}\nexport {};\n`);
	}
}

/**
 * @param {string} home Where spoken.ts is.
 * @param {string} paraglide
 * @param {string} text
 */
function head(home, paraglide, text) {
	return [
		`import { language } from '${home}/spoken.ts';`,
		text.includes('registry.') ? `import * as registry from '${paraglide}/registry.js';` : '',
		`/** @typedef {import('${paraglide}/runtime.js').LocalizedString} LocalizedString */`,
		''
	].join('\n');
}

/**
 * @param {string} key
 * @param {Message} message
 */
function body(key, { code, inputs, takesNothing }) {
	const [parameters, given] = takesNothing ? ['()', '{}'] : [`(/** @type {${inputs}} */ i)`, 'i'];
	// Most say one text; a function of their own for it would make the pages larger.
	const [, text] =
		/^\((?:i)?\) => \{\s*return (\/\*\* [^*]+ \*\/ \(`.*`\))\s*\};?$/s.exec(code) ?? [];
	if (text !== undefined) {
		return `export const ${key} = ${parameters} => language?.${key}?.(${given}) ?? ${text};\n`;
	}
	return [
		`const en_${key} = /** @type {(i: ${inputs}) => LocalizedString} */ (${code.replace(/;$/, '')});`,
		`export const ${key} = ${parameters} => (language?.${key} ?? en_${key})(${given});`,
		''
	].join('\n');
}

/** @param {string} language */
function keysOf(language) {
	const catalogue = /** @type {Record<string, unknown>} */ (
		JSON.parse(readFileSync(join(root, catalogues, `${language}.json`), 'utf8'))
	);
	return Object.keys(catalogue).filter((key) => key !== '$schema');
}

function fingerprint() {
	const hash = createHash('sha256');
	const paths = [
		...readdirSync(join(root, catalogues))
			.sort()
			.map((name) => `${catalogues}/${name}`),
		'package-lock.json',
		'project.inlang/settings.json',
		'scripts/i18n.js'
	];
	for (const path of paths) {
		hash
			.update(`${path}\0`)
			.update(readFileSync(join(root, path)))
			.update('\0');
	}
	return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	try {
		process.stdout.write(`${await compileMessages()} messages compiled.\n`);
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	}
}
