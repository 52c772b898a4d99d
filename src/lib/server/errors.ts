/** What can go wrong in the server layer. Messages are for the log and hold no user data. */
import type { ProblemCode } from '#lib/api/problems.ts';

/** A request that is answered with a problem. */
export class ServerError extends Error {
	override readonly name = 'ServerError';
	constructor(
		readonly code: ProblemCode,
		message: string,
		/** Whole seconds after which another try may help. */
		readonly retryAfterSeconds?: number
	) {
		super(message);
	}
}

/** A database was not reached, or cannot do it now. */
export class UnansweredError extends ServerError {}

/** A reason not to start, or not to go on: one sentence for the person who runs the server. */
export class StartError extends Error {
	override readonly name = 'StartError';
}

/** The database does not answer; it may later. */
export class AwayError extends StartError {}
