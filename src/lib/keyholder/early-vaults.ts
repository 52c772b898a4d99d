/**
 * Vaults that are fetched while the password is derived from. Inside a session the server gives them
 * before the proof, as it gives the account, so that one wait lies beside the other. They are sealed:
 * nothing of them is opened or believed before its turn; only what their sheets hash to is computed
 * then, to be compared later. Norm: docs/protocol.md, 9.
 */
import type { AccountHead } from '#lib/api/account.ts';
import { openingRoutes } from '#lib/api/opening-routes.ts';
import type { VaultHead } from '#lib/api/vaults.ts';
import type { Id } from '#lib/api/wire.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { wholeVault } from '#lib/keyholder/holding.ts';
import type { Link } from '#lib/keyholder/link.ts';
import type { AccountPin } from '#lib/keyholder/pins.ts';

export interface ServedVault {
	readonly served: VaultHead;
	/** SHA-256 of each sealed sheet, by its id, where it was computed already. */
	readonly hashes?: ReadonlyMap<Id, Bytes>;
}

/** Undefined: it did not come, for whatever reason, and is to be asked for in its turn. */
export type EarlyVaults = ReadonlyMap<Id, Promise<ServedVault | undefined>>;

/**
 * Asks for the vaults of `served`, one after another, and waits for none.
 *
 * @param pin as it was read before `served` was asked for; a vault that it does not know waits for its turn.
 */
export function fetchEarly(
	link: Link,
	served: AccountHead | undefined,
	pin: AccountPin | undefined
): EarlyVaults {
	const vaults = new Map<Id, Promise<ServedVault | undefined>>();
	let before: Promise<unknown> = Promise.resolve();
	for (const { id } of served?.vaults ?? []) {
		const from = pin?.vaults[id];
		if (from === undefined) continue;
		const fetching = before
			.then(() => link.call(openingRoutes.vault, wholeVault(id, from)))
			.then(hashed)
			.catch(() => undefined);
		vaults.set(id, fetching);
		before = fetching;
	}
	return vaults;
}

async function hashed(served: VaultHead): Promise<ServedVault> {
	const hashing = served.sheets.map(async ({ id, blob }) => [id, await sha256(blob)] as const);
	return { served, hashes: new Map(await Promise.all(hashing)) };
}
