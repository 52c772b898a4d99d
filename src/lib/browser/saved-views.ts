/** Views: what a list shows and how, kept under a name. */
import type { KeyList } from '#lib/browser/key-list.svelte.ts';
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
