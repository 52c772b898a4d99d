/** The language of a mail, and what depends on it. */
import { Language } from '#lib/api/mail.ts';
import { z } from '#lib/api/zod.ts';

const FALLBACK: Language = 'en';

/** The language that stands in a row, or English: a later release may have written others. */
export function languageOf(text: string | undefined): Language {
	const parsed = z.safeParse(Language, text);
	return parsed.success ? parsed.data : FALLBACK;
}

/** Day and time. A mail does not know where it is read, so it is UTC and says so. */
export function momentText(ms: number, language: Language): string {
	const parts = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const;
	return `${new Intl.DateTimeFormat(language, parts).format(ms)} UTC`;
}
