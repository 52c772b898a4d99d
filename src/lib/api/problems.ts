/** Problems (RFC 9457): what a server answers when it will not do what was asked. */
import { z } from '#lib/api/zod.ts';

/**
 * Stable codes; the client chooses its sentence by them and shows nothing else of an answer.
 *
 * `malformed` 400: the body is not what the route takes.   `too-large` 413.   `media-type` 415.
 * `auth` 401: the proof, the email or the session is not good. One code on purpose.
 * `proof` 403: the request needs a fresh `Keyhold-Proof`, and it was missing or not good.
 * `origin` 403: the request came from another site.
 * `not-found` 404: nothing of this account has that name.   `method` 405.
 * `taken` 409: that email or id has an account already.
 * `closed` 403: this server takes no new accounts.
 * `second-factor` 401: the code is missing or wrong; sign a fresh challenge and send one.
 * `link` 403: the mailed link or the invitation is used up, too old, or missing.
 * `setup-code` 403: the first account needs the code from the server's log.
 * `quota` 403: the account would hold more than this server lets one hold. Nothing was written.
 * `limited` 429: too many tries; `Retry-After` says when to come back.
 * `failed` 500.   `busy` 503: the database, or the memory set aside for such
 * requests, cannot take it now; `Retry-After`.
 */
export const ProblemCode = z.enum([
	'malformed',
	'too-large',
	'media-type',
	'auth',
	'proof',
	'origin',
	'not-found',
	'method',
	'taken',
	'closed',
	'second-factor',
	'link',
	'setup-code',
	'quota',
	'limited',
	'failed',
	'busy'
]);
export type ProblemCode = z.infer<typeof ProblemCode>;

/** `number` is a random reference that also stands in the server's log. */
export const Problem = z.strictObject({
	type: z.literal('about:blank'),
	title: z.string().check(z.maxLength(200)),
	status: z.int().check(z.minimum(400), z.maximum(599)),
	code: ProblemCode,
	number: z.optional(z.string().check(z.maxLength(16)))
});
export type Problem = z.infer<typeof Problem>;
