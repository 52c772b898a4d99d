/** The language that is spoken now, and what says its messages. Changed by language.ts alone. */
import type * as english from '#lib/i18n/generated/paraglide/messages/en.js';
import type { Language } from '#lib/i18n/languages.ts';

/** What says each message, as far as a language has it. */
export type Messages = Partial<typeof english>;

/** Of the language that is loaded; undefined for English, which is in the code that says it. */
export let language: Messages | undefined;

let spoken: Language = 'en';

export function spokenLanguage(): Language {
	return spoken;
}

export function setSpoken(chosen: Language, messages: Messages | undefined): void {
	spoken = chosen;
	language = messages;
}

/**
 * The tag to format and sort with: that of the browser, if it is of the language that is spoken and
 * of its script; so order and names of days are the region's.
 */
export function spokenTag(): string {
	return regionalTag(spoken, typeof navigator === 'undefined' ? [] : navigator.languages);
}

export function regionalTag(language: Language, preferred: readonly string[]): string {
	const wanted = likely(language);
	return (
		preferred.find((tag) => {
			const given = likely(tag);
			return given?.language === wanted?.language && given?.script === wanted?.script;
		}) ?? language
	);
}

/** The tag with the script that it is most likely written in; undefined if it is no tag. */
function likely(tag: string): Intl.Locale | undefined {
	try {
		return new Intl.Locale(tag).maximize();
	} catch {
		return undefined;
	}
}
