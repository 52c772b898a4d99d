/**
 * The slot of everyone who has no account: its values are unwrapped and its key is tried, so that
 * an unknown email costs the same work as a known one. Nobody holds its private key.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { decode } from '#lib/encoding/base64url.ts';
import { concat, fromHex, type Bytes } from '#lib/encoding/bytes.ts';
import { NO_SALT, placeOf, type SlotRow } from '#lib/server/slots.ts';
import type { Wrapper } from '#lib/server/wrap/wrapper.ts';

/** The columns that a challenge and a proof open. */
export type Decoy = Pick<
	SlotRow,
	| 'account'
	| 'id'
	| 'profile'
	| 'salt'
	| 'authPublicKey'
	| 'credential'
	| 'credentialKey'
	| 'signCount'
>;

/** A COSE key of P-256 for ES256 (RFC 9053, 7.1.1), up to its x and between its x and y. */
const COSE_PREFIX = fromHex('a5010203262001215820');
const COSE_MIDDLE = fromHex('225820');
const CREDENTIAL_BYTES = 32;

export function openDecoy(wrapper: Wrapper): Decoy {
	const { publicKey } = generateKeyPairSync('ed25519');
	const { x = '' } = publicKey.export({ format: 'jwk' });
	const [account, id] = ['decoy', 'decoy'];
	const credential = new Uint8Array(randomBytes(CREDENTIAL_BYTES));
	return {
		account,
		id,
		profile: wrapper.wrap(placeOf([account, id], 'profile'), Uint8Array.of(1)),
		salt: wrapper.wrap(placeOf([account, id], 'salt'), NO_SALT),
		authPublicKey: wrapper.wrap(placeOf([account, id], 'auth_public_key'), decode(x)),
		credential: wrapper.wrap(placeOf([account, id], 'credential'), credential),
		credentialKey: wrapper.wrap(placeOf([account, id], 'credential_key'), credentialKey()),
		signCount: 0
	};
}

function credentialKey(): Bytes {
	const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
	return concat(COSE_PREFIX, decode(x), COSE_MIDDLE, decode(y));
}
