/**
 * The context: 66 bytes that say what a sealed record is, whose, which one and which revision.
 * They are authenticated with every record and never stored: both writer and reader build them
 * from what they expect, so a record out of place does not open. Norm: docs/protocol.md, 4.
 */
import { SUITE } from '#lib/crypto/suite.ts';
import { Writer } from '#lib/encoding/binary.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { idBytes, ID_BYTES, type Id } from '#lib/encoding/id.ts';
import { orFormat, ProtocolError } from '#lib/protocol/errors.ts';

export const CONTEXT_BYTES = 66;

/** 9 to 15 are reserved: identity, contacts, shared and machine wraps. */
export const PURPOSE = {
	slotWrap: 1,
	accountManifest: 2,
	vaultKeyWrap: 3,
	vaultManifest: 4,
	sheet: 5,
	secret: 6,
	settings: 7,
	note: 8
} as const;

interface ContextFields {
	/** One of {@link PURPOSE}. */
	readonly purpose: number;
	/** Of the account key or the vault key, from 1. */
	readonly generation: number;
	readonly account: Id;
	/** Zeros if omitted. */
	readonly scope?: Id;
	/** An id, or the 16 bytes of a slot's descriptor; zeros if omitted. */
	readonly object?: Id | Bytes;
	/** From 1. */
	readonly revision: number;
}

/** @throws {ProtocolError} `unsupported` for a purpose that is not in the table, `format` for a field of another size. */
export function context(fields: ContextFields): Bytes {
	const { purpose, generation, revision } = fields;
	if (!Object.values<number>(PURPOSE).includes(purpose)) {
		throw new ProtocolError('unsupported', 'purpose is reserved or unknown');
	}
	if (generation < 1 || revision < 1) {
		throw new ProtocolError('format', 'generations and revisions start at 1');
	}
	return orFormat(() =>
		new Writer()
			.bytes(utf8('KHv1'))
			.u8(SUITE)
			.u8(purpose)
			.u32(generation)
			.id(fields.account)
			.bytes(sixteen(fields.scope))
			.bytes(sixteen(fields.object))
			.u64(revision)
			.done()
	);
}

function sixteen(value: Id | Bytes | undefined): Bytes {
	if (value === undefined) return new Uint8Array(ID_BYTES);
	const bytes = typeof value === 'string' ? idBytes(value) : value;
	if (bytes.length !== ID_BYTES) throw new ProtocolError('format', 'context field of another size');
	return bytes;
}
