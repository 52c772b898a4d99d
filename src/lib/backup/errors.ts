/** What can be wrong with what a backup holds. */

/** `backup-format`: not what a backup holds.   `backup-newer`: made by a newer Keyhold. */
export type ContentErrorCode = 'backup-format' | 'backup-newer';

export class ContentError extends Error {
	override readonly name = 'ContentError';
	constructor(
		readonly code: ContentErrorCode,
		message: string
	) {
		super(message);
	}
}
