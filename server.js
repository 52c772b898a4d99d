/**
 * The server: plain JavaScript that Node runs as it is. It completes the environment, loads the
 * built program, and puts in front of it what a static file handler leaves out: security headers on
 * every response, limits on connections, refusals in the right shape, and an orderly stop.
 */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { refuseCrumbs } from './serve/crumbs.js';
import { completeEnvironment, StartFault } from './serve/environment.js';
import { front } from './serve/front.js';
import { securityHeaders } from './serve/headers.js';
import { lingerOnClose } from './serve/linger.js';
import { refuseBrokenRequests } from './serve/refusal.js';
import { readSite } from './serve/site.js';
import { closeProgram, stopOnSignal } from './serve/stop.js';

const LIMITS = {
	headersTimeout: 15_000,
	requestTimeout: 60_000,
	connectionsCheckingInterval: 5_000,
	// Longer than the 60 s for which common proxies keep a connection, so that they close first.
	keepAliveTimeout: 65_000,
	maxHeaderSize: 16 * 1024,
	// Refused by the front door, which sets the security headers; Node would not.
	requireHostHeader: false
};
/** A client that stopped reading or writing. */
const SILENCE_MS = 120_000;
const MAX_CONNECTIONS = 4_096;

const build = fileURLToPath(new URL('./build', import.meta.url));

/** Faults that the person who starts the server can put right: told without a stack. */
const TOLD = new Set(['StartFault', 'StartError', 'EnvError']);

// Database, log and secrets are for this user only.
process.umask(0o077);
try {
	await start();
} catch (error) {
	if (!(error instanceof Error)) throw error;
	const lines = TOLD.has(error.name) ? error.message : (error.stack ?? error.message);
	process.stderr.write(`Keyhold does not start.\n${lines}\n`);
	process.exitCode = 1;
	closeProgram('start');
}

async function start() {
	if (!existsSync(`${build}/handler.js`)) {
		throw new StartFault('There is no build. Run: npm ci && npm run build');
	}
	completeEnvironment(process.env, say);
	const { HOST: host = '', PORT: port = '', ORIGIN: origin = '' } = process.env;
	const site = readSite(build);
	const headers = securityHeaders(site.scriptHashes, origin.startsWith('https:'));

	const server = createServer(LIMITS);
	server.maxConnections = MAX_CONNECTIONS;
	server.setTimeout(SILENCE_MS);
	refuseBrokenRequests(server, headers);
	refuseCrumbs(server);
	lingerOnClose(server);
	stopOnSignal(server, say);
	server.on('request', front({ site, headers, handler: await loadHandler(), log: complain }));
	await listen(server, host, Number(port));
	say(`Keyhold listens on ${origin}${isDirect(origin, port) ? '' : ` (${host}:${port})`}`);
}

/** @returns {Promise<import('./serve/front.js').Handler>} */
async function loadHandler() {
	const built = /** @type {{ handler: (...parts: unknown[]) => unknown }} */ (
		await import(`${build}/handler.js`)
	);
	return (request, response) => built.handler(request, response, undefined);
}

/**
 * @param {import('node:http').Server} server
 * @param {string} host
 * @param {number} port
 * @returns {Promise<void>}
 */
function listen(server, host, port) {
	return new Promise((resolve, reject) => {
		server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
			reject(
				new StartFault(
					error.code === 'EADDRINUSE'
						? `Port ${port} of ${host} is taken by another program. Set PORT to a free one.`
						: `Cannot listen on ${host}:${port} (${error.code ?? error.message}). Check HOST and PORT.`
				)
			);
		});
		server.listen(port, host, resolve);
	});
}

/**
 * @param {string} origin
 * @param {string} port
 */
function isDirect(origin, port) {
	return origin === `http://localhost:${port}`;
}

/** @param {string} line */
function say(line) {
	process.stdout.write(`${line}\n`);
}

/** @param {string} line */
function complain(line) {
	process.stderr.write(`${line}\n`);
}
