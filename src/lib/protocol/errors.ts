/** What goes wrong with a record of the protocol. Norm: docs/protocol.md, 11. */
import { EncodingError } from '#lib/encoding/bytes.ts';

export class ProtocolError extends Error {
	override readonly name = 'ProtocolError';

	/**
	 * `format`: lengths and encodings. `unsupported`: a version, purpose or kind that this client
	 * does not know. `integrity`: a field or list does not match. `rollback`: older than what
	 * this device has seen. `fork`: not a continuation of it.
	 */
	constructor(
		readonly code: 'format' | 'unsupported' | 'integrity' | 'rollback' | 'fork' | 'clock',
		message: string
	) {
		super(message);
	}
}

/** Runs `read`; what it finds misencoded is `format`. */
export function orFormat<T>(read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (error instanceof EncodingError) throw new ProtocolError('format', error.message);
		throw error;
	}
}

/** @throws {ProtocolError} `integrity` unless `holds`. */
export function demand(holds: boolean, message: string): asserts holds {
	if (!holds) throw new ProtocolError('integrity', message);
}
