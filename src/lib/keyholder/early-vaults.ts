/**
 * Vaults that are fetched while the password is derived from. Inside a session the server gives them
 * before the proof, as it gives the account, so that one wait lies beside the other. They are sealed:
 * nothing of them is opened or believed before its turn. Norm: docs/protocol.md, 9.
 */
import type { AccountHead } from '#lib/api/account.ts';
import { openingRoutes } from '#lib/api/opening-routes.ts';
import type { VaultHead } from '#lib/api/vaults.ts';
import type { Id } from '#lib/api/wire.ts';
import { wholeVault } from '#lib/keyholder/holding.ts';
import type { Link } from '#lib/keyholder/link.ts';
import type { AccountPin } from '#lib/keyholder/pins.ts';

/** Undefined: it did not come, for whatever reason, and is to be asked for in its turn. */
export type EarlyVaults = ReadonlyMap<Id, Promise<VaultHead | undefined>>;

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
	const vaults = new Map<Id, Promise<VaultHead | undefined>>();
	let before: Promise<unknown> = Promise.resolve();
	for (const { id } of served?.vaults ?? []) {
		const from = pin?.vaults[id];
		if (from === undefined) continue;
		const fetching = before
			.then(() => link.call(openingRoutes.vault, wholeVault(id, from)))
			.catch(() => undefined);
		vaults.set(id, fetching);
		before = fetching;
	}
	return vaults;
}
