/**
 * The front door: every request passes here before anything else of the program sees it.
 *
 * It sets the security headers, answers pages and files from memory, refuses what no endpoint takes,
 * and hands the rest to the built handler, which from then on sees requests for endpoints only.
 */
import { sendFile } from './files.js';
import { sendProblem } from './problem.js';
import { nextTurn } from './turns.js';

/** Largest request body: a commit. `COMMIT_BODY_BYTES` of src/lib/api/limits.ts; tests compare. */
export const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

const PAGE_METHODS = ['GET', 'HEAD'];

/**
 * Endings that the handler would take off again: a slash too many, and the framework's own requests
 * for what a page loads and where a link leads, which it answers itself, as text.
 */
const NO_ENDPOINT = /\/$|\/__route\.js$|(\/__|\.html__)data\.json$/;

/** What a page of another site can send without being asked first. */
const FORM = /^\s*(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)/i;

/**
 * @typedef {(
 *   request: import('node:http').IncomingMessage,
 *   response: import('node:http').ServerResponse
 * ) => unknown} Handler
 */

/**
 * @param {object} parts
 * @param {import('./site.js').Site} parts.site
 * @param {Readonly<Record<string, string>>} parts.headers Set on every response.
 * @param {Handler} parts.handler Answers the endpoints.
 * @param {(line: string) => void} parts.log
 * @returns {Handler}
 */
export function front({ site, headers, handler, log }) {
	return async (request, response) => {
		// It came behind an answer that was the last one of its connection.
		if (request.socket.writableEnded) {
			request.socket.destroy();
			return;
		}
		for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
		try {
			await answer(site, handler, request, response);
		} catch (error) {
			// The message may quote what was sent, so only the kind of the error is written down.
			log(`request failed: ${error instanceof Error ? error.name : typeof error}`);
			if (response.headersSent) response.destroy();
			else sendProblem(response, 'failed');
		}
	};
}

/**
 * @param {import('./site.js').Site} site
 * @param {Handler} handler
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(site, handler, request, response) {
	// HTTP 1.0 knows no Host, and probes of proxies still speak it.
	if (request.headers.host === undefined && request.httpVersion !== '1.0') {
		sendProblem(response, 'malformed', { Connection: 'close' });
		return;
	}
	const [sent = ''] = (request.url ?? '').split('?', 1);
	const path = decodedPath(sent);
	if (path === undefined) {
		if (sent.startsWith('/api')) sendProblem(response, 'not-found');
		else sendFile(request, response, site.notFound, 404);
		return;
	}
	if (path === '/healthz') {
		answerHealth(request, response);
		return;
	}
	const file = site.files.get(path);
	if (file !== undefined) {
		if (takes(PAGE_METHODS, request)) sendFile(request, response, file);
		else refuseMethod(response, PAGE_METHODS);
		return;
	}
	const page = path.replace(/\/$/, '');
	if (page !== path && site.files.has(page)) {
		response.writeHead(308, { Location: page }).end();
		return;
	}
	const endpoint = site.endpoints.find(({ pattern }) => pattern.test(path));
	if (endpoint !== undefined && !NO_ENDPOINT.test(path)) {
		await answerEndpoint(endpoint, handler, request, response);
	} else if (path === '/api' || path.startsWith('/api/')) {
		sendProblem(response, 'not-found');
	} else {
		sendFile(request, response, site.notFound, 404);
	}
}

/**
 * @param {import('./site.js').Endpoint} endpoint
 * @param {Handler} handler
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answerEndpoint({ methods }, handler, request, response) {
	if (!takes(methods, request)) {
		refuseMethod(response, methods);
		return;
	}
	// A few bytes could unpack to any size; nothing that talks to this server compresses.
	const encoding = request.headers['content-encoding'];
	if (encoding !== undefined && encoding !== 'identity') {
		sendProblem(response, 'media-type');
		return;
	}
	// The framework answers other sites' forms by itself, as text; no endpoint takes a form at all.
	if (FORM.test(request.headers['content-type'] ?? '')) {
		sendProblem(response, 'media-type');
		return;
	}
	if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) {
		sendProblem(response, 'too-large');
		return;
	}
	response.setHeader('Cache-Control', 'no-store');
	await nextTurn();
	// Whoever has gone meanwhile is answered by nobody.
	if (request.socket.destroyed) return;
	await handler(request, response);
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function answerHealth(request, response) {
	if (!takes(PAGE_METHODS, request)) {
		refuseMethod(response, PAGE_METHODS);
		return;
	}
	response.writeHead(200, { 'Cache-Control': 'no-store', 'Content-Type': 'application/json' });
	response.end(request.method === 'HEAD' ? undefined : '{"status":"ok"}');
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {readonly string[]} methods
 */
function refuseMethod(response, methods) {
	sendProblem(response, 'method', { Allow: methods.join(', ') });
}

/**
 * @param {readonly string[]} methods
 * @param {import('node:http').IncomingMessage} request
 */
function takes(methods, request) {
	return methods.includes(request.method ?? '');
}

/**
 * Decoded once, as the endpoints' patterns expect. What cannot be decoded names nothing, and neither
 * does what a URL parser would change: with `\` or `..` in it another program on the way, or the
 * handler itself, could take it for another path than this one.
 *
 * @param {string} path
 * @returns {string | undefined}
 */
function decodedPath(path) {
	const base = 'http://localhost';
	if (!URL.canParse(path, base) || new URL(path, base).pathname !== path) return undefined;
	try {
		return decodeURIComponent(path);
	} catch {
		return undefined;
	}
}
