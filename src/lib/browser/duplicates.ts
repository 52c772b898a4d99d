/** Finding a value that is here already. */
import type { Session } from '#lib/browser/session.svelte.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';

/** A key that holds a value already. */
export interface Duplicate {
	readonly row: KeyRow;
	/** Name of the field that holds it; undefined if the key has it no more. */
	readonly field: string | undefined;
}

/**
 * For each of `values` the name of a key that holds it already. One pass over the keys, however
 * many values there are.
 *
 * @throws {FaultError} `locked`
 */
export async function findHolders(
	session: Session,
	values: readonly string[]
): Promise<(string | undefined)[]> {
	const holders = values.map((): string | undefined => undefined);
	for (const { id, keys } of session.view?.vaults ?? []) {
		const names = new Map<string, string>();
		for (const { overview } of keys) {
			for (const { fingerprint = '' } of overview.fields) names.set(fingerprint, overview.name);
		}
		for (const [index, value] of values.entries()) {
			const print = await session.call((host) => host.fingerprint(id, value));
			holders[index] ??= names.get(print);
		}
	}
	return holders;
}

/**
 * The keys that hold `value`, or held it before, by its keyed hash in their overviews: no secret is opened for it.
 *
 * @throws {FaultError} `locked`
 */
export async function findDuplicates(session: Session, value: string): Promise<Duplicate[]> {
	if (value === '') return [];
	const found: Duplicate[] = [];
	for (const { id, keys } of session.view?.vaults ?? []) {
		const print = await session.call((host) => host.fingerprint(id, value));
		for (const row of keys) {
			const { fields, previousFingerprints = [] } = row.overview;
			const field = fields.find(({ fingerprint }) => fingerprint === print)?.name;
			const held = field !== undefined || previousFingerprints.includes(print);
			if (held) found.push({ row, field });
		}
	}
	return found;
}
