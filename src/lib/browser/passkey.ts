/**
 * The thin door to WebAuthn: what the keyholder asks for goes to `navigator.credentials`, and what
 * comes back goes to the keyholder. Only here is the PRF extension spoken of. Its result opens the
 * account: it is handed to the worker and nowhere else, and never to a server.
 *
 * A passkey proves and opens in one touch, so one whose authenticator has no PRF is of no use: it is
 * refused with a sentence before anything is enrolled.
 */
import { FaultError } from '#lib/browser/fault.ts';
import { encode } from '#lib/encoding/base64url.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type {
	NewPasskey,
	PasskeyAnswer,
	PasskeyOffer,
	PasskeyRequest
} from '#lib/keyholder/views.ts';

/** Signatures that the server verifies: EdDSA, ES256, RS256, in the order of preference. */
const ALGORITHMS = [-8, -7, -257];

/** `cancelled`: the person, or time, ended it. Nothing happened. */
export type TouchOutcome =
	| { readonly outcome: 'touched'; readonly answer: PasskeyAnswer }
	| { readonly outcome: 'cancelled' };

/** `there`: this authenticator holds a passkey of the account already. */
export type MakeOutcome =
	| { readonly outcome: 'made'; readonly passkey: Omit<NewPasskey, 'name'> }
	| { readonly outcome: 'cancelled' | 'there' };

/** The browser's own, passed in for tests. */
export interface PasskeyPorts {
	/** Undefined where the browser has none, or the page is not secure. */
	readonly credentials: Pick<CredentialsContainer, 'create' | 'get'> | undefined;
	/** The host name of the page: passkeys are of it. */
	readonly host: string;
	/** Tells the authenticator that a passkey means nothing here; missing in older browsers. */
	readonly signalUnknown:
		((options: { rpId: string; credentialId: string }) => Promise<void>) | undefined;
	random(length: number): Bytes;
}

export class PasskeyDoor {
	constructor(private readonly ports: PasskeyPorts) {}

