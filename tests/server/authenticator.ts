/**
 * An authenticator written for tests: makes a passkey and proves with it (WebAuthn Level 2), in ES256
 * over `node:crypto` and in CBOR by hand, so that nothing of what checks it has made it.
 */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { Assertion, ChallengeReply, Proof } from '#lib/api/auth.ts';
import type { Attestation, NewPasskeySlot } from '#lib/api/slots.ts';
import { decode, encode } from '#lib/encoding/base64url.ts';
import { challengeMessage } from '#lib/encoding/challenge.ts';
import { concat, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { ORIGIN } from './host.ts';
import { newId, random, sha256 } from './material.ts';

/** How one touch differs from an honest one. */
export interface Touch {
	readonly origin?: string;
	/** What the browser says the touch is for. */
	readonly type?: string;
	readonly rpId?: string;
	readonly userPresent?: boolean;
	readonly userVerified?: boolean;
	readonly count?: number;
	readonly crossOrigin?: boolean;
	/** Of an attestation. */
	readonly format?: 'none' | 'packed' | 'certified' | 'fido-u2f';
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;
const ES256 = -7;

export class Authenticator {
	readonly credential = random(32);
	readonly slot = newId();
	readonly wrap = random(117);
	readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	/** Touches so far; 0 for ever in one that does not count. */
	count: number;

	constructor(readonly counts = true) {
		this.count = counts ? 1 : 0;
	}

	/** The slot that enrols this passkey. */
	enrolled(touch: Touch = {}): NewPasskeySlot {
		const attestation = this.attestation(touch);
		return { id: this.slot, kind: 3, revision: 1, attestation, wrap: this.wrap };
	}

	attestation(touch: Touch = {}): Attestation {
		const clientData = clientDataOf('webauthn.create', random(32), touch);
		const authData = concat(
			this.#data(touch, ATTESTED),
			new Uint8Array(16),
			Uint8Array.of(0, this.credential.length),
			this.credential,
			this.#coseKey()
		);
		const { format = 'none' } = touch;
		const signature = this.#sign(concat(authData, sha256(clientData)));
		const statement = {
			none: map(),
			packed: map([text('alg'), negative(ES256)], [text('sig'), bytes(signature)]),
			certified: map(
				[text('alg'), negative(ES256)],
				[text('sig'), bytes(signature)],
				[text('x5c'), array(bytes(random(300)))]
			),
			'fido-u2f': map([text('sig'), bytes(signature)], [text('x5c'), array(bytes(random(300)))])
		}[format];
		const attestationObject = map(
			[text('fmt'), text(format === 'certified' ? 'packed' : format)],
			[text('attStmt'), statement],
			[text('authData'), bytes(authData)]
		);
		return { clientData, attestationObject };
	}

	/** One touch more. */
	assertion(challenge: Bytes, touch: Touch = {}): Assertion {
		if (this.counts) this.count++;
		const clientData = clientDataOf('webauthn.get', challenge, touch);
		const authenticatorData = this.#data(touch, 0);
		const signature = this.#sign(concat(authenticatorData, sha256(clientData)));
		return { credential: this.credential, clientData, authenticatorData, signature };
	}

	/** A proof over a challenge of this host. */
	proof(
		challenge: ChallengeReply,
		purpose: number,
		{ actionHash = new Uint8Array(32), ...touch }: Touch & { actionHash?: Bytes } = {}
	): Proof {
		const message = challengeMessage({ ...challenge, purpose, origin: ORIGIN, actionHash });
		return { token: challenge.token, assertion: this.assertion(sha256(message), touch) };
	}

	#data(touch: Touch, more: number): Bytes {
		const { rpId = new URL(ORIGIN).hostname, userPresent = true, userVerified = true } = touch;
		const flags = (userPresent ? USER_PRESENT : 0) | (userVerified ? USER_VERIFIED : 0) | more;
		const counted = new Uint8Array(4);
		new DataView(counted.buffer).setUint32(0, touch.count ?? this.count);
		return concat(hash(rpId), Uint8Array.of(flags), counted);
	}

	#coseKey(): Bytes {
		const { x = '', y = '' } = this.#key.publicKey.export({ format: 'jwk' });
		return map(
			[whole(1), whole(2)],
			[whole(3), negative(ES256)],
			[negative(-1), whole(1)],
			[negative(-2), bytes(decode(x))],
			[negative(-3), bytes(decode(y))]
		);
	}

	#sign(message: Bytes): Bytes {
		return new Uint8Array(sign('sha256', message, this.#key.privateKey));
	}
}

function clientDataOf(usual: string, challenge: Bytes, touch: Touch): Bytes {
	const { origin = ORIGIN, type = usual, crossOrigin = false } = touch;
	return utf8(JSON.stringify({ type, challenge: encode(challenge), origin, crossOrigin }));
}

function hash(input: string): Bytes {
	return new Uint8Array(createHash('sha256').update(input).digest());
}

/** The head of a CBOR item (RFC 8949, 3): its major type, and a number up to 65,535. */
function head(major: number, value: number): Bytes {
	if (value < 24) return Uint8Array.of((major << 5) | value);
	if (value < 256) return Uint8Array.of((major << 5) | 24, value);
	return Uint8Array.of((major << 5) | 25, value >> 8, value & 255);
}

function whole(value: number): Bytes {
	return head(0, value);
}

function negative(value: number): Bytes {
	return head(1, -1 - value);
}

function bytes(value: Bytes): Bytes {
	return concat(head(2, value.length), value);
}

function text(value: string): Bytes {
	return concat(head(3, value.length), utf8(value));
}

function array(...items: readonly Bytes[]): Bytes {
	return concat(head(4, items.length), ...items);
}

function map(...entries: readonly (readonly [Bytes, Bytes])[]): Bytes {
	return concat(head(5, entries.length), ...entries.flat());
}
