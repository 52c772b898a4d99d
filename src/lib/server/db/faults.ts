/** What an error of the database means. A file's driver and a libSQL server say it in other words. */
import { LibsqlError } from '@libsql/client';
import { AwayError, UnansweredError } from '#lib/server/errors.ts';

/** Answers of HTTP that say: the server, or what stands before it, cannot now; and all from 500. */
const LATER: readonly number[] = [408, 429];
const SERVER_FAULT = 500;

/** A rule of the schema refused the batch, and with it all of it. */
export function isConstraint(error: unknown): error is LibsqlError {
	return (
		error instanceof LibsqlError && /^SQLITE_CONSTRAINT/.test(error.extendedCode ?? error.code)
	);
}

/** A write to a libSQL server that was none, and may be tried again. */
export function isForAnotherTry(error: unknown): boolean {
	return wasOvertaken(error) || wasKeptWaiting(error);
}

/** Another process wrote the row of the audit log that this batch would have written. */
function wasOvertaken(error: unknown): boolean {
	return isConstraint(error) && /\baudit\.account, audit\.seq\b/.test(error.message);
}

/** Others kept it waiting for longer than the server lets it: it never began. */
function wasKeptWaiting(error: unknown): boolean {
	return error instanceof LibsqlError && /^SQLITE_BUSY/.test(error.code);
}

/**
 * Whether a libSQL server was not reached, or cannot answer now: another try may go through. All else
 * stays as it is until somebody mends it.
 */
export function isAway(error: unknown): boolean {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		if (cause instanceof AwayError || cause instanceof UnansweredError) return true;
		if (isOfConnection(cause) || wasKeptWaiting(cause)) return true;
	}
	return false;
}

/** The client hands on what `fetch` throws: what Node says of a connection has a code of the system. */
function isOfConnection(error: Error): boolean {
	if ('status' in error) return typeof error.status === 'number' && isForLater(error.status);
	if (error instanceof TypeError) return error.cause instanceof Error && 'code' in error.cause;
	return error.name === 'TimeoutError' || error.name === 'AbortError';
}

function isForLater(status: number): boolean {
	return LATER.includes(status) || status >= SERVER_FAULT;
}

/** What guard.ts stands in front of. */
export function isOutdated(error: unknown): boolean {
	return isConstraint(error) && /NOT NULL.* encryption_keys\.place\b/.test(error.message);
}

/**
 * After one of these a connection can report writes as done and lose them: after a failed sync, for
 * one, a kernel may take pages for written that never reached the disk. `SQLITE_FULL` is none of
 * them: the write is undone, and the next one may fit.
 */
const UNSAFE = /^SQLITE_(BUSY|LOCKED|CORRUPT|NOTADB|MISUSE|IOERR|CANTOPEN|PROTOCOL)/;

export function isUnsafe(error: unknown): boolean {
	return error instanceof LibsqlError && UNSAFE.test(error.code);
}