	/**
	 * Asks a passkey to sign, and for its PRF result.
	 *
	 * @throws {FaultError} `no-prf`, `no-passkey`
	 */
	async touch(request: PasskeyRequest, signal?: AbortSignal): Promise<TouchOutcome> {
		const asked = await this.#ask((credentials) =>
			credentials.get({
				publicKey: {
					challenge: request.challenge,
					rpId: this.ports.host,
					allowCredentials: request.allowed.map(descriptor),
					userVerification: 'required',
					extensions: prf(request.prfInput)
				},
				...(signal === undefined ? {} : { signal })
			})
		);
		if (typeof asked === 'string') return { outcome: 'cancelled' };
		const response = asked.response as AuthenticatorAssertionResponse;
		const result = resultOf(asked);
		if (result === undefined) throw new FaultError({ code: 'no-prf' });
		const { userHandle } = response;
		return {
			outcome: 'touched',
			answer: {
				credential: new Uint8Array(asked.rawId),
				clientData: new Uint8Array(response.clientDataJSON),
				authenticatorData: new Uint8Array(response.authenticatorData),
				signature: new Uint8Array(response.signature),
				...(userHandle === null ? {} : { userHandle: new Uint8Array(userHandle) }),
				prf: result
			}
		};
	}

	/**
	 * Has a passkey made. Some authenticators tell the PRF result only when they sign: then a second
	 * touch is asked for. If it has none, or that touch is refused, the passkey is given up.
	 *
	 * @throws {FaultError} `no-prf`, `no-passkey`
	 */
	async make(offer: PasskeyOffer, signal?: AbortSignal): Promise<MakeOutcome> {
		const made = await this.#ask((credentials) =>
			credentials.create({
				publicKey: this.#creation(offer),
				...(signal === undefined ? {} : { signal })
			})
		);
		if (typeof made === 'string') return { outcome: made };
		const credential = new Uint8Array(made.rawId);
		const prfResult = resultOf(made) ?? (await this.#laterResult(made, offer, signal));
		if (prfResult === undefined) {
			await this.forget(credential);
			return { outcome: 'cancelled' };
		}
		const response = made.response as AuthenticatorAttestationResponse;
		return {
			outcome: 'made',
			passkey: {
				credential,
				clientData: new Uint8Array(response.clientDataJSON),
				attestationObject: new Uint8Array(response.attestationObject),
				prf: prfResult
			}
		};
	}

	/** Tells the authenticator that this passkey means nothing to the server, so that it is not offered again. */
	async forget(credential: Bytes): Promise<void> {
		const { host: rpId, signalUnknown } = this.ports;
		try {
			await signalUnknown?.({ rpId, credentialId: encode(credential) });
		} catch {
			// It was a courtesy: the person can still remove it where passkeys are kept.
		}
	}

	#creation(offer: PasskeyOffer): PublicKeyCredentialCreationOptions {
		return {
			challenge: offer.challenge,
			rp: { id: this.ports.host, name: 'Keyhold' },
			user: { id: offer.userHandle, name: offer.userName, displayName: offer.userName },
			pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
			excludeCredentials: offer.excluded.map(descriptor),
			// Signing in types no email, so the authenticator has to know whose it is.
			authenticatorSelection: {
				residentKey: 'required',
				requireResidentKey: true,
				userVerification: 'required'
			},
			attestation: 'none',
			extensions: prf(offer.prfInput)
		};
	}

	/** @returns undefined if the person does not touch it again */
	async #laterResult(
		made: PublicKeyCredential,
		{ prfInput }: PasskeyOffer,
		signal: AbortSignal | undefined
	): Promise<Bytes | undefined> {
		const credential = new Uint8Array(made.rawId);
		if (made.getClientExtensionResults().prf?.enabled !== true) {
			await this.forget(credential);
			throw new FaultError({ code: 'no-prf' });
		}
		try {
			// Nobody verifies what is signed here: only the PRF result is wanted.
			const challenge = this.ports.random(32);
			const touched = await this.touch({ challenge, prfInput, allowed: [credential] }, signal);
			return touched.outcome === 'touched' ? touched.answer.prf : undefined;
		} catch (error) {
			await this.forget(credential);
			throw error;
		}
	}

	async #ask(
		ask: (credentials: NonNullable<PasskeyPorts['credentials']>) => Promise<Credential | null>
	): Promise<PublicKeyCredential | 'cancelled' | 'there'> {
		const { credentials } = this.ports;
		if (credentials === undefined) throw new FaultError({ code: 'no-passkey' });
		try {
			return ((await ask(credentials)) as PublicKeyCredential | null) ?? 'cancelled';
		} catch (error) {
			return refused(error);
		}
	}
}

/** The door of this page. */
export function pagePasskeys(random: PasskeyPorts['random']): PasskeyDoor {
	const known = globalThis as {
		PublicKeyCredential?: {
			signalUnknownCredential?: PasskeyPorts['signalUnknown'];
		};
	};
	const Known = known.PublicKeyCredential;
	return new PasskeyDoor({
		credentials: Known === undefined ? undefined : navigator.credentials,
		host: location.hostname,
		signalUnknown: Known?.signalUnknownCredential?.bind(Known),
		random
	});
}

/**
 * What the browser's refusal means. It tells little on purpose: a person who cancels, a time that
 * ran out and an authenticator that was not there are one and the same.
 */
function refused(error: unknown): 'cancelled' | 'there' {
	switch (error instanceof Error ? error.name : '') {
		case 'NotAllowedError':
		case 'AbortError':
			return 'cancelled';
		case 'InvalidStateError':
			return 'there';
		case 'NotSupportedError':
		case 'ConstraintError':
			throw new FaultError({ code: 'no-prf' });
		case 'SecurityError':
			throw new FaultError({ code: 'no-passkey' });
		default:
			throw error;
	}
}

function descriptor(id: Bytes): PublicKeyCredentialDescriptor {
	return { type: 'public-key', id };
}

function prf(first: Bytes): AuthenticationExtensionsClientInputs {
	return { prf: { eval: { first } } };
}

function resultOf(credential: PublicKeyCredential): Bytes | undefined {
	const first = credential.getClientExtensionResults().prf?.results?.first;
	if (first === undefined) return undefined;
	const view = ArrayBuffer.isView(first)
		? new Uint8Array(first.buffer, first.byteOffset, first.byteLength)
		: new Uint8Array(first);
	return view.slice();
}
