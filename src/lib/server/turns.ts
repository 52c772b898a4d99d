/**
 * One thing at a time, and whoever comes newly in between: what all requests do is cut into turns of a
 * few milliseconds, and between two of them the event loop looks at timers and at what has arrived.
 *
 * `setImmediate` alone would not do: all that waits for it runs in one go, so of five hundred
 * requests each would have its turn before anybody else has one.
 */

/** Work of one turn, in bytes. */
const TURN_BYTES = 1024 * 1024;
/** What a record costs besides its bytes. */
const RECORD_BYTES = 8 * 1024;

/** Of this thread, as its event loop is. In the order in which they came. */
const waiting: (() => void)[] = [];

/** Resolves when it is the caller's turn, after all who asked before. */
export function nextTurn(): Promise<void> {
	return new Promise((resolve) => {
		if (waiting.push(resolve) === 1) setImmediate(giveTurn);
	});
}

function giveTurn(): void {
	waiting.shift()?.();
	if (waiting.length > 0) setImmediate(giveTurn);
}

/** Maps records to what they become, and lets other requests have a turn now and then. */
export async function inTurns<From extends { readonly blob: Uint8Array }, To>(
	records: readonly From[],
	become: (record: From) => To
): Promise<To[]> {
	const results: To[] = [];
	let bytes = 0;
	for (const record of records) {
		results.push(become(record));
		bytes += record.blob.length + RECORD_BYTES;
		if (bytes < TURN_BYTES) continue;
		bytes = 0;
		await nextTurn();
	}
	return results;
}
