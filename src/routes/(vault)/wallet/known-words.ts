/** Words that a person used before, to choose from in a form. */
import type { ListedKey } from '#lib/browser/search.ts';
import { compareNames } from '#lib/i18n/words.ts';

const USUAL_ENVIRONMENTS = ['production', 'staging', 'development'];

export interface KnownWords {
	readonly projects: readonly string[];
	readonly environments: readonly string[];
}

export function knownWords(keys: readonly ListedKey[]): KnownWords {
	const projects = keys.map(({ row }) => row.overview.project);
	const environments = keys.map(({ row }) => row.overview.environment);
	return {
		projects: sorted(projects),
		environments: sorted([...USUAL_ENVIRONMENTS, ...environments])
	};
}

function sorted(words: readonly (string | undefined)[]): string[] {
	const found = words.filter((word) => word !== undefined);
	return [...new Set(found)].sort(compareNames);
}
