/** What the reference server checks of passkeys (WebAuthn, 7.1 and 7.2), with node:crypto alone. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { messageOf, type Challenge } from './reference-proofs.ts';
import type { Json } from './reference-records.ts';

export interface StoredCredential {
	/** As base64url. */
	readonly credential: string;
	/** Coordinates of a P-256 key. */
	readonly x: string;
	readonly y: string;
	counter: number;
}

const FLAGS_AT = 32;
const COUNTER_AT = 33;
const LENGTH_AT = 53;
const ID_AT = 55;
const USER_VERIFIED = 0x04;

/** @returns undefined if it is not one of this origin, by a person who was verified. */
export function credentialIn(attestation: Json, origin: string): StoredCredential | undefined {
	const object = Buffer.from(String(attestation['attestationObject']), 'base64url');
	const mark = Buffer.from('authData');
	// Behind the name stand the type and the length, two bytes of CBOR.
	const data = object.subarray(object.indexOf(mark) + mark.length + 2);
	if (!isOurs(data, origin)) return undefined;
	const client = clientDataIn(attestation);
	if (client['type'] !== 'webauthn.create' || client['origin'] !== origin) return undefined;
	const end = ID_AT + data.readUInt16BE(LENGTH_AT);
	return {
		credential: data.subarray(ID_AT, end).toString('base64url'),
		x: data.subarray(end + 10, end + 42).toString('base64url'),
		y: data.subarray(end + 45, end + 77).toString('base64url'),
		counter: data.readUInt32BE(COUNTER_AT)
	};
}

/** Whether `assertion` answers `challenge`; then its counter is noted. */
export function asserts(
	stored: StoredCredential,
	assertion: Json,
	challenge: Challenge,
	origin: string,
	action?: Parameters<typeof messageOf>[2]
): boolean {
	const data = Buffer.from(String(assertion['authenticatorData']), 'base64url');
	if (!isOurs(data, origin)) return false;
	const client = clientDataIn(assertion);
	const expected = sha256(messageOf(challenge, origin, action)).toString('base64url');
	if (client['type'] !== 'webauthn.get' || client['origin'] !== origin) return false;
	if (client['challenge'] !== expected) return false;
	const counter = data.readUInt32BE(COUNTER_AT);
	if (counter <= stored.counter && counter + stored.counter > 0) return false;
	const signed = Buffer.concat([
		data,
		sha256(Buffer.from(String(assertion['clientData']), 'base64url'))
	]);
	const { x, y } = stored;
	const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
	const signature = Buffer.from(String(assertion['signature']), 'base64url');
	if (!verify('sha256', signed, key, signature)) return false;
	stored.counter = counter;
	return true;
}

function isOurs(data: Buffer, origin: string): boolean {
	const host = sha256(Buffer.from(new URL(origin).hostname));
	const flags = data[FLAGS_AT] ?? 0;
	return data.subarray(0, 32).equals(host) && (flags & USER_VERIFIED) !== 0;
}

function clientDataIn(answer: Json): Json {
	return JSON.parse(Buffer.from(String(answer['clientData']), 'base64url').toString()) as Json;
}

function sha256(data: Buffer): Buffer {
	return createHash('sha256').update(data).digest();
}
