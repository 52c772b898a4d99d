/** Proving who one is: a challenge, signed. Norm: docs/protocol.md, 9. */
import { Email, MailToken } from '#lib/api/mail.ts';
import { CredentialId, KeyWrap } from '#lib/api/slots.ts';
import { bytesBetween, bytesOf, Id, UnixMs } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';

/**
 * What a proof is for. 1 login, 2 email, second factor, sessions; 3 password, kit, slots; 4 rotate;
 * 5 export; 6 delete; 7 accept a restore; 8 unlock inside a session.
 */
export const PROOF_PURPOSE = {
	login: 1,
	account: 2,
	slots: 3,
	rotate: 4,
	export: 5,
	delete: 6,
	acceptRestore: 7,
	unlock: 8
} as const;
export const Purpose = z.literal([1, 2, 3, 4, 5, 6, 7, 8]);
export type Purpose = z.infer<typeof Purpose>;
/** Purposes of a proof that allows one request and travels with it. */
export const ActionPurpose = z.literal([2, 3, 4, 5, 6, 7]);
export type ActionPurpose = z.infer<typeof ActionPurpose>;

/** Without a session by email, locator or passkey, for login only; inside a session by slot. */
export const ChallengeRequest = z.union([
	z.strictObject({ email: Email, purpose: z.literal(1) }),
	z.strictObject({ locator: bytesOf(16), purpose: z.literal(1) }),
	z.strictObject({ passkey: z.literal(true), purpose: z.literal(1) }),
	z.strictObject({ slot: Id, purpose: z.literal([2, 3, 4, 5, 6, 7, 8]) })
]);
export type ChallengeRequest = z.infer<typeof ChallengeRequest>;

/** The server's MAC over every field of the challenge, opaque to the client. */
export const Token = bytesBetween(32, 512);

/**
 * `profile` is any byte here: the client's table decides what is allowed, before it derives.
 * 0 and a salt of zeros unless `kind` is 1. Account and slot are zeros for a sign-in by passkey.
 */
export const ChallengeReply = z.strictObject({
	account: Id,
	slot: Id,
	kind: z.int().check(z.minimum(1), z.maximum(255)),
	profile: z.int().check(z.minimum(0), z.maximum(255)),
	salt: bytesOf(16),
	challenge: bytesOf(32),
	expiresAtMs: UnixMs,
	token: Token
});
export type ChallengeReply = z.infer<typeof ChallengeReply>;

export const Signature = bytesOf(64);

/** What an authenticator returned (WebAuthn, 5.2.2), over the challenge SHA-256 of M. */
export const Assertion = z.strictObject({
	credential: CredentialId,
	clientData: bytesBetween(1, 4_096),
	authenticatorData: bytesBetween(37, 4_096),
	signature: bytesBetween(1, 1_024)
});
export type Assertion = z.infer<typeof Assertion>;

/** Six digits of a TOTP app, or one of the backup codes: ten symbols of Crockford's base32. */
export const SecondFactorCode = z.string().check(z.regex(/^(\d{6}|[0-9A-HJKMNP-TV-Z]{10})$/));

/**
 * `code`: the second factor, for accounts that have one, unless a passkey proves. `link`: the token
 * of the mailed link, which a sign-in by recovery kit needs where the server sends mail.
 */
export const VerifyRequest = z.union([
	z.strictObject({
		token: Token,
		signature: Signature,
		code: z.optional(SecondFactorCode),
		link: z.optional(MailToken),
		client: z.optional(z.literal('cli'))
	}),
	z.strictObject({
		token: Token,
		assertion: Assertion,
		client: z.optional(z.literal('cli'))
	})
]);
export type VerifyRequest = z.infer<typeof VerifyRequest>;

/** The wrap of the slot that proved. `session` instead of a cookie for `client: "cli"`, login only. */
export const VerifyReply = z.strictObject({
	slot: Id,
	wrap: KeyWrap,
	session: z.optional(z.string().check(z.minLength(32), z.maxLength(128)))
});
export type VerifyReply = z.infer<typeof VerifyReply>;

/** Name of the header that carries a {@link Proof}: base64url of its JSON. */
export const PROOF_HEADER = 'keyhold-proof';
export const Proof = z.union([
	z.strictObject({ token: Token, signature: Signature }),
	z.strictObject({ token: Token, assertion: Assertion })
]);
export type Proof = z.infer<typeof Proof>;
