/**
 * What every message on the wire is made of. In JSON bytes are canonical base64url; in the
 * program they are `Bytes`: `z.decode` reads a message, `z.encode` writes one. Ids stay text,
 * because both sides only ever compare them.
 */
import { decode, encode } from '#lib/encoding/base64url.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { z } from '#lib/api/zod.ts';

/**
 * Base64url text of `min` to `max` bytes <-> those bytes. The published description names its letters;
 * that a text has no others is what decoding it finds.
 */
export function bytesBetween(min: number, max: number) {
	const text = z
		.string()
		.check(
			z.minLength(textLength(min)),
			z.maxLength(textLength(max)),
			z.meta({ pattern: '^[A-Za-z0-9_-]*$' })
		);
	return z.codec(
		text,
		z.custom<Bytes>((value) => value instanceof Uint8Array),
		{
			decode: (value, context) => {
				try {
					return decode(value);
				} catch {
					context.issues.push({ code: 'custom', message: 'not canonical', input: value });
					return z.NEVER;
				}
			},
			// A list with bounds is written twice, at first without any check: what is of another shape
			// of a union comes here as well.
			encode: (value, context) => {
				if (value instanceof Uint8Array) return encode(value);
				context.issues.push({ code: 'custom', message: 'not bytes', input: value });
				return z.NEVER;
			}
		}
	);
}

/** Base64url text of exactly `length` bytes <-> those bytes. */
export function bytesOf(length: number) {
	return bytesBetween(length, length);
}

/** 16 random bytes made by a client, as 22 characters of canonical base64url. */
export const Id = z.string().check(z.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/));
export type Id = z.infer<typeof Id>;

/** A place in a chain of manifests, from 1. JSON integers end at 2^53 - 1. */
export const Seq = z.int().check(z.minimum(1));
/** A generation of a key, from 1, an u32. */
export const Generation = z.int().check(z.minimum(1), z.maximum(0xffff_ffff));
/** Milliseconds since 1970. */
export const UnixMs = z.int().check(z.minimum(0));
export const Hash = bytesOf(32);

function textLength(bytes: number): number {
	return Math.ceil((bytes * 4) / 3);
}
