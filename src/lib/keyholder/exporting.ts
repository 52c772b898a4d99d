/** Reading everything for a backup, with a proof for each request. Norm: docs/protocol.md, 9, purpose 5. */
import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import { SECRETS_PER_REQUEST } from '#lib/api/limits.ts';
import type { Id } from '#lib/api/wire.ts';
import { neededProof, proving, type ActionProof } from '#lib/keyholder/action-proof.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import { viewOf } from '#lib/keyholder/open-account.ts';
import { readSecrets } from '#lib/keyholder/reading.ts';
import type { KeyRow, OpenedVault, ReadResult } from '#lib/keyholder/views.ts';

/**
 * Every key of every vault, in the trash or not, as last verified after a fresh look.
 *
 * @param onProgress called after each request.
 * @param onSpoiled told of each key whose secret does not verify: it is left out. Without it, one
 * ends the reading.
 * @param wanted ids of the items that are read; all, where there is none.
 * @throws {KeyholderError} `proof` if the proof has ended or the server does not take it.
 */
export async function readAll(
	holding: Holding,
	proven: ActionProof | undefined,
	onProgress: (done: number, total: number) => void,
	onSpoiled?: (row: KeyRow) => void,
	wanted?: ReadonlySet<Id>
): Promise<readonly OpenedVault[]> {
	const proof = neededProof(holding, proven);
	await holding.refresh();
	const vaults = viewOf(holding.open).vaults.map(({ id, name, keys }) => ({
		...{ id, name },
		keys: wanted === undefined ? keys : keys.filter(({ item }) => wanted.has(item))
	}));
	const total = vaults.reduce((sum, { keys }) => sum + keys.length, 0);
	let done = 0;
	const opened: OpenedVault[] = [];
	for (const { id, name, keys } of vaults) {
		const read: ReadResult[] = [];
		for (let start = 0; start < keys.length; start += SECRETS_PER_REQUEST) {
			const items = keys.slice(start, start + SECRETS_PER_REQUEST).map(({ item }) => item);
			const how = { proof: proving(holding, proof, PROOF_PURPOSE.export), onSpoiled };
			read.push(...(await readSecrets(holding, id, items, 'export', how)));
			done += items.length;
			onProgress(done, total);
		}
		if (wanted !== undefined && keys.length === 0) continue;
		opened.push({
			name,
			keys: read.map(({ row: { overview }, secret }) => ({ overview, secret }))
		});
	}
	return opened;
}
