/**
 * The language of this tab: the one that was chosen on this device, else the first that the browser
 * asks for and the catalogue has. Texts are not state: whoever shows them draws them again when `now`
 * changes.
 */
import { readLanguage, writeLanguage } from '#lib/browser/device/remembered.ts';
import { speak } from '#lib/i18n/language.ts';
import { firstLanguage, LANGUAGE_FACTS, type Language } from '#lib/i18n/languages.ts';
import { spokenLanguage } from '#lib/i18n/spoken.ts';

export type ChoiceOutcome = 'spoken' | 'failed';

/** Speaks the language that is to be shown, before the first text is. If it does not come, English. */
export async function startLanguage(): Promise<void> {
	await spoke(readLanguage() ?? firstLanguage(navigator.languages));
}

export class ShownLanguage {
	#now = $state.raw(spokenLanguage());

	get now(): Language {
		return this.#now;
	}

	/** Shows `language` and remembers it on this device; `failed` if its texts did not come. */
	async choose(language: Language): Promise<ChoiceOutcome> {
		if (!(await spoke(language))) return 'failed';
		writeLanguage(language);
		this.#now = spokenLanguage();
		return 'spoken';
	}
}

async function spoke(language: Language, root = document.documentElement): Promise<boolean> {
	try {
		await speak(language);
	} catch {
		return false;
	}
	const spoken = spokenLanguage();
	root.lang = spoken;
	root.dir = LANGUAGE_FACTS[spoken].direction;
	return true;
}
