/**
 * What went wrong, as the screen needs it: a code that picks the sentence, and the few figures the
 * sentence names. No text of a server, a worker or an exception is ever shown.
 */
import type { AgeErrorCode } from '#lib/backup/age.ts';
import type { ContentErrorCode } from '#lib/backup/errors.ts';
import type { ImportErrorCode } from '#lib/import/content.ts';
import { ItemError, type ItemErrorCode } from '#lib/items/key.ts';
import type { KeyholderErrorCode, KeyholderErrorDetail } from '#lib/keyholder/errors.ts';

/**
 * `worker-lost`: the worker that held the keys ended by itself; everything is locked.
 * `memory`: the memory to derive a key was not to be had.   `storage`: this browser keeps nothing,
 * or its storage is full.   `clipboard`: the browser refused it.   `program`: a part of the program
 * did not load.   `changed`: another device has changed the key that was asked for.   `not-undone`:
 * what was to be undone was changed since.   `no-value`: the key has no value of that name.
 * `no-prf`: the authenticator cannot open an account, so no passkey was added.   `no-passkey`: this
 * browser knows no passkeys.   `unsayable-…`: the value cannot be said in the form that it was to be
 * copied in.   `unexpected`: a fault of the program itself.
 */
export type BrowserFaultCode =
	| 'worker-lost'
	| 'memory'
	| 'storage'
	| 'clipboard'
	| 'program'
	| 'changed'
	| 'not-undone'
	| 'no-value'
	| 'no-prf'
	| 'no-passkey'
	| 'unsayable-nul'
	| 'unsayable-quotes'
	| 'unsayable-header'
	| 'unexpected';

/** What only a file can be at fault for. */
export type FileFaultCode = AgeErrorCode | ContentErrorCode | `import-${ImportErrorCode}`;

export type FaultCode = KeyholderErrorCode | BrowserFaultCode | ItemErrorCode | FileFaultCode;

export type FaultDetail = KeyholderErrorDetail;

export interface Fault {
	readonly code: FaultCode;
	readonly detail?: FaultDetail;
}

/** Faults after which nothing may be written until the person has decided. */
const BREAKING: ReadonlySet<FaultCode> = new Set<FaultCode>([
	'integrity',
	'rollback',
	'fork',
	'pins-lost',
	'format',
	'unsupported'
]);

/** Whether what the server sent, or what this device remembers, does not hold. */
export function isBreaking({ code }: Fault): boolean {
	return BREAKING.has(code);
}

/** A fault on its way from where it happened to where it is shown. */
export class FaultError extends Error {
	override readonly name = 'FaultError';
	constructor(readonly fault: Fault) {
		super(fault.code);
	}
}

/** The fault in whatever was thrown on the page; what is not one of ours is `unexpected`. */
export function faultOf(error: unknown): Fault {
	if (error instanceof FaultError) return error.fault;
	if (error instanceof ItemError) return itemFault(error);
	// Every browser says so of a part of the program that did not load: there is no class for it.
	const unloaded = error instanceof TypeError && error.message.includes('module');
	return { code: unloaded ? 'program' : 'unexpected' };
}

export function itemFault({ code, size }: ItemError): Fault {
	return size === undefined ? { code } : { code, detail: { size: size.is, limit: size.limit } };
}
