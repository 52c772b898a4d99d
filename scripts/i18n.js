/**
 * Compiles the message catalogue. Paraglide reports success even when its plugin could not be
 * loaded and no message came out; then every text of the product would be missing.
 */
import { compile } from '@inlang/paraglide-js';
import { readFileSync } from 'node:fs';

const outdir = './src/lib/i18n/generated';

/** @type {string[]} */
const warnings = [];
for (const level of /** @type {const} */ (['warn', 'error'])) {
	console[level] = (/** @type {unknown[]} */ ...words) => {
		warnings.push(words.map(String).join(' '));
	};
}

/** @type {{ info?: unknown }} */
await compile({ project: './project.inlang', outdir, strategy: ['baseLocale'] });

const catalogue = /** @type {Record<string, unknown>} */ (
	JSON.parse(readFileSync('./src/lib/i18n/messages/en.json', 'utf8'))
);
const expected = Object.keys(catalogue).filter((key) => key !== '$schema').length;
const messages = /** @type {Record<string, unknown>} */ (
	await import(new URL(`../${outdir}/messages.js`, import.meta.url).href)
);
const compiled = Object.values(messages).filter((value) => typeof value === 'function').length;

if (warnings.length > 0 || compiled < expected || compiled === 0) {
	process.stderr.write(
		[`${compiled} of ${expected} messages were compiled.`, ...warnings, ''].join('\n')
	);
	process.exitCode = 1;
} else {
	process.stdout.write(`${compiled} messages compiled.\n`);
}
