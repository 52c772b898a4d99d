/** The files that the rules look at. A rule is a pure function of these, so that it can be tested. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `path` is relative to the project, with slashes: `src/lib/crypto/seal.ts`. */
export interface Source {
	readonly path: string;
	readonly text: string;
}

/** One place where a rule is broken; empty lists mean tidy. */
export interface Fault {
	readonly path: string;
	readonly what: string;
}

/** Made by tools, wherever they are. */
const SKIPPED_FOLDERS = new Set([
	'.git',
	'.stryker-tmp',
	'.svelte-kit',
	'node_modules',
	'playwright-report',
	'reports',
	'test-results'
]);
const SKIPPED_PATHS = new Set(['build', 'data', 'src/lib/i18n/generated']);
const TEXT = /\.(css|html|js|json|md|sh|sql|svelte|ts|txt|webmanifest)$|\.example$|\/run$/;

/** Every text file of the project that somebody wrote. */
export function readSources(root: string): Source[] {
	return walk(root, '').filter(({ path }) => path !== 'package-lock.json');
}

/** Files that ship or run, without the tests beside them. */
export function isProgram({ path }: Source): boolean {
	return /\.(js|ts|svelte)$/.test(path) && !path.startsWith('tests/') && !isTest(path);
}

export function isTest(path: string): boolean {
	return /\.test\.ts$/.test(path);
}

function walk(root: string, folder: string): Source[] {
	return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
		const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
		if (entry.isDirectory()) {
			const skipped = SKIPPED_FOLDERS.has(entry.name) || SKIPPED_PATHS.has(path);
			return skipped ? [] : walk(root, path);
		}
		if (!entry.isFile() || !TEXT.test(`/${path}`)) return [];
		return [{ path, text: readFileSync(join(root, path), 'utf8') }];
	});
}
