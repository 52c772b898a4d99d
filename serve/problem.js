/**
 * Refusals that never reach an endpoint. Their shape is `Problem` of src/lib/api/problems.ts, which
 * plain Node cannot import; tests/build parses what is sent here with it.
 */

const PROBLEMS = /** @type {const} */ ({
	malformed: { status: 400, title: 'The request is not one that this server takes' },
	'not-found': { status: 404, title: 'There is nothing here' },
	method: { status: 405, title: 'This method is not for this address' },
	'too-large': { status: 413, title: 'The request is too large' },
	'media-type': { status: 415, title: 'The request must be JSON, and not compressed' },
	failed: { status: 500, title: 'The server failed' }
});

/**
 * @param {import('node:http').ServerResponse} response
 * @param {keyof typeof PROBLEMS} code
 * @param {Readonly<Record<string, string>>} [headers]
 */
export function sendProblem(response, code, headers = {}) {
	const { status, title } = PROBLEMS[code];
	const body = JSON.stringify({ type: 'about:blank', title, status, code });
	response.writeHead(status, {
		'Cache-Control': 'no-store',
		...headers,
		'Content-Type': 'application/problem+json',
		'Content-Length': Buffer.byteLength(body)
	});
	response.end(body);
}
