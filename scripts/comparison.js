/**
 * Compares what a running server delivers with a list of what it should: each file in each of the
 * encodings that a browser may ask for, the page for addresses that are none, and the headers.
 */
import { createHash, randomBytes } from 'node:crypto';
import { LIST_PATH } from '../serve/delivered.js';

/** A server could deliver other bytes to who takes them compressed. */
const ENCODINGS = ['identity', 'gzip', 'br'];
const AT_ONCE = 8;
const ANSWERS_WITHIN_MS = 60_000;
const LIST_BYTES = 1024 * 1024;
const SHOWN_CHARACTERS = 160;
const HSTS = 'strict-transport-security';

/** What servers and proxies add, and what no browser acts upon. */
const HARMLESS = [
	'accept-ranges',
	'age',
	'alt-svc',
	'cache-control',
	'connection',
	'content-encoding',
	'content-length',
	'content-type',
	'date',
	'etag',
	'keep-alive',
	'last-modified',
	'server',
	'transfer-encoding',
	'vary',
	'via'
];

/** The server could not be asked: nothing is known of it. */
export class Unreachable extends Error {
	/** @override */
	name = 'Unreachable';
}

/**
 * @typedef {import('../serve/delivered.js').DeliveredList} DeliveredList
 * @typedef {import('../serve/delivered.js').DeliveredFile} DeliveredFile
 *
 * @typedef {object} Question
 * @property {string} path
 * @property {string} encoding
 * @property {number} status
 * @property {DeliveredFile} [file] Without it only the headers are looked at.
 *
 * @typedef {object} Server
 * @property {string} origin
 * @property {DeliveredList} list
 * @property {readonly string[]} allowed Headers that may stand on responses besides those listed.
 */

/**
 * @param {Server} server
 * @returns {Promise<string[]>} One sentence for each difference; none means the same.
 * @throws {Unreachable}
 */
export async function compare(server) {
	const { files, notFound } = server.list;
	const nowhere = `/${randomBytes(8).toString('hex')}`;
	/** @type {Question[]} */
	const questions = [
		{ path: '/healthz', encoding: 'identity', status: 200 },
		{ path: `/api${nowhere}`, encoding: 'identity', status: 404 },
		...ENCODINGS.flatMap((encoding) => [
			{ path: nowhere, encoding, status: 404, file: notFound },
			...Object.entries(files).map(([path, file]) => ({ path, encoding, status: 200, file }))
		])
	];
	const differences = [await listDifference(server)];
	for (let at = 0; at < questions.length; at += AT_ONCE) {
		const some = questions.slice(at, at + AT_ONCE);
		differences.push(...(await Promise.all(some.map((question) => ask(server, question)))).flat());
	}
	return differences.filter((difference) => difference !== undefined);
}

/** @param {Server} server */
async function listDifference({ origin, list }) {
	const response = await request(origin, LIST_PATH, 'identity');
	const text = Buffer.from(await bodyOf(response, LIST_BYTES)).toString();
	if (text === `${JSON.stringify(list, null, '\t')}\n`) return undefined;
	const version = /"version":\s*"([\w.+-]{1,40})"/.exec(text)?.[1];
	return version === undefined || version === list.version
		? `${LIST_PATH}: the server's own list is another one`
		: `${LIST_PATH}: the server says that it is version ${version}`;
}

/**
 * @param {Server} server
 * @param {Question} question
 */
async function ask(server, { path, encoding, status, file }) {
	const response = await request(server.origin, path, encoding);
	const faults = headerFaults(server, response.headers);
	if (response.status !== status) faults.push(`it answers ${response.status}, not ${status}`);
	else if (file !== undefined) faults.push(...(await contentFaults(response, encoding, file)));
	else await response.body?.cancel();
	const place = encoding === 'identity' ? path : `${path} (${encoding})`;
	return faults.map((fault) => `${place}: ${fault}`);
}

/**
 * @param {Response} response
 * @param {string} encoding
 * @param {DeliveredFile} file
 */
async function contentFaults(response, encoding, file) {
	const faults = [];
	const type = response.headers.get('content-type') ?? 'none';
	if (type !== file.type) faults.push(`its type is ${shown(type)}, not ${shown(file.type)}`);
	const sent = response.headers.get('content-encoding') ?? 'identity';
	if (sent !== encoding && sent !== 'identity') {
		faults.push(`it comes as ${shown(sent)}, which nobody asked for`);
		return faults;
	}
	try {
		const body = await bodyOf(response, file.bytes);
		const sha256 = createHash('sha256').update(body).digest('hex');
		if (sha256 !== file.sha256) faults.push('its bytes are others');
	} catch {
		faults.push('its bytes cannot be read');
	}
	return faults;
}

/**
 * @param {Server} server
 * @param {Headers} headers
 */
function headerFaults({ origin, list, allowed }, headers) {
	const faults = [];
	const expected = Object.entries(list.headers).map(
		([name, value]) => /** @type {const} */ ([name.toLowerCase(), value])
	);
	for (const [name, value] of expected) {
		const sent = headers.get(name);
		if (name === HSTS && (origin.startsWith('http:') || extendsHsts(sent, value))) continue;
		if (sent !== value) {
			faults.push(`the header ${name} is ${sent === null ? 'missing' : shown(sent)}`);
		}
	}
	const known = new Set([...expected.map(([name]) => name), ...HARMLESS, ...allowed]);
	for (const [name, value] of headers) {
		if (!known.has(name)) faults.push(`there is a header ${shown(name)}: ${shown(value)}`);
	}
	return faults;
}

/**
 * A proxy may speak for the names under this one too.
 *
 * @param {string | null} sent
 * @param {string} listed
 */
function extendsHsts(sent, listed) {
	return sent !== null && [listed, `${listed}; includeSubDomains`].includes(sent);
}

/**
 * @param {string} origin
 * @param {string} path
 * @param {string} encoding
 */
async function request(origin, path, encoding) {
	try {
		return await fetch(origin + path, {
			redirect: 'manual',
			headers: { 'accept-encoding': encoding },
			signal: AbortSignal.timeout(ANSWERS_WITHIN_MS)
		});
	} catch (error) {
		const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
		const code = cause instanceof Error && 'code' in cause ? cause.code : cause;
		throw new Unreachable(`${origin} could not be reached: ${shown(String(code))}`);
	}
}

/**
 * The body, read no further than one byte too many.
 *
 * @param {Response} response
 * @param {number} limit
 */
async function bodyOf(response, limit) {
	const chunks = [];
	let length = 0;
	for await (const chunk of response.body ?? []) {
		chunks.push(chunk);
		length += chunk.length;
		if (length > limit) break;
	}
	return Buffer.concat(chunks);
}

/**
 * What a server says, fit for a terminal.
 *
 * @param {string} text
 */
function shown(text) {
	const cut = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
	return `“${cut.replaceAll(/[^ -~…]/g, '?')}”`;
}
