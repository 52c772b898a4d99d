/** Which keys a list shows, and what there is to choose from. */
import type { ListedKey } from '#lib/browser/search.ts';
import { compareNames } from '#lib/i18n/words.ts';
import { without } from '#lib/items/json.ts';
import type { Facet, Grouping, ListView } from '#lib/items/key.ts';

export const FACETS = ['environments', 'projects', 'providers', 'tags'] as const;

export type { Facet, ListView };

/** More choices than this are found faster by typing. */
const CHOICES = 200;

/** The keys that `view` lets through: one of the words of each facet that has any. */
export function filtered(keys: readonly ListedKey[], view: ListView): readonly ListedKey[] {
	const facets = FACETS.filter((facet) => (view[facet]?.length ?? 0) > 0);
	if (facets.length === 0 && view.due !== true) return keys;
	return keys.filter(
		(key) =>
			(view.due !== true || key.due) &&
			facets.every((facet) => wordsIn(key, facet).some((word) => view[facet]?.includes(word)))
	);
}

/** The words of a facet that keys have, by name; the most usual ones where there are many. */
export function choicesOf(keys: readonly ListedKey[], facet: Facet): readonly string[] {
	const counts = new Map<string, number>();
	for (const key of keys) {
		for (const word of wordsIn(key, facet)) counts.set(word, (counts.get(word) ?? 0) + 1);
	}
	const usual = [...counts].sort((a, b) => b[1] - a[1]).slice(0, CHOICES);
	return usual.map(([word]) => word).sort(compareNames);
}

/** Whether any key has a word of the facet besides these. */
export function hasChoice(
	keys: readonly ListedKey[],
	facet: Facet,
	chosen: readonly string[] = []
): boolean {
	return keys.some((key) => wordsIn(key, facet).some((word) => !chosen.includes(word)));
}

/** `view` with this word of a facet, or without it if it was there. */
export function toggled(view: ListView, facet: Facet, word: string): ListView {
	const words = view[facet] ?? [];
	const next = words.includes(word) ? words.filter((one) => one !== word) : [...words, word];
	return { ...view, [facet]: next };
}

/** `view` in these groups, or in none. */
export function withGrouping(view: ListView, group: Grouping | undefined): ListView {
	return group === undefined ? without(view, ['group']) : { ...view, group };
}

/** Order and groups of `view`, and every key. */
export function unfiltered(view: ListView): ListView {
	return without(view, ['query', 'due', 'archived', ...FACETS]);
}

/** Whether it leaves any key out. */
export function narrows(view: ListView): boolean {
	if (view.due === true || view.archived === true) return true;
	return FACETS.some((facet) => (view[facet]?.length ?? 0) > 0);
}

function wordsIn({ row: { overview } }: ListedKey, facet: Facet): readonly string[] {
	switch (facet) {
		case 'environments':
			return present(overview.environment);
		case 'projects':
			return present(overview.project);
		case 'providers':
			return present(overview.provider);
		case 'tags':
			return overview.tags;
	}
}

function present(word: string | undefined): readonly string[] {
	return word === undefined ? [] : [word];
}
