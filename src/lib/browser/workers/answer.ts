/**
 * Answers between threads. An exception loses its class and its code on the way, so a call answers
 * with its value or its fault, and the other side makes an exception of it again.
 */
import { FaultError, type Fault } from '#lib/browser/fault.ts';

export type Answer<Value> = { readonly value: Value } | { readonly fault: Fault };

/** @param faultIn finds the fault in what was thrown */
export async function answer<Value>(
	work: () => Value | Promise<Value>,
	faultIn: (error: unknown) => Fault
): Promise<Answer<Value>> {
	try {
		return { value: await work() };
	} catch (error) {
		return { fault: faultIn(error) };
	}
}

/** @throws {FaultError} the fault, where the answer is one */
export function valueOf<Value>(given: Answer<Value>): Value {
	if ('fault' in given) throw new FaultError(given.fault);
	return given.value;
}
