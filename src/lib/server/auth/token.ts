/**
 * Challenge tokens: every field of a challenge and the server's MAC over them. The server keeps
 * nothing about a challenge until it is used up, so asking for many fills no table.
 */
import { equal, concat, fromUtf8, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { Reader, Writer } from '#lib/encoding/binary.ts';
import { ID_BYTES, idText, type Id } from '#lib/encoding/id.ts';
import type { ServerKeys } from '#lib/server/wrap/server-keys.ts';

const VERSION = 1;
const MAC_BYTES = 32;
const SALT_BYTES = 16;
const CHALLENGE_BYTES = 32;

/** Account and slot of a challenge that names nobody: a sign-in by passkey. */
export const NO_ID: Id = idText(new Uint8Array(ID_BYTES));

export interface ChallengeTicket {
	readonly purpose: number;
	readonly account: Id;
	readonly slot: Id;
	readonly kind: number;
	readonly profile: number;
	readonly salt: Bytes;
	readonly challenge: Bytes;
	readonly expiresAtMs: number;
	readonly origin: string;
}

export function sealToken(keys: ServerKeys, ticket: ChallengeTicket): Bytes {
	const fields = new Writer()
		.u8(VERSION)
		.u8(ticket.purpose)
		.id(ticket.account)
		.id(ticket.slot)
		.u8(ticket.kind)
		.u8(ticket.profile)
		.bytes(ticket.salt)
		.bytes(ticket.challenge)
		.u64(ticket.expiresAtMs)
		.prefixed(utf8(ticket.origin))
		.done();
	return concat(fields, keys.challenge(fields));
}

/** `undefined` unless this server made the token. Expiry, origin and purpose are the caller's to check. */
export function openToken(keys: ServerKeys, token: Bytes): ChallengeTicket | undefined {
	if (token.length <= MAC_BYTES) return undefined;
	const fields = token.slice(0, -MAC_BYTES);
	if (!equal(keys.challenge(fields), token.slice(-MAC_BYTES))) return undefined;
	const reader = new Reader(fields);
	if (reader.u8() !== VERSION) return undefined;
	const ticket = {
		purpose: reader.u8(),
		account: reader.id(),
		slot: reader.id(),
		kind: reader.u8(),
		profile: reader.u8(),
		salt: reader.bytes(SALT_BYTES),
		challenge: reader.bytes(CHALLENGE_BYTES),
		expiresAtMs: reader.u64(),
		origin: fromUtf8(reader.bytes(reader.u16()))
	};
	reader.end();
	return ticket;
}
