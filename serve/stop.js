/**
 * Ends the server without losing an answer: no new connections, the requests in flight are waited
 * for, then the program closes its database.
 */

/** Longer than any request may take to arrive and be answered, where the database is a file. */
const PATIENCE_MS = 75_000;

/** A browser opens connections ahead that say nothing; what was under way in them has come by then. */
const SILENT_MS = 1_000;

/** Ctrl+C under `npm start` comes twice: from the terminal, and passed on by npm. */
const SAME_SIGNAL_MS = 2_000;

/** What does not close by then never will; whatever was acknowledged is on the disk. */
const CLOSING_MS = 10_000;

/**
 * Stops on SIGTERM and SIGINT; a later second signal ends the process at once.
 *
 * @param {import('node:http').Server} server
 * @param {(line: string) => void} say
 */
export function stopOnSignal(server, say) {
	/** @type {Set<import('node:http').ServerResponse>} */
	const inFlight = new Set();
	/** @type {Set<import('node:net').Socket>} */
	const connections = new Set();
	let stopping = false;
	let stoppedAtMs = 0;

	server.on('connection', (socket) => {
		connections.add(socket);
		socket.once('close', () => connections.delete(socket));
	});

	server.prependListener('request', (_request, response) => {
		inFlight.add(response);
		if (stopping) response.shouldKeepAlive = false;
		response.once('close', () => {
			inFlight.delete(response);
			// A connection that was busy when the stop began has just become idle.
			if (stopping) server.closeIdleConnections();
		});
	});

	/** @param {NodeJS.Signals} signal */
	const stop = (signal) => {
		if (stopping) {
			if (Date.now() - stoppedAtMs > SAME_SIGNAL_MS) process.exit(1);
			return;
		}
		stopping = true;
		stoppedAtMs = Date.now();
		say(`Keyhold stops (${signal}); requests in flight: ${inFlight.size}`);
		for (const response of inFlight) response.shouldKeepAlive = false;
		const impatience = setTimeout(() => {
			server.closeAllConnections();
		}, PATIENCE_MS);
		// To Node they are not idle before their first request.
		const silence = setTimeout(() => {
			for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
		}, SILENT_MS);
		server.close(() => {
			clearTimeout(impatience);
			clearTimeout(silence);
			closeProgram(signal);
		});
		server.closeIdleConnections();
	};
	process.on('SIGTERM', stop);
	process.on('SIGINT', stop);
}

/**
 * Tells the program, as Kit's own server does, to close its database. The process ends by itself
 * when nothing is left to do.
 *
 * @param {string} reason
 */
export function closeProgram(reason) {
	setTimeout(() => process.exit(1), CLOSING_MS).unref();
	process.emit(/** @type {any} */ ('sveltekit:shutdown'), /** @type {any} */ (reason));
}
