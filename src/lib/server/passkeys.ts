/**
 * Passkeys: what an authenticator says when it makes a credential, and when it proves with one
 * (WebAuthn Level 2, 7.1 and 7.2). Whatever is wrong with either is `undefined`.
 *
 * The origin is this server's own, the relying party its host name, and the authenticator must have
 * verified its user: a passkey is both factors at once. Norm: docs/protocol.md, 3 and 9.
 */
import {
	verifyAuthenticationResponse,
	verifyRegistrationResponse,
	type WebAuthnCredential
} from '@simplewebauthn/server';
import { decodeAttestationObject } from '@simplewebauthn/server/helpers';
import type { Assertion } from '#lib/api/auth.ts';
import { CredentialId, type Attestation } from '#lib/api/slots.ts';
import { z } from '#lib/api/zod.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { fromUtf8, type Bytes } from '#lib/encoding/bytes.ts';

/** EdDSA, ES256, RS256: what the client asks for (COSE, RFC 9053). */
const ALGORITHMS = [-8, -7, -257];

/** Asked for beside the attestation object and not looked at: the id that counts stands in that. */
const UNREAD = 'AA';

/** What the server keeps of a credential. */
export interface Credential {
	readonly id: Bytes;
	/** COSE public key. */
	readonly key: Bytes;
	/** What the authenticator counted last; 0 if it does not count. */
	readonly signCount: number;
}

/**
 * The credential that was made for `origin`.
 *
 * Its challenge may be any: the client draws it, because the owner's proof covers the request that
 * this travels in, byte for byte, and so says more than a challenge of the server's would.
 */
export async function attested(
	origin: string,
	{ clientData, attestationObject }: Attestation
): Promise<Credential | undefined> {
	try {
		if (inAFrame(clientData) || !isPlain(attestationObject)) return undefined;
		const { registrationInfo } = await verifyRegistrationResponse({
			response: {
				id: UNREAD,
				rawId: UNREAD,
				type: 'public-key',
				clientExtensionResults: {},
				response: {
					clientDataJSON: encode(clientData),
					attestationObject: encode(attestationObject)
				}
			},
			expectedChallenge: () => true,
			expectedOrigin: origin,
			expectedRPID: relyingParty(origin),
			supportedAlgorithmIDs: ALGORITHMS
		});
		if (registrationInfo === undefined) return undefined;
		const { credential } = registrationInfo;
		return {
			id: z.decode(CredentialId, credential.id),
			key: credential.publicKey,
			signCount: credential.counter
		};
	} catch {
		return undefined;
	}
}

/**
 * The authenticator's new count if `assertion` proves by `credential` over `challenge`. A count that
 * did not rise is that of a copy, unless the authenticator does not count at all.
 */
export async function asserted(
	origin: string,
	{ id, key, signCount }: Credential,
	challenge: Bytes,
	assertion: Assertion
): Promise<number | undefined> {
	const credential: WebAuthnCredential = { id: encode(id), publicKey: key, counter: signCount };
	try {
		if (inAFrame(assertion.clientData)) return undefined;
		const { verified, authenticationInfo } = await verifyAuthenticationResponse({
			response: {
				id: credential.id,
				rawId: credential.id,
				type: 'public-key',
				clientExtensionResults: {},
				response: {
					clientDataJSON: encode(assertion.clientData),
					authenticatorData: encode(assertion.authenticatorData),
					signature: encode(assertion.signature)
				}
			},
			expectedChallenge: encode(challenge),
			expectedOrigin: origin,
			expectedRPID: relyingParty(origin),
			credential
		});
		return verified ? authenticationInfo.newCounter : undefined;
	} catch {
		return undefined;
	}
}

/** The host name of the origin, port and scheme left out. */
function relyingParty(origin: string): string {
	return new URL(origin).hostname;
}

/** Whether a page of another origin held ours in a frame; no page may. */
function inAFrame(clientData: Bytes): boolean {
	const data: unknown = JSON.parse(fromUtf8(clientData));
	return (
		typeof data === 'object' && data !== null && 'crossOrigin' in data && data.crossOrigin !== false
	);
}

/**
 * Whether nobody vouches for the authenticator, or it does so itself. The client asks for no more, and
 * a chain of certificates would have to be looked up elsewhere, at addresses that it names itself.
 */
function isPlain(attestationObject: Bytes): boolean {
	const decoded = decodeAttestationObject(attestationObject);
	if (decoded.get('fmt') === 'none') return true;
	return decoded.get('fmt') === 'packed' && decoded.get('attStmt').get('x5c') === undefined;
}
