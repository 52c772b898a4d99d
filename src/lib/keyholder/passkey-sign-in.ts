/**
 * Signing in by passkey, in two halves around the touch: no email is typed. Whose account it is says
 * the authenticator, which was told when the passkey was made; what the server then serves must be
 * of that account. Norm: docs/protocol.md, 3 and 9.
 */
import { sha256 } from '#lib/crypto/hash.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import { idText, ID_BYTES } from '#lib/encoding/id.ts';
import { checkPasskeyChallenge } from '#lib/keyholder/challenges.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Link } from '#lib/keyholder/link.ts';
import type { OpenAccount } from '#lib/keyholder/open-account.ts';
import { receive, remember, type OnStep } from '#lib/keyholder/opening.ts';
import {
	askForPasskey,
	messageOf,
	passkeyKek,
	verifyAssertion,
	type Asked
} from '#lib/keyholder/proving.ts';
import type { PasskeyAnswer, PasskeyRequest } from '#lib/keyholder/views.ts';
import { passkeyInput } from '#lib/protocol/slots.ts';

const PRF_BYTES = 32;

/** The first half, that waits for the touch. Nothing in it is secret. */
export interface PasskeySignIn {
	readonly link: Link;
	readonly asked: Asked;
	readonly request: PasskeyRequest;
}

export async function beginByPasskey(link: Link): Promise<PasskeySignIn> {
	const asked = await askForPasskey(link);
	checkPasskeyChallenge(asked.reply, link.ports.now());
	const challenge = await sha256(messageOf(link.ports.origin, asked));
	const request = { challenge, prfInput: await passkeyInput(), allowed: [] };
	return { link, asked, request };
}

/**
 * The second half. Wipes the PRF result, whatever comes of it.
 *
 * @returns undefined if the server does not know the passkey, or does not take its signature.
 * @throws {KeyholderError} `invalid` for an answer that no passkey of an account gives.
 */
export async function enterByPasskey(
	{ link, asked }: PasskeySignIn,
	answer: PasskeyAnswer,
	onStep: OnStep
): Promise<OpenAccount | undefined> {
	const { credential, clientData, authenticatorData, signature, userHandle, prf } = answer;
	try {
		const account = accountIn(userHandle);
		checkPrf(prf);
		onStep({ step: 2 });
		const pin = await link.ports.pins.account(account);
		const assertion = { credential, clientData, authenticatorData, signature };
		const verified = await verifyAssertion(link, asked, assertion);
		if (verified.outcome === 'refused') return undefined;
		if (verified.outcome !== 'proved') {
			throw new KeyholderError('failed', 'a passkey needs nothing besides itself');
		}
		const slot = { id: verified.slot, kind: 3, credential } as const;
		const kek = await passkeyKek(prf);
		try {
			const proven = { account, slot, typed: undefined, pin, kek, wrap: verified.wrap };
			const open = await receive(link, proven, onStep);
			await remember(link, open);
			return open;
		} finally {
			kek.fill(0);
		}
	} finally {
		prf.fill(0);
	}
}

/** @throws {KeyholderError} `invalid` */
export function checkPrf(prf: Bytes): void {
	const usable = prf.length === PRF_BYTES && !equal(prf, new Uint8Array(PRF_BYTES));
	if (!usable) throw new KeyholderError('invalid', 'no result of the PRF');
}

function accountIn(userHandle: Bytes | undefined): string {
	if (userHandle?.length !== ID_BYTES) {
		throw new KeyholderError('invalid', 'passkey of no account');
	}
	return idText(userHandle);
}
