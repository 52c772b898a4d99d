/**
 * Requests that arrive together, one in each turn of the event loop: five hundred at once would all be
 * begun before anybody who comes after them is even heard. The program has the same in
 * src/lib/server/turns.ts, for what is long in one request: it is built apart, and knows nothing of
 * this folder.
 */

/**
 * In the order in which they came.
 *
 * @type {(() => void)[]}
 */
const waiting = [];

/**
 * Resolves when it is the caller's turn, after all who asked before.
 *
 * @returns {Promise<void>}
 */
export function nextTurn() {
	return new Promise((resolve) => {
		if (waiting.push(resolve) === 1) setImmediate(giveTurn);
	});
}

function giveTurn() {
	waiting.shift()?.();
	if (waiting.length > 0) setImmediate(giveTurn);
}
