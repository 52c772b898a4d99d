/** The filters of the list, as the palette offers them: a word that is typed, or a facet that asks which. */
import {
	choicesOf,
	FACETS,
	narrows,
	toggled,
	unfiltered,
	type Facet,
	type ListView
} from '#lib/browser/key-filters.ts';
import type { Wallet } from '#lib/browser/wallet.svelte.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { FACET_LABELS, facetText } from '../wallet/list-words.ts';
import { fitting, type Command } from './commands.ts';

type List = Pick<Wallet, 'filters' | 'counts' | 'kept' | 'query'>;

/** Of thousands of words only these are drawn; more of the word finds the others. */
const WORDS = 30;

/**
 * What there is to filter by now, found once and not at every letter.
 *
 * @param show goes to the list
 * @returns what of it is offered; a word of a facet only once something is looked for
 */
export function filterActs(list: List, show: () => void): (query: string) => readonly Command[] {
	const { counts, filters, kept } = list;
	if (counts.listed + counts.archived < 2) return () => [];
	const filter = (next: ListView) => {
		list.filters = next;
		show();
	};
	const facets = FACETS.map((facet) => ({
		facet,
		words: choicesOf(kept, facet).map((word) => wordAct(filters, facet, word, filter))
	})).filter(({ words }) => words.length > 0);
	const words = facets.flatMap((each) => each.words);
	const always = [
		...whole(list, filter),
		...facets.map(({ facet, words: answers }) => whichWord(facet, answers)),
		...words.filter(({ on }) => on),
		...(narrows(filters) || list.query !== '' ? [everyKey(list, show)] : [])
	];
	const off = words.filter(({ on }) => !on);
	return (query) =>
		query.trim() === '' ? always : [...always, ...fitting(off, query).slice(0, WORDS)];
}

/** Asks which, of all there are. */
function whichWord(facet: Facet, words: readonly Command[]): Command {
	const title = FACET_LABELS[facet]();
	return {
		id: `filter-${facet}`,
		label: m.palette_choice({ what: m.filter_more(), choice: title }),
		asks: { title, answers: (typed) => fitting(words, typed) },
		act: () => undefined
	};
}

/** What is due, and the archive. */
function whole(list: List, filter: (next: ListView) => void): readonly Command[] {
	const { counts, filters } = list;
	const command = (id: 'due' | 'archived', choice: string): Command => {
		const on = filters[id] === true;
		return {
			id: `filter-${id}`,
			label: on
				? m.palette_unfilter({ choice })
				: m.palette_choice({ what: m.filter_more(), choice }),
			act: () => {
				filter({ ...filters, [id]: !on });
			}
		};
	};
	return [
		...(counts.due > 0 || filters.due === true ? [command('due', m.wallet_group_due())] : []),
		...(counts.archived > 0 || filters.archived === true
			? [command('archived', m.wallet_group_archived())]
			: [])
	];
}

type Word = Command & { readonly on: boolean };

function wordAct(
	filters: ListView,
	facet: Facet,
	word: string,
	filter: (next: ListView) => void
): Word {
	const on = filters[facet]?.includes(word) === true;
	const what = FACET_LABELS[facet]();
	const choice = m.palette_choice({ what, choice: facetText(facet, word) });
	return {
		on,
		id: `filter-${facet}-${word}`,
		label: on ? m.palette_unfilter({ choice }) : choice,
		act: () => {
			filter(toggled(filters, facet, word));
		}
	};
}

function everyKey(list: List, show: () => void): Command {
	const act = () => {
		list.query = '';
		list.filters = unfiltered(list.filters);
		show();
	};
	return { id: 'filter-none', label: m.filter_clear(), act };
}
