/**
 * Answers what Node's HTTP parser refuses before there is a request: broken, slow or oversized
 * headers. Node would answer by itself, without our headers.
 */
import { STATUS_CODES } from 'node:http';

/** @type {Readonly<Record<string, number>>} */
const STATUS = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

/**
 * @param {import('node:http').Server} server
 * @param {Readonly<Record<string, string>>} headers
 */
export function refuseBrokenRequests(server, headers) {
	/** @type {WeakMap<import('node:stream').Duplex, import('node:http').ServerResponse>} */
	const responses = new WeakMap();
	server.prependListener('request', (request, response) => {
		responses.set(request.socket, response);
	});
	server.on('clientError', (/** @type {NodeJS.ErrnoException} */ error, socket) => {
		const begun = responses.get(socket);
		const unanswered = begun === undefined || begun.writableEnded || !begun.headersSent;
		if (socket.writable && unanswered) {
			socket.write(refusal(STATUS[error.code ?? ''] ?? 400, headers));
		}
		socket.destroy();
	});
	// `Expect:` with anything but 100-continue.
	server.on('checkExpectation', (_request, response) => {
		response.writeHead(417, { ...headers, Connection: 'close' }).end();
	});
}

/**
 * @param {number} status
 * @param {Readonly<Record<string, string>>} headers
 */
function refusal(status, headers) {
	const lines = Object.entries({ ...headers, Connection: 'close', 'Content-Length': '0' });
	return [
		`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
		...lines.map(([name, value]) => `${name}: ${value}`),
		'',
		''
	].join('\r\n');
}
