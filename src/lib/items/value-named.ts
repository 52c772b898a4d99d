/** Finding the value that an overview speaks of. */
import type { Secret } from '#lib/items/key.ts';

/**
 * The value that an overview describes as `name` at `index`: the one that stands there too if it has
 * that name, else the first that has it. The two records need not have one order.
 */
export function valueNamed({ fields }: Secret, name: string, index: number): string | undefined {
	const same = fields[index];
	return same?.name === name ? same.value : fields.find((field) => field.name === name)?.value;
}
