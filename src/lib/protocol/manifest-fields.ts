/**
 * What both manifests share: a magic and a version in front, a place in a chain, ids in strictly
 * ascending order. Norm: docs/protocol.md, 7 and 8.
 */
import type { Reader } from '#lib/encoding/binary.ts';
import { compare, equal, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { idBytes, type Id } from '#lib/encoding/id.ts';
import { ProtocolError, demand } from '#lib/protocol/errors.ts';

export const HASH_BYTES = 32;
export const MANIFEST_VERSION = 1;

const NONE = /* @__PURE__ */ new Uint8Array(HASH_BYTES);

/** 32 zero bytes: "no hash". */
export function noHash(): Bytes {
	return NONE.slice();
}

export function isNoHash(hash: Bytes): boolean {
	return equal(hash, NONE);
}

/** @throws {ProtocolError} `format` for other bytes, `unsupported` for a later version. */
export function readMagic(reader: Reader, magic: string): void {
	if (!equal(reader.bytes(4), utf8(magic))) throw new ProtocolError('format', 'not a manifest');
	if (reader.u8() !== MANIFEST_VERSION) {
		throw new ProtocolError('unsupported', 'manifest of another version');
	}
}

/** The first of a chain has no predecessor, every other one has. */
export function checkLink(seq: number, prev: Bytes): void {
	demand(seq >= 1, 'seq starts at 1');
	demand(isNoHash(prev) === (seq === 1), 'prev does not fit seq');
}

/** @throws {ProtocolError} `integrity` unless ids ascend, which also means that none comes twice. */
export function checkAscending(entries: readonly { readonly id: Id }[]): void {
	let last: Bytes | undefined;
	for (const { id } of entries) {
		const bytes = idBytes(id);
		demand(last === undefined || compare(last, bytes) < 0, 'list is not strictly ascending');
		last = bytes;
	}
}

/** `entries` in the order that {@link checkAscending} demands. */
export function ascending<T extends { readonly id: Id }>(entries: readonly T[]): T[] {
	return entries
		.map((entry) => ({ entry, bytes: idBytes(entry.id) }))
		.sort((a, b) => compare(a.bytes, b.bytes))
		.map(({ entry }) => entry);
}
