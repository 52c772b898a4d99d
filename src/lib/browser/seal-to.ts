/** For whom a backup is sealed, out of what a person typed. */
import type { SealTo } from '#lib/backup/age.ts';
import { isRecipient, recipientsIn } from '#lib/backup/recipient.ts';

/** `none`: nothing was pasted.   `wrong`: one of them is no recipient. */
export function recipientsOf(text: string): SealTo | 'none' | 'wrong' {
	const [first, ...others] = recipientsIn(text);
	if (first === undefined) return 'none';
	return [first, ...others].every(isRecipient) ? { recipients: [first, ...others] } : 'wrong';
}
