/**
 * Everything of the build that the front door needs to know: pages, files, the endpoints with their
 * methods, and the hashes of inline scripts for the content security policy.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFile, readFiles } from './files.js';

const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;

/**
 * @typedef {object} Endpoint
 * @property {RegExp} pattern
 * @property {readonly string[]} methods With HEAD wherever there is GET.
 */

/**
 * @typedef {object} Site
 * @property {ReadonlyMap<string, import('./files.js').StoredFile>} files Pages too, by their path.
 * @property {import('./files.js').StoredFile} notFound
 * @property {readonly Endpoint[]} endpoints
 * @property {readonly string[]} scriptHashes
 */

/**
 * @param {string} build The folder that the build wrote.
 * @returns {Site}
 */
export function readSite(build) {
	const pages = [...readFiles(join(build, 'prerendered'))].map(
		([path, file]) => /** @type {const} */ ([pagePath(path), file])
	);
	const files = new Map([...readFiles(join(build, 'client')), ...pages]);
	const notFound = readFile(join(build, 'not-found.html'));
	const html = [...files.values(), notFound].filter(({ type }) => type.startsWith('text/html'));
	return {
		files,
		notFound,
		endpoints: readEndpoints(join(build, 'endpoints.json')),
		scriptHashes: [...new Set(html.flatMap(({ body }) => inlineScriptHashes(body.toString())))]
	};
}

/**
 * The sources, as a content security policy names them, of a page's inline scripts.
 *
 * @param {string} html
 * @returns {string[]}
 */
export function inlineScriptHashes(html) {
	return [...html.matchAll(INLINE_SCRIPT)].map(([, script = '']) => {
		const hash = createHash('sha256').update(script).digest('base64');
		return `'sha256-${hash}'`;
	});
}

/** @param {string} path `/login.html` is the page `/login`, `/index.html` is `/`. */
function pagePath(path) {
	return path.replace(/\.html$/, '').replace(/^\/index$/, '/');
}

/**
 * @param {string} name
 * @returns {Endpoint[]}
 */
function readEndpoints(name) {
	/** @type {{ pattern: string; methods: string[] }[]} */
	const endpoints = JSON.parse(readFileSync(name, 'utf8'));
	return endpoints.map(({ pattern, methods }) => ({
		pattern: new RegExp(pattern),
		methods: methods.includes('GET') ? [...new Set([...methods, 'HEAD'])] : methods
	}));
}
