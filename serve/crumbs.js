/**
 * Bodies in crumbs. Each piece of a body costs an object and some turns of the event loop, however
 * small it is, and a chunk may be one byte: a few megabytes of such chunks would keep everybody
 * waiting for minutes, and fill the memory with what a limit of bytes does not see.
 */

/** Pieces that may be of any size: an honest client that writes its body line by line has no more. */
const FREE_PIECES = 256;
/** What those beyond must hold on average. The smallest packet of a network holds twice as much. */
const LEAST_BYTES = 256;

/**
 * Refuses such a body as a broken request, before anything of it is kept.
 *
 * @param {import('node:http').Server} server One that answers broken requests; see refusal.js.
 */
export function refuseCrumbs(server) {
	server.prependListener('request', (request, response) => {
		let pieces = 0;
		let bytes = 0;
		let refused = false;
		const push = request.push.bind(request);
		// What Node's parser calls with every piece, also where nobody reads yet.
		request.push = (/** @type {Buffer | null} */ piece) => {
			if (refused) return false;
			if (piece === null) return push(piece);
			pieces++;
			bytes += piece.length;
			if (pieces <= FREE_PIECES + bytes / LEAST_BYTES) return push(piece);
			refused = true;
			// Whoever was answered before all of it came gets no second answer.
			if (response.headersSent) request.socket.destroy();
			else server.emit('clientError', new Error('a body in crumbs'), request.socket);
			return false;
		};
	});
}
