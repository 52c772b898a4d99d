/**
 * Changes the language that is spoken. English is in the code that says it; every other language is
 * one module, loaded when it is chosen, in which the messages look before they say the English text.
 */
import type { Language } from '#lib/i18n/languages.ts';
import { setSpoken, type Messages } from '#lib/i18n/spoken.ts';

type Load = () => Promise<Messages | undefined>;

const MODULES: Readonly<Record<Language, Load>> = {
	en: () => Promise.resolve(undefined),
	de: () => import('#lib/i18n/generated/languages/de.js'),
	fr: () => import('#lib/i18n/generated/languages/fr.js'),
	es: () => import('#lib/i18n/generated/languages/es.js'),
	zh: () => import('#lib/i18n/generated/languages/zh.js'),
	ja: () => import('#lib/i18n/generated/languages/ja.js')
};

/** What was asked for last: of two that load at once, it is that one which is spoken. */
let asked: Language = 'en';

/**
 * Says everything in `chosen` from now on; what is on the screen must be drawn again.
 *
 * @throws {Error} if its module cannot be loaded; then the language stays as it is.
 */
export async function speak(chosen: Language, load: Load = MODULES[chosen]): Promise<void> {
	asked = chosen;
	const messages = await load();
	if (asked === chosen) setSpoken(chosen, messages);
}
