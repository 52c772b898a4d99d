/** The languages of the catalogue, and which of them a person gets who has chosen none. */

/** English first: it is what is said where another language lacks a text. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'zh', 'ja'] as const;

export type Language = (typeof LANGUAGES)[number];

/** What each calls itself, so that whoever reads no other finds it; and where its lines begin. */
export const LANGUAGE_FACTS: Readonly<
	Record<Language, { readonly name: string; readonly direction: 'ltr' | 'rtl' }>
> = {
	en: { name: 'English', direction: 'ltr' },
	de: { name: 'Deutsch', direction: 'ltr' },
	fr: { name: 'Français', direction: 'ltr' },
	es: { name: 'Español', direction: 'ltr' },
	zh: { name: '简体中文', direction: 'ltr' },
	ja: { name: '日本語', direction: 'ltr' }
};

/** The language that a tag such as `de-AT` stands for; undefined if it is none of the catalogue. */
export function languageOfTag(tag: string | undefined): Language | undefined {
	const primary = tag?.toLowerCase().split('-', 1)[0];
	return LANGUAGES.find((language) => language === primary);
}

/** The first language of a person's list that the catalogue has, or English. */
export function firstLanguage(tags: readonly string[]): Language {
	return tags.map(languageOfTag).find((language) => language !== undefined) ?? 'en';
}
