/**
 * The slot of everyone who has no account: its values are unwrapped and its key is tried, so that
 * an unknown email costs the same work as a known one. Nobody holds its private key.
 */
import { generateKeyPairSync } from 'node:crypto';
import { decode } from '#lib/encoding/base64url.ts';
import { NO_SALT, placeOf, type SlotRow } from '#lib/server/slots.ts';
import type { Wrapper } from '#lib/server/wrap/wrapper.ts';

/** The columns that a challenge and a proof open. */
export type Decoy = Pick<SlotRow, 'account' | 'id' | 'profile' | 'salt' | 'authPublicKey'>;

export function openDecoy(wrapper: Wrapper): Decoy {
	const { publicKey } = generateKeyPairSync('ed25519');
	const { x = '' } = publicKey.export({ format: 'jwk' });
	const [account, id] = ['decoy', 'decoy'];
	return {
		account,
		id,
		profile: wrapper.wrap(placeOf([account, id], 'profile'), Uint8Array.of(1)),
		salt: wrapper.wrap(placeOf([account, id], 'salt'), NO_SALT),
		authPublicKey: wrapper.wrap(placeOf([account, id], 'auth_public_key'), decode(x))
	};
}
