/** Column types: bytes as the program knows them, and bytes that must be wrapped first. */
import { customType } from 'drizzle-orm/sqlite-core';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Wrapped } from '#lib/server/wrap/wrapper.ts';

/** Bytes that say nothing about anyone: hashes of sealed bytes, MACs. */
export const bytes = customType<{ data: Bytes; driverData: Buffer }>({
	dataType: () => 'blob',
	toDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.length),
	fromDriver: (value) => new Uint8Array(value)
});

/** A Fernet token; see wrap/wrapper.ts. */
export const wrapped = customType<{ data: Wrapped; driverData: Buffer }>({
	dataType: () => 'blob',
	toDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.length),
	fromDriver: (value) => new Uint8Array(value) as Wrapped
});
