/** What every layer's refusals have in common. */
import { expect } from 'vitest';

/** Whatever is refused names its class and its code, and says in words for the log what was wrong. */
export function refusal(code: string) {
	return {
		name: expect.stringMatching(/Error$/) as string,
		code,
		message: expect.stringMatching(/^[A-Za-z0-9].*[a-z]{2}/) as string
	};
}
