/** Recipients of `age`, as a person pastes them. */

/** Bech32 of an X25519 key, as `age-keygen` prints it. */
const RECIPIENT = /^age1[0-9a-z]{58}$/;

export function isRecipient(text: string): boolean {
	return RECIPIENT.test(text);
}

/** Those in `text`, one on each line, with lines of comments between them. */
export function recipientsIn(text: string): readonly string[] {
	return text
		.split(/\r?\n/)
		.map((line) => line.trim())
		.filter((line) => line !== '' && !line.startsWith('#'));
}
