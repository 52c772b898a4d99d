/** How the command ends. The numbers are told in the help and in docs/operations.md. */
export const EXIT = {
	done: 0,
	/** A check found something. */
	findings: 1,
	/** What was typed, or a file that it names, cannot be. */
	input: 2,
	/** Refused, or it did not work. */
	failed: 3
} as const;

/** One sentence for the person who typed the command. */
export class AdminError extends Error {
	override readonly name = 'AdminError';
	constructor(
		readonly code: 'input' | 'failed',
		message: string
	) {
		super(message);
	}
}
