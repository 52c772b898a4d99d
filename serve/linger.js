/**
 * Lets an early answer arrive. Who closes a connection on which a body still comes makes the kernel
 * reset it, and the client loses the answer that would have told it why. So the rest is read and
 * dropped for a moment, whoever asked for the connection to be closed (RFC 9112, 9.6).
 */

/** How long the rest of a body is dropped. */
const LINGER_MS = 5_000;

/** @param {import('node:http').Server} server */
export function lingerOnClose(server) {
	/** @type {WeakMap<import('node:net').Socket, import('node:http').IncomingMessage>} */
	const newest = new WeakMap();

	server.on('connection', (socket) => {
		const closeSoon = socket.destroySoon.bind(socket);
		// What Node calls after the last answer of a connection.
		socket.destroySoon = () => {
			const request = newest.get(socket);
			if (request === undefined || request.complete) {
				closeSoon();
				return;
			}
			// The client sees the end of the answers; what it sends is still taken.
			socket.end();
			request.once('close', closeSoon);
		};
	});

	server.prependListener('request', (request, response) => {
		newest.set(request.socket, request);
		response.once('finish', () => {
			if (!request.complete) drop(request);
		});
	});
}

/** @param {import('node:http').IncomingMessage} request */
function drop(request) {
	request.removeAllListeners('data');
	request.resume();
	const timer = setTimeout(() => request.destroy(), LINGER_MS);
	request.once('close', () => {
		clearTimeout(timer);
	});
}
