import type { Overview } from '#lib/items/key.ts';

/**
 * In which order the values of a key are offered to be copied, as their places: first the one that its
 * row shows, which is the first hidden one, then the others as they stand.
 */
export function copyOrder({ fields }: Pick<Overview, 'fields'>): readonly number[] {
	const shown = fields.findIndex(({ hidden }) => hidden);
	const others = [...fields.keys()].filter((place) => place !== shown);
	return shown === -1 ? others : [shown, ...others];
}
