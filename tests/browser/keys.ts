/** Keys as the page knows them. */
import type { Overview } from '#lib/items/key.ts';
import type { KeyRow } from '#lib/keyholder/views.ts';

export const VAULT = 'vault-0000000000000000A';

export function rowOf(name: string, members: Partial<Overview> = {}, item = `id-${name}`): KeyRow {
	const overview: Overview = {
		v: 1,
		name,
		envVars: [],
		tags: [],
		fields: [{ name: 'key', hidden: true, fingerprint: `print of value of ${name}` }],
		status: 'active',
		createdAt: 1,
		changedAt: 1,
		...members
	};
	return { vault: VAULT, item, revision: 1, overview };
}
