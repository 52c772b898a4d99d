/** Sets of ids that are replaced as a whole, as state is; each of these leaves its own as it was. */

type Ids = ReadonlySet<string>;

export const NO_IDS: Ids = new Set();

export function withIds(ids: Ids, more: Iterable<string>): Ids {
	const all = new Set([...ids, ...more]);
	return all.size === ids.size ? ids : all;
}

export function withoutIds(ids: Ids, gone: Iterable<string>): Ids {
	const kept = new Set(ids);
	for (const id of gone) kept.delete(id);
	return kept.size === ids.size ? ids : kept;
}
