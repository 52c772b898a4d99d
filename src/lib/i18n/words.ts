/** Lists, order and letters of words, as the language that is spoken has them. */
import { spokenLanguage, spokenTag } from '#lib/i18n/spoken.ts';

/** Words one after the other: "a, b, c". */
export function listText(words: readonly string[], tag = spokenTag()): string {
	return new Intl.ListFormat(tag, { type: 'conjunction', style: 'narrow' }).format(words);
}

let collator: Intl.Collator | undefined;
let collatorTag: string | undefined;

/** As people order names: without regard to capitals, and 9 before 10. */
export function compareNames(a: string, b: string): number {
	const language = spokenLanguage();
	if (collator === undefined || collatorTag !== language) {
		collator = new Intl.Collator(spokenTag(), { numeric: true, sensitivity: 'base' });
		collatorTag = language;
	}
	return collator.compare(a, b);
}

/** A label in the middle of a sentence. German writes its nouns large there too. */
export function midSentence(label: string, language = spokenLanguage()): string {
	return language === 'de' ? label : label.toLocaleLowerCase(language);
}
