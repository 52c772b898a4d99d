/**
 * Files of the built client, held in memory: a few megabytes that cannot change under a running
 * server, be half replaced by the next build or be missing when they are asked for.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
	'.css': 'text/css; charset=utf-8',
	'.html': 'text/html; charset=utf-8',
	'.ico': 'image/x-icon',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json',
	'.png': 'image/png',
	'.svg': 'image/svg+xml',
	'.txt': 'text/plain; charset=utf-8',
	'.wasm': 'application/wasm',
	'.webmanifest': 'application/manifest+json',
	'.woff2': 'font/woff2'
};

/** In the order in which they are preferred. */
const ENCODINGS = /** @type {const} */ ([
	{ name: 'br', extension: '.br' },
	{ name: 'gzip', extension: '.gz' }
]);

/** Names of files under it hold the hash of their content. */
const IMMUTABLE = '/_app/immutable/';

/**
 * @typedef {object} StoredFile
 * @property {Buffer} body
 * @property {string} type
 * @property {string} etag
 * @property {string} cacheControl
 * @property {ReadonlyMap<string, Buffer>} encoded The same, compressed at build time.
 */

/**
 * Reads every file of a folder, by the path it has in an address.
 *
 * @param {string} directory
 * @returns {Map<string, StoredFile>}
 */
export function readFiles(directory) {
	const names = readdirSync(directory, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
	const known = new Set(names);
	const isVariant = (/** @type {string} */ name) =>
		ENCODINGS.some(({ extension }) => name.endsWith(extension) && known.has(name.slice(0, -3)));
	return new Map(
		names
			.filter((name) => !isVariant(name))
			.map((name) => {
				const path = name.slice(directory.length).replaceAll('\\', '/');
				return [path, readStored(name, path, known)];
			})
	);
}

/**
 * @param {string} name
 * @returns {StoredFile}
 */
export function readFile(name) {
	return readStored(name, '', new Set());
}

/**
 * Answers with a file: compressed where the client takes it, or "not modified".
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {StoredFile} file
 * @param {number} [status]
 */
export function sendFile(request, response, file, status = 200) {
	const encoding = ENCODINGS.find(
		({ name }) => file.encoded.has(name) && accepts(request.headers['accept-encoding'], name)
	)?.name;
	// A strong tag names the bytes, so each encoding has its own.
	const etag = encoding === undefined ? `"${file.etag}"` : `"${file.etag}-${encoding}"`;
	response.setHeader('Cache-Control', file.cacheControl);
	response.setHeader('ETag', etag);
	if (file.encoded.size > 0) response.setHeader('Vary', 'Accept-Encoding');
	if (status === 200 && matches(request.headers['if-none-match'], etag)) {
		response.writeHead(304).end();
		return;
	}
	const body = (encoding === undefined ? undefined : file.encoded.get(encoding)) ?? file.body;
	if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
	response.writeHead(status, { 'Content-Type': file.type, 'Content-Length': body.length });
	response.end(request.method === 'HEAD' ? undefined : body);
}

/**
 * @param {string} name
 * @param {string} path
 * @param {ReadonlySet<string>} known
 * @returns {StoredFile}
 */
function readStored(name, path, known) {
	const body = readFileSync(name);
	const variants = ENCODINGS.filter(({ extension }) => known.has(name + extension));
	return {
		body,
		type: TYPES[extname(name)] ?? 'application/octet-stream',
		etag: createHash('sha256').update(body).digest('base64url'),
		cacheControl: path.startsWith(IMMUTABLE) ? 'public, max-age=31536000, immutable' : 'no-cache',
		encoded: new Map(
			variants.map(({ name: encoding, extension }) => [encoding, readFileSync(name + extension)])
		)
	};
}

/**
 * @param {string | string[] | undefined} header `Accept-Encoding`
 * @param {string} encoding
 */
function accepts(header, encoding) {
	return String(header ?? '')
		.toLowerCase()
		.split(',')
		.map((part) => part.replaceAll(' ', ''))
		.some(
			(part) => part === encoding || (part.startsWith(`${encoding};q=`) && !/=0(\.0*)?$/.test(part))
		);
}

/**
 * @param {string | undefined} header `If-None-Match`
 * @param {string} etag
 */
function matches(header, etag) {
	return (header ?? '').split(',').some((part) => part.trim().replace(/^W\//, '') === etag);
}
