/**
 * Reading for a rotation: every secret of a vault, as JSON, verified. What one client cannot read
 * another one may, so members and shapes that this version does not know go through unchanged.
 */
import { SECRETS_PER_REQUEST } from '#lib/api/limits.ts';
import type { SealedSecret } from '#lib/api/vaults.ts';
import type { Id } from '#lib/api/wire.ts';
import type { ProveRequest } from '#lib/keyholder/action-proof.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import { vaultOf } from '#lib/keyholder/open-account.ts';
import { alone, fetchSecrets, isNewer, openListed } from '#lib/keyholder/reading.ts';
import type { OpenEntry, VaultState } from '#lib/keyholder/vault-state.ts';
import { demand } from '#lib/protocol/errors.ts';
import type { JsonObject } from '#lib/protocol/json.ts';

/**
 * Opens every secret of `vault` and hands it over; none is kept here.
 *
 * @param onRead called with the number of secrets after each request.
 * @returns false if another device has written meanwhile: then not all was handed over.
 * @throws {KeyholderError | ProtocolError} if one does not verify.
 */
export async function readEvery(
	holding: Holding,
	vault: VaultState,
	proof: ProveRequest,
	take: (open: OpenEntry, secret: JsonObject) => Promise<void>,
	onRead: (secrets: number) => void
): Promise<boolean> {
	const entries = [...vault.items.values()];
	for (let start = 0; start < entries.length; start += SECRETS_PER_REQUEST) {
		const wanted = entries.slice(start, start + SECRETS_PER_REQUEST);
		const served = await readSome(holding, vault, wanted, proof);
		if (served === undefined) return false;
		for (const [index, open] of wanted.entries()) {
			const sealed = served[index];
			demand(sealed !== undefined, 'another number of secrets than asked for');
			await take(open, await alone(() => openListed(vault, open, sealed)));
		}
		onRead(wanted.length);
	}
	return true;
}

/** @returns undefined if the vault has moved on, which is looked at and not believed. */
async function readSome(
	holding: Holding,
	vault: VaultState,
	wanted: readonly OpenEntry[],
	proof: ProveRequest
): Promise<readonly SealedSecret[] | undefined> {
	const { id } = vault.place;
	const items = wanted.map(({ entry }) => entry.id);
	const served = await fetchSecrets(holding.link, id, items, 'export', proof);
	if (served !== undefined && !served.some((secret) => isNewer(vault, secret))) return served;
	await catchUp(holding, id);
	const moved = vaultOf(holding.open, id).manifest.seq > vault.manifest.seq;
	demand(moved, 'a listed secret is missing, or newer than its sheet');
	return undefined;
}

async function catchUp(holding: Holding, vault: Id): Promise<void> {
	await holding.catchUpVault(vault, await holding.pin());
}
