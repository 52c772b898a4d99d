/** What an error of the database means. A file's driver and a libSQL server say it in other words. */
import { LibsqlError } from '@libsql/client';

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
