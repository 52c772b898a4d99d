/**
 * The list of what a server delivers to browsers: every page and file by its path, with its hash,
 * and the security headers that stand on each. The build publishes it at {@link LIST_PATH}, a release
 * carries it, and `npm run verify` compares a running server with it.
 *
 * A server that lies delivers a list that lies as well. So the list to believe is one that came
 * another way: with a release, or from a build of one's own, which makes the same bytes.
 */
import { createHash } from 'node:crypto';
import { securityHeaders } from './headers.js';

/** Where the list itself is delivered; it cannot be in it. */
export const LIST_PATH = '/.well-known/keyhold.json';

/**
 * @typedef {object} DeliveredFile
 * @property {string} type As the header `Content-Type` has it.
 * @property {number} bytes
 * @property {string} sha256 In hexadecimal, of what is left when a transfer's compression is undone.
 *
 * @typedef {object} DeliveredList
 * @property {string} version
 * @property {Readonly<Record<string, string>>} headers On every response, over HTTPS.
 * @property {DeliveredFile} notFound What any address that is none gets, with status 404.
 * @property {Readonly<Record<string, DeliveredFile>>} files
 */

/**
 * @param {import('./site.js').Site} site
 * @param {string} version
 * @returns {DeliveredList}
 */
export function deliveredList(site, version) {
	const listed = [...site.files].filter(([path]) => path !== LIST_PATH).sort(byPath);
	return {
		version,
		headers: securityHeaders(site.scriptHashes, true),
		notFound: delivered(site.notFound),
		files: Object.fromEntries(listed.map(([path, file]) => [path, delivered(file)]))
	};
}

/**
 * @param {import('./files.js').StoredFile} file
 * @returns {DeliveredFile}
 */
function delivered({ body, type }) {
	return { type, bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') };
}

/**
 * By code units: the order of a language would differ from machine to machine.
 *
 * @param {readonly [string, unknown]} one
 * @param {readonly [string, unknown]} other
 */
function byPath([one], [other]) {
	return one < other ? -1 : 1;
}
