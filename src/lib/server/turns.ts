/**
 * Long work in turns: ten thousand records are wrapped in half a second, and nobody else should
 * wait that long.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work of one turn, in bytes. */
const TURN_BYTES = 1024 * 1024;
/** What a record costs besides its bytes. */
const RECORD_BYTES = 8 * 1024;

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
