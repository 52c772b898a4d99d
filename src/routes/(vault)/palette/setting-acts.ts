/** The settings that hold on every device, as the palette offers them: what does not hold now. */
import type { Preferences, Preferred } from '#lib/browser/preferences.svelte.ts';
import { THEMES, type Theme } from '#lib/browser/theme.ts';
import { numberText } from '#lib/i18n/dates.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { LANGUAGE_FACTS, LANGUAGES, type Language } from '#lib/i18n/languages.ts';
import type { Speech } from '../../speech.svelte.ts';
import { CLIPBOARD_CHOICES, IDLE_CHOICES } from '../settings/choices.ts';
import type { Command } from './commands.ts';

const THEME_NAMES: Record<Theme, () => string> = {
	system: m.theme_system,
	light: m.theme_light,
	dark: m.theme_dark
};

/** @param spoken the language of the screens now */
export function settingActs(
	preferences: Pick<Preferences, 'now' | 'set'>,
	spoken: Language,
	speech: Pick<Speech, 'say'>
): readonly Command[] {
	const { now } = preferences;
	const set = async (chosen: Partial<Preferred>) => {
		const outcome = await preferences.set(chosen);
		if (outcome === 'saved') speech.say(m.settings_saved());
		else speech.say(outcome === 'conflict' ? m.form_conflict() : m.settings_unsaved());
	};
	const command = (id: string, label: string, chosen: Partial<Preferred>): Command => ({
		id,
		label,
		act: () => void set(chosen)
	});
	const choice = (id: string, what: string, said: string, chosen: Partial<Preferred>) =>
		command(id, m.palette_choice({ what, choice: said }), chosen);
	return [
		...THEMES.filter((theme) => theme !== now.theme).map((theme) =>
			command(`theme-${theme}`, m.palette_theme({ theme: THEME_NAMES[theme]() }), { theme })
		),
		...LANGUAGES.filter((language) => language !== spoken).map((language) =>
			choice(`language-${language}`, m.language_label(), LANGUAGE_FACTS[language].name, {
				language
			})
		),
		now.density === 'compact'
			? command('density', m.palette_comfortable(), { density: 'comfortable' })
			: command('density', m.palette_compact(), { density: 'compact' }),
		...IDLE_CHOICES.filter((minutes) => minutes !== now.idleMinutes).map((idleMinutes) =>
			choice(`idle-${idleMinutes}`, m.palette_idle(), numberText(idleMinutes), { idleMinutes })
		),
		command('on-hide', now.onHide ? m.palette_hidden_off() : m.palette_hidden_on(), {
			onHide: !now.onHide
		}),
		command('after-sleep', now.afterSleep ? m.palette_slept_off() : m.palette_slept_on(), {
			afterSleep: !now.afterSleep
		}),
		...CLIPBOARD_CHOICES.filter((seconds) => seconds !== now.clipboardSeconds).map(
			(clipboardSeconds) =>
				choice(`clipboard-${clipboardSeconds}`, m.clipboard_label(), numberText(clipboardSeconds), {
					clipboardSeconds
				})
		),
		command('letters', now.characterKeys ? m.palette_letters_off() : m.palette_letters_on(), {
			characterKeys: !now.characterKeys
		})
	];
}
