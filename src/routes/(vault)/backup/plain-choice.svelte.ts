/** Which keys a plain export takes: those in use, of a project and an environment. */
import type { ListedKey } from '#lib/browser/search.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { compareNames } from '#lib/i18n/words.ts';
import { dayOf } from '#lib/items/expiry.ts';

/** Any word, and no word at all; a certain word is `=word`. */
export const ANY = 'any';
export const NONE = 'none';

export class PlainChoice {
	project = $state(ANY);
	environment = $state(ANY);
	/** Keys in use, of every vault: neither archived, nor revoked, nor in the trash. */
	readonly #all = $derived.by((): readonly ListedKey['row'][] =>
		(this.session.view?.vaults ?? [])
			.flatMap(({ keys }) => keys)
			.filter(
				({ overview, unreadable }) =>
					unreadable !== true && overview.status === 'active' && overview.trashedAt === undefined
			)
	);
	readonly projects = $derived(wordsOf(this.#all.map(({ overview }) => overview.project)));
	readonly environments = $derived(wordsOf(this.#all.map(({ overview }) => overview.environment)));
	readonly rows = $derived(
		this.#all.filter(
			({ overview }) =>
				fits(this.project, overview.project) && fits(this.environment, overview.environment)
		)
	);

	constructor(private readonly session: Session) {}
}

/** `atlas-production.env`, or by the day where nothing certain was chosen. */
export function fileName(form: 'env' | 'json', choice: PlainChoice | undefined): string {
	const words = [choice?.project ?? ANY, choice?.environment ?? ANY]
		.filter((word) => word.startsWith('='))
		.map((word) => word.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, ''))
		.filter((word) => word !== '');
	const name = words.length === 0 ? `keyhold-${dayOf(Date.now())}` : words.join('-');
	return `${name}.${form}`;
}

function fits(wanted: string, word: string | undefined): boolean {
	if (wanted === ANY) return true;
	return wanted === NONE ? word === undefined : word === wanted.slice(1);
}

function wordsOf(words: readonly (string | undefined)[]): readonly string[] {
	const found = words.filter((word) => word !== undefined);
	return [...new Set(found)].sort(compareNames);
}
