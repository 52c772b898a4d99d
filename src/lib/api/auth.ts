/** Proving who one is: a challenge, signed. Norm: docs/protocol.md, 9. */
import { Email } from '#lib/api/accounts.ts';
import { KeyWrap } from '#lib/api/slots.ts';
import { bytesBetween, bytesOf, Id, UnixMs } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';

/** What a signature is for. 1 login, 5 export, 8 unlock inside a session. */
export const Purpose = z.union([z.literal(1), z.literal(5), z.literal(8)]);
export type Purpose = z.infer<typeof Purpose>;

/** Without a session by email or locator, for login only; inside a session by slot. */
export const ChallengeRequest = z.union([
	z.strictObject({ email: Email, purpose: z.literal(1) }),
	z.strictObject({ locator: bytesOf(16), purpose: z.literal(1) }),
	z.strictObject({ slot: Id, purpose: z.union([z.literal(5), z.literal(8)]) })
]);
export type ChallengeRequest = z.infer<typeof ChallengeRequest>;

/** The server's MAC over every field of the challenge, opaque to the client. */
export const Token = bytesBetween(32, 512);

/**
 * `profile` is any byte here: the client's table decides what is allowed, before it derives.
 * 0 and a salt of zeros unless `kind` is 1.
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

export const VerifyRequest = z.strictObject({
	token: Token,
	signature: Signature,
	client: z.optional(z.literal('cli'))
});
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
export const Proof = z.strictObject({ token: Token, signature: Signature });
export type Proof = z.infer<typeof Proof>;
