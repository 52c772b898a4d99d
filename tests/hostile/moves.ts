/** Moves that many attacks are made of. */
import type { World } from './harness.ts';
import type { Tamper } from './wire.ts';

export type Members = Record<string, unknown>;

/** Changes the JSON of every good answer whose path ends with `path`, a query aside. */
export function changing(path: string, change: (json: Members) => unknown): Tamper {
	return ({ status, json }, request) =>
		request.path.split('?', 1)[0]?.endsWith(path) === true && status < 300
			? { json: change(json as Members) }
			: undefined;
}

/** The path of the only vault of the only account. */
export function vaultPath(world: World, email?: string): string {
	return `/vaults/${[...world.stored(email).vaults.keys()][0] ?? ''}`;
}
