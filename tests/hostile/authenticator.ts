/**
 * An authenticator as WebAuthn describes it, with the PRF extension, written for the tests with
 * node:crypto alone: ES256, user verification, no attestation.
 */
import { createHash, createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type {
	NewPasskey,
	PasskeyAnswer,
	PasskeyOffer,
	PasskeyRequest
} from '#lib/keyholder/views.ts';

interface Held {
	readonly id: Buffer;
	readonly userHandle: Bytes;
	readonly key: KeyObject;
	readonly prfKey: Buffer;
	counter: number;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

export class Authenticator {
	readonly held: Held[] = [];
	userVerified = true;
	/** What the browser says where it is. */
	origin: string;

	constructor(origin: string) {
		this.origin = origin;
	}

	/** `navigator.credentials.create`. */
	make({ challenge, userHandle, prfInput }: PasskeyOffer): Omit<NewPasskey, 'name'> {
		const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
		const id = randomBytes(32);
		const made = { id, userHandle, key: privateKey, prfKey: randomBytes(32), counter: 0 };
		this.held.push(made);
		const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
		const length = Buffer.alloc(2);
		length.writeUInt16BE(id.length);
		const cose = [
			Buffer.from('a5010203262001215820', 'hex'),
			Buffer.from(x, 'base64url'),
			Buffer.from('225820', 'hex'),
			Buffer.from(y, 'base64url')
		];
		const data = Buffer.concat([
			this.#data(made, HAS_CREDENTIAL),
			Buffer.alloc(16),
			length,
			id,
			...cose
		]);
		return {
			credential: bytes(id),
			clientData: bytes(this.#clientData('webauthn.create', challenge)),
			attestationObject: bytes(
				Buffer.concat([
					Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex'),
					Buffer.of(0x58, data.length),
					data
				])
			),
			prf: prfOf(made, prfInput)
		};
	}

	/** `navigator.credentials.get`. */
	touch({ challenge, prfInput, allowed }: PasskeyRequest): PasskeyAnswer {
		const held = this.held.findLast(
			({ id }) => allowed.length === 0 || allowed.some((each) => id.equals(each))
		);
		if (held === undefined) throw new Error('no such passkey');
		held.counter++;
		const clientData = this.#clientData('webauthn.get', challenge);
		const authenticatorData = this.#data(held, 0);
		const signed = Buffer.concat([authenticatorData, sha256(clientData)]);
		return {
			credential: bytes(held.id),
			clientData: bytes(clientData),
			authenticatorData: bytes(authenticatorData),
			signature: bytes(sign('sha256', signed, held.key)),
			userHandle: held.userHandle,
			prf: prfOf(held, prfInput)
		};
	}

	#clientData(type: string, challenge: Bytes): Buffer {
		const { origin } = this;
		return Buffer.from(
			JSON.stringify({ type, challenge: Buffer.from(challenge).toString('base64url'), origin })
		);
	}

	#data({ counter }: Held, flags: number): Buffer {
		const count = Buffer.alloc(4);
		count.writeUInt32BE(counter);
		const seen = USER_PRESENT | (this.userVerified ? USER_VERIFIED : 0);
		return Buffer.concat([
			sha256(Buffer.from(new URL(this.origin).hostname)),
			Buffer.of(flags | seen),
			count
		]);
	}
}

/** As CTAP's hmac-secret, of which WebAuthn's PRF is made. */
function prfOf({ prfKey }: Held, input: Bytes): Bytes {
	const salt = sha256(Buffer.concat([Buffer.from('WebAuthn PRF\0'), input]));
	return bytes(createHmac('sha256', prfKey).update(salt).digest());
}

function sha256(data: Buffer): Buffer {
	return createHash('sha256').update(data).digest();
}

function bytes(buffer: Buffer): Bytes {
	return new Uint8Array(buffer);
}
