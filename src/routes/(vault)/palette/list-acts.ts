/** The order and the groups of the list, as the palette offers them: those that do not hold now. */
import { withGrouping } from '#lib/browser/key-filters.ts';
import type { Wallet } from '#lib/browser/wallet.svelte.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { GROUPING_NAMES, GROUPINGS, SORTING_NAMES, SORTINGS } from '../wallet/list-words.ts';
import type { Command } from './commands.ts';

/** @param show goes to the list */
export function listActs(
	wallet: Pick<Wallet, 'filters' | 'counts'>,
	show: () => void
): readonly Command[] {
	const { listed, archived } = wallet.counts;
	if (listed + archived < 2) return [];
	const { sort = 'name', group } = wallet.filters;
	const sorts = SORTING_NAMES.filter((name) => name !== sort).map((name) => ({
		id: `sort-${name}`,
		label: m.palette_choice({ what: m.filter_sort(), choice: SORTINGS[name]() }),
		act: () => {
			wallet.filters = { ...wallet.filters, sort: name };
			show();
		}
	}));
	const groups = [undefined, ...GROUPING_NAMES].filter((name) => name !== group);
	return [
		...sorts,
		...groups.map((name) => ({
			id: `group-${name ?? 'none'}`,
			label: m.palette_choice({
				what: m.filter_group(),
				choice: name === undefined ? m.group_none() : GROUPINGS[name]()
			}),
			act: () => {
				wallet.filters = withGrouping(wallet.filters, name);
				show();
			}
		}))
	];
}
