/** How a key's provider is shown: one of the table, or the person's own word. */
import type { Overview } from '#lib/items/key.ts';
import { tileById } from '#lib/items/provider-tiles.ts';

export interface ShownProvider {
	/** Empty where the key has none. */
	readonly name: string;
	readonly letters: string | undefined;
	readonly hue: number | undefined;
}

export function providerOf({ provider }: Pick<Overview, 'provider'>): ShownProvider {
	const known = provider === undefined ? undefined : tileById(provider);
	return { name: known?.name ?? provider ?? '', letters: known?.mark, hue: known?.hue };
}
