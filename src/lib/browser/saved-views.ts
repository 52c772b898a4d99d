/** Views: what a list shows and how, kept under a name. */
import type { KeyList } from '#lib/browser/key-list.svelte.ts';
import type { Preferences } from '#lib/browser/preferences.svelte.ts';
import type { SaveOutcome, Wallet } from '#lib/browser/wallet.svelte.ts';
import { without } from '#lib/items/json.ts';
import type { ListView, SavedView } from '#lib/items/key.ts';
import { VIEWS } from '#lib/items/settings.ts';

/** Shows it in the list, in the place of all that is chosen there. */
export function showView(list: Pick<KeyList, 'filters' | 'query'>, view: SavedView): void {
	list.filters = without(view, ['name', 'query']);
	list.query = view.query ?? '';
}

/** What the list shows now, under a name. */
export function viewOf(list: Pick<KeyList, 'filters' | 'query'>, name: string): SavedView {
	const view: ListView = list.query === '' ? list.filters : { ...list.filters, query: list.query };
	return { ...view, name };
}

/** The views with one more, in the place of one of its name; undefined where there is no room. */
export function withView(
	views: readonly SavedView[],
	view: SavedView
): readonly SavedView[] | undefined {
	const next = [...withoutView(views, view.name), view];
	return next.length > VIEWS ? undefined : next;
}

export function withoutView(views: readonly SavedView[], name: string): readonly SavedView[] {
	return views.filter((view) => view.name !== name);
}

/** Takes a view away; for some seconds it can be brought back to its place. */
export async function dropView(
	wallet: Pick<Wallet, 'undoOffer'>,
	preferences: Pick<Preferences, 'views' | 'fault' | 'setViews'>,
	view: SavedView
): Promise<'saved' | 'conflict' | 'failed'> {
	const place = preferences.views.indexOf(view);
	const outcome = await preferences.setViews(withoutView(preferences.views, view.name));
	if (outcome !== 'saved') return outcome;
	const back = async (): Promise<SaveOutcome> => {
		const { views } = preferences;
		// Another one of its name was made since: that one is newer.
		if (views.some(({ name }) => name === view.name)) return { outcome: 'conflict' };
		const saved = await preferences.setViews(views.toSpliced(place, 0, view));
		if (saved === 'saved') return { outcome: saved, keys: [], beside: [] };
		// Nothing was changed: it can be tried again.
		offer();
		if (saved === 'conflict') return { outcome: saved };
		return { outcome: saved, fault: preferences.fault ?? { code: 'offline' } };
	};
	const offer = () => {
		wallet.undoOffer.make('view', [], back, [view.name]);
	};
	offer();
	return outcome;
}
