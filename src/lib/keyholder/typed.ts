/** What a person types, in the forms that are hashed. Norm: docs/protocol.md, 2. */
import { SecondFactorCode } from '#lib/api/auth.ts';
import { z } from '#lib/api/zod.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { canonical } from '#lib/encoding/crockford.ts';
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

/** A code of Crockford's symbols as it travels, or what was typed if it cannot be one. */
export function typedSymbols(typed: string): string {
	const bare = typed.replace(/[\s-]/g, '');
	return canonical(bare) ?? bare;
}

/**
 * A code of the second factor as it travels: six digits, or a backup code of ten symbols; undefined
 * if it cannot be one, and then it need not be sent.
 */
export function typedCode(typed: string): string | undefined {
	const code = typedSymbols(typed);
	return z.safeParse(SecondFactorCode, code).success ? code : undefined;
}

function orInvalid<T>(read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (error instanceof ProtocolError) throw new KeyholderError('invalid', error.message);
		throw error;
	}
}
