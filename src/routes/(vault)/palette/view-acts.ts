/** Keeping what the list shows under a name, as the palette asks for it. */
import type { Preferences } from '#lib/browser/preferences.svelte.ts';
import { viewOf, withView } from '#lib/browser/saved-views.ts';
import type { Wallet } from '#lib/browser/wallet.svelte.ts';
import { VIEWS } from '#lib/items/settings.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { shownText } from '#lib/ui/shown-text.ts';
import { faultText } from '../../fault-text.ts';
import type { Speech } from '../../speech.svelte.ts';
import { longName } from '../name-fault.ts';
import type { Command } from './commands.ts';

interface ViewDesk {
	readonly wallet: Pick<Wallet, 'counts' | 'filters' | 'query'>;
	readonly preferences: Pick<Preferences, 'views' | 'setViews' | 'fault'>;
	readonly speech: Pick<Speech, 'say'>;
}

export function viewActs(desk: ViewDesk): readonly Command[] {
	const { listed, archived } = desk.wallet.counts;
	if (listed + archived < 2) return [];
	const answers = (typed: string): readonly Command[] => {
		const name = typed.trim();
		if (name === '') return [];
		const taken = desk.preferences.views.some((view) => view.name === name);
		const said = taken ? m.palette_replace_view : m.palette_keep_view;
		const label = said({ name: shownText(name) });
		return [{ id: 'keep-view-as', label, act: () => void keep(desk, name) }];
	};
	return [
		{
			id: 'keep-view',
			label: m.views_keep(),
			asks: { title: m.views_keep(), placeholder: m.views_name(), answers },
			act: () => undefined
		}
	];
}

async function keep({ wallet, preferences, speech }: ViewDesk, name: string): Promise<void> {
	const views = withView(preferences.views, viewOf(wallet, name));
	const refused =
		longName(name) ?? (views === undefined ? m.views_full({ limit: VIEWS }) : undefined);
	if (views === undefined || refused !== undefined) {
		speech.say(refused ?? '');
		return;
	}
	const outcome = await preferences.setViews(views);
	if (outcome === 'saved') speech.say(m.views_kept({ name }));
	else if (outcome === 'conflict') speech.say(m.form_conflict());
	else speech.say(faultText(preferences.fault ?? { code: 'offline' }));
}
