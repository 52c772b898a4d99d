/** Problems as responses (RFC 9457). A title is a fixed sentence: it repeats nothing of a request. */
import type { Problem, ProblemCode } from '#lib/api/problems.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { ServerError } from '#lib/server/errors.ts';

const PROBLEMS: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> = {
	malformed: [400, 'The request is not what this address takes.'],
	auth: [401, 'The sign-in is not good.'],
	'second-factor': [401, 'The second factor is missing or wrong.'],
	proof: [403, 'This needs a fresh proof.'],
	origin: [403, 'The request came from another site.'],
	closed: [403, 'This server takes no new accounts.'],
	link: [403, 'The link is not good any more.'],
	'setup-code': [403, 'The first account needs the set-up code.'],
	quota: [403, 'The account would hold more than this server allows.'],
	'not-found': [404, 'There is nothing here.'],
	method: [405, 'This address does not take that method.'],
	taken: [409, 'There is an account already.'],
	'too-large': [413, 'The request is too large.'],
	'media-type': [415, 'The body must be application/json.'],
	limited: [429, 'Too many tries.'],
	failed: [500, 'The server failed.'],
	busy: [503, 'The server is busy.']
};

/** The problem behind anything that was thrown: what is not ours is `failed`. */
export function problemIn(error: unknown): ServerError {
	// The query builder wraps what a query throws; its own message quotes the parameters.
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		if (cause instanceof ServerError) return cause;
	}
	return new ServerError('failed', 'unexpected');
}

/** @param number the request's reference, which stands in the log too. */
export function problemResponse(problem: ServerError, number: string): Response {
	const { code, retryAfterSeconds } = problem;
	const [status, title] = PROBLEMS[code];
	const body: Problem = {
		type: 'about:blank',
		title: code === 'closed' ? problem.message : title,
		status,
		code,
		number
	};
	const text = JSON.stringify(body);
	const headers = new Headers({
		'content-type': 'application/problem+json',
		// It is whole for a client that is still sending, before the connection ends.
		'content-length': String(utf8(text).length),
		'cache-control': 'no-store'
	});
	if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds));
	// The rest of a body that was refused is dropped, and no other request is awaited behind it.
	if (code === 'too-large') headers.set('connection', 'close');
	return new Response(text, { status, headers });
}
