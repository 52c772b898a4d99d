/** What a person types, in the forms that are hashed. Norm: docs/protocol.md, 2. */
import type { Bytes } from '#lib/encoding/bytes.ts';
import { EMAIL_MAX_CHARACTERS } from '#lib/encoding/email.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import { normaliseEmail } from '#lib/protocol/email.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';
import { passwordBytes } from '#lib/protocol/password.ts';

export interface TypedEmail {
	/** What is sent: the server applies the rule itself, and only once does it give one result. */
	readonly emailAsTyped: string;
	/** Normalised. */
	readonly email: string;
}

export interface Typed extends TypedEmail {
	readonly password: Bytes;
}

/** @throws {KeyholderError} `invalid` if it cannot be an email or a password. */
export function readTyped(email: string, password: string): Typed {
	// The email first: if it is none, no bytes are made of the password.
	return { ...readEmail(email), password: orInvalid(() => passwordBytes(password)) };
}

/** @throws {KeyholderError} `invalid` */
export function readEmail(email: string): TypedEmail {
	const normalised = orInvalid(() => normaliseEmail(email));
	if (email.length > EMAIL_MAX_CHARACTERS) throw new KeyholderError('invalid', 'email is too long');
	return { emailAsTyped: email, email: normalised };
}

function orInvalid<T>(read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (error instanceof ProtocolError) throw new KeyholderError('invalid', error.message);
		throw error;
	}
}
