/**
 * Which modules of the pages share a file. Left alone, the bundler makes one for each set of pages that
 * use the same modules: dozens of small files for a first look, each packed by itself, with long lists
 * of what they take from each other. Here what a person meets first is in two: the locked door, and
 * the wallet behind it with what is around every page there. A page before the door loads nothing of
 * the second.
 */
import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SPLIT_MESSAGES } from './i18n.js';

/**
 * @typedef {(id: string) => {
 * 	readonly importedIds: readonly string[];
 * 	readonly code: string | null;
 * } | null} InfoOf
 *
 * @typedef {'door' | 'wallet'} Name
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const routes = join(root, 'src/routes');
/** Kit's own, which every page begins with. */
const PROGRAM = [
	join(root, 'node_modules/@sveltejs/kit/src/runtime/client/entry.js'),
	join(root, '.svelte-kit/generated/client-optimized/app.js')
];
const DOOR = ['+layout.ts', '+layout.svelte', '+error.svelte', '(door)/login/+page.svelte'];
const WALLET = ['(vault)/+layout.svelte', '(vault)/wallet/+page.svelte'];

/** @returns {(id: string, context: { getModuleInfo: InfoOf }) => Name | null} */
export function chunkNames() {
	/** @type {Map<string, Name> | undefined} */
	let names;
	return (id, context) => {
		const infoOf = (/** @type {string} */ id) => context.getModuleInfo(id);
		// The pages are rendered by nobody, but Kit builds them for a server too.
		if (!PROGRAM.every(infoOf)) return null;
		names ??= namesOf(infoOf);
		return names.get(id) ?? null;
	};
}

/**
 * @param {InfoOf} infoOf
 * @returns {Map<string, Name>}
 */
function namesOf(infoOf) {
	const pages = readdirSync(routes, { recursive: true, encoding: 'utf8' })
		.map((path) => path.replaceAll('\\', '/'))
		.filter((path) => ['+page.svelte', '+layout.svelte'].includes(posix.basename(path)));
	const outside = pages.filter((page) => !page.startsWith('(vault)/'));
	/** @param {readonly string[]} pages */
	const reached = (pages) =>
		reachedFrom(
			pages.map((page) => join(routes, page)),
			infoOf
		);
	const before = reached(outside);
	const names = new Map();
	// The little that it has in common with other pages before the door is no file of its own.
	for (const id of reached(WALLET)) names.set(id, before.has(id) ? 'door' : 'wallet');
	for (const id of [...reachedFrom(PROGRAM, infoOf), ...reached(DOOR)]) names.set(id, 'door');
	return names;
}

/**
 * What is loaded with these modules, whatever a person does.
 *
 * @param {readonly string[]} ids
 * @param {InfoOf} infoOf
 * @returns {Set<string>}
 */
function reachedFrom(ids, infoOf) {
	const reached = new Set(ids);
	for (const id of reached) {
		const info = infoOf(id);
		for (const imported of info?.importedIds ?? []) {
			// It names all messages there are: only those are meant that the module says.
			if (imported !== SPLIT_MESSAGES) reached.add(imported);
			else for (const message of messagesIn(info?.code ?? '')) reached.add(message);
		}
	}
	return reached;
}

/** @param {string} code */
function messagesIn(code) {
	const names = [...code.matchAll(/\bm\.(\w+)/g)].map(([, name = '']) => name);
	return names.map((name) => join(SPLIT_MESSAGES, '..', `${name}.js`));
}
