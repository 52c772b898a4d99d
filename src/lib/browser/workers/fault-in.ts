/** The fault in whatever the worker with the keys throws. */
import { ContentError } from '#lib/backup/errors.ts';
import { FaultError, faultOf, type Fault } from '#lib/browser/fault.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';

export function faultIn(error: unknown): Fault {
	if (error instanceof KeyholderError) return { code: error.code, detail: error.detail };
	if (error instanceof ContentError) return { code: error.code };
	return faultOf(error);
}

/** A call that its caller gave up; nobody reads the answer. */
export function givenUp(): FaultError {
	return new FaultError({ code: 'locked' });
}
