/**
 * "Is this one of mine?": whether a value that was found somewhere belongs to a key. It is compared
 * by the keyed hashes in the overviews. The value itself is kept nowhere: not here, not in a field,
 * not in the address, and it goes to the worker only.
 */
import type { Duplicate } from '#lib/browser/duplicates.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import type { Draft } from '#lib/items/key.ts';
import { looksRandom } from '#lib/items/random-text.ts';

/**
 * `uncompared`: values that another client wrote without their hash.
 */
export type ValueAnswer =
	| { readonly kind: 'yes'; readonly keys: readonly Duplicate[] }
	| { readonly kind: 'no'; readonly uncompared: number }
	| { readonly kind: 'failed' };

export class ValueCheck {
	#answer = $state.raw<ValueAnswer>();

	constructor(private readonly session: Session) {
		session.onLock(() => {
			this.dismiss();
		});
	}

	get answer(): ValueAnswer | undefined {
		return this.#answer;
	}

	/**
	 * Asks for `text`, or for what stands behind its `NAME=`.
	 *
	 * @returns false if no key has it and it does not look like a value either: then it is something
	 * to search for
	 */
	async ask(text: string): Promise<boolean> {
		this.dismiss();
		let isValue = looksRandom(text);
		try {
			const { findDuplicates, looksLikeValue, readPaste } = await load();
			const values = valuesIn(text, readPaste);
			isValue = values.some(looksLikeValue);
			const found: Duplicate[] = [];
			for (const value of values) found.push(...(await findDuplicates(this.session, value)));
			const keys = found.filter(
				({ row }, index) => found.findIndex((one) => one.row.item === row.item) === index
			);
			if (keys.length > 0) this.#answer = { kind: 'yes', keys };
			else if (isValue) this.#answer = { kind: 'no', uncompared: this.#uncompared() };
			return keys.length > 0 || isValue;
		} catch {
			if (isValue) this.#answer = { kind: 'failed' };
			return isValue;
		}
	}

	dismiss(): void {
		this.#answer = undefined;
	}

	#uncompared(): number {
		const rows = this.session.view?.vaults.flatMap(({ keys }) => keys) ?? [];
		const fields = rows.flatMap(({ overview }) => overview.fields);
		return fields.filter(({ fingerprint }) => fingerprint === undefined).length;
	}
}

/** What only a pasted text needs: it comes with whose keys look how. */
async function load() {
	const [{ findDuplicates }, { readPaste }, { looksLikeValue }] = await Promise.all([
		import('#lib/browser/duplicates.ts'),
		import('#lib/items/paste.ts'),
		import('#lib/items/value-shape.ts')
	]);
	return { findDuplicates, looksLikeValue, readPaste };
}

/** As it was pasted, without space around it, and the one value that it assigns to a name. */
function valuesIn(text: string, readPaste: (text: string) => readonly Draft[]): readonly string[] {
	const drafts = readPaste(text);
	const assigned = drafts.length === 1 ? (drafts[0]?.fields ?? []) : [];
	return [...new Set([text, text.trim(), ...assigned.map(({ value }) => value)])];
}
