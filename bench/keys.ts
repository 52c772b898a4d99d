/** Keys as people keep them, as many as are wanted, the same in every run. */
import { hex } from '#lib/encoding/bytes.ts';
import { newKey } from '#lib/items/draft.ts';
import type { Keyholder } from '#lib/keyholder/keyholder.ts';
import type { KeyEdit } from '#lib/keyholder/views.ts';

const SEED = 0x6b_65_79_73;
const VALUE_BYTES = 24;
/** Of one commit: more would be more bytes than the server takes at once. */
const COMMIT_KEYS = 2_000;
const ENVIRONMENTS = ['production', 'staging', 'development'];

/** What a person writes down of key `number`. */
export function entryOf(number: number) {
	return {
		name: `Service ${number} main`,
		value: valueOf(number),
		url: 'https://example.org/keys',
		note: 'Limit 400 USD a month, web and worker.',
		tags: ['bench', `team ${number % 7}`]
	};
}

/** The edit that adds it. */
export function keyEdit(vault: string, number: number): KeyEdit & { readonly kind: 'add' } {
	const { value, ...entry } = entryOf(number);
	const draft = {
		...entry,
		envVars: [`SERVICE_${number}_API_KEY`],
		project: `project ${number % 23}`,
		environment: ENVIRONMENTS[number % 3] ?? 'production',
		fields: [{ name: 'key', value, hidden: true }]
	};
	return { kind: 'add', vault, ...newKey(draft, Date.now()) };
}

/** Its value: no two are alike. */
export function valueOf(number: number): string {
	const next = generator(SEED + number);
	return `bench-${number}-${hex(Uint8Array.from({ length: VALUE_BYTES }, next))}`;
}

/** Keeps `count` keys in the account's first vault, which has `from` of them. */
export async function addKeys(keyholder: Keyholder, count: number, from = 0): Promise<void> {
	const vault = keyholder.view().vaults[0]?.id ?? '';
	for (let start = from; start < from + count; start += COMMIT_KEYS) {
		const length = Math.min(COMMIT_KEYS, from + count - start);
		const edits = Array.from({ length }, (_, number) => keyEdit(vault, start + number));
		const { outcome } = await keyholder.save(edits);
		if (outcome !== 'saved') throw new Error(outcome);
	}
}

/** Bytes from a seed, by xorshift (Marsaglia, 2003): for data of benches and nothing else. */
function generator(seed: number): () => number {
	let state = seed | 1;
	return () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return state & 0xff;
	};
}
