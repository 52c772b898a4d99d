/**
 * Ends the server without losing an answer: no new connections, the requests in flight are waited
 * for, then the program closes its database.
 */

/** Longer than any request may take to arrive and be answered. */
const PATIENCE_MS = 75_000;

/** A database that does not close by then never will; whatever was acknowledged is on the disk. */
const CLOSING_MS = 10_000;

/**
 * Stops on SIGTERM and SIGINT; a second signal ends the process at once.
 *
 * @param {import('node:http').Server} server
 * @param {(line: string) => void} say
 */
export function stopOnSignal(server, say) {
	/** @type {Set<import('node:http').ServerResponse>} */
	const inFlight = new Set();
	let stopping = false;

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
		if (stopping) process.exit(1);
		stopping = true;
		say(`Keyhold stops (${signal}); requests in flight: ${inFlight.size}`);
		for (const response of inFlight) response.shouldKeepAlive = false;
		const impatience = setTimeout(() => {
			server.closeAllConnections();
		}, PATIENCE_MS);
		server.close(() => {
			clearTimeout(impatience);
			void closeProgram(signal);
		});
		server.closeIdleConnections();
	};
	process.on('SIGTERM', stop);
	process.on('SIGINT', stop);
}

/**
 * Calls the listeners of `sveltekit:shutdown`, as Kit's own server does, and waits for them.
 *
 * @param {string} reason
 */
export async function closeProgram(reason) {
	setTimeout(() => process.exit(1), CLOSING_MS).unref();
	const listeners = process.listeners(/** @type {NodeJS.Signals} */ ('sveltekit:shutdown'));
	await Promise.all(
		listeners.map((listener) => /** @type {(reason: string) => unknown} */ (listener)(reason))
	);
	process.exit();
}
