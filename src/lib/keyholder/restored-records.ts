/**
 * What accepts a restored state: the account's manifest and those of refused vaults, written on top
 * of what is served, with a seq above all that this device has seen. Norm: docs/protocol.md, 10.
 */
import type { AcceptRestoreRequest } from '#lib/api/account.ts';
import type { Id } from '#lib/api/wire.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { vaultOf, type OpenAccount } from '#lib/keyholder/open-account.ts';
import type { AccountPin, ChainPin } from '#lib/keyholder/pins.ts';
import type { Ports } from '#lib/keyholder/ports.ts';
import type { VaultState } from '#lib/keyholder/vault-state.ts';
import { plain } from '#lib/keyholder/written-items.ts';
import { sealAccountManifest, type AccountManifest } from '#lib/protocol/account-manifest.ts';
import { head as headOf } from '#lib/protocol/chain.ts';
import { sealSettings } from '#lib/protocol/settings.ts';
import { sealVaultManifest } from '#lib/protocol/vault-manifest.ts';

type AcceptedVault = AcceptRestoreRequest['vaults'][number];

export interface BuiltAcceptance {
	readonly request: AcceptRestoreRequest;
	/** SHA-256 of the account manifest. */
	readonly hash: Bytes;
	/** The account once it is stored. */
	readonly next: OpenAccount;
}

/**
 * @param pinned what this device had seen.
 * @param refused vaults that do not continue from it.
 */
export async function buildAcceptance(
	ports: Ports,
	open: OpenAccount,
	pinned: AccountPin | undefined,
	refused: ReadonlySet<Id>
): Promise<BuiltAcceptance> {
	const vaults = new Map(open.vaults);
	const written: AcceptedVault[] = [];
	for (const [id, before] of open.vaults) {
		if (!refused.has(id)) continue;
		const { request, next } = await acceptVault(ports, before, pinned?.vaults[id]);
		written.push(request);
		vaults.set(id, next);
	}
	return await acceptAccount(ports, { ...open, vaults }, pinned, written);
}

/** The same sheets; only the place in the chain is another one. */
async function acceptVault(
	{ random, pins, now }: Ports,
	{ manifest: before, head: prev, ...vault }: VaultState,
	pinned: ChainPin | undefined
): Promise<{ request: AcceptedVault; next: VaultState }> {
	const { id, account, keys } = vault.place;
	const seq = seqAbove(before.seq, pinned);
	const manifest = { ...before, seq, prev, unixMs: now(), device: await pins.deviceId() };
	const wrapped = await sealVaultManifest(keys.manifest, account, manifest, random);
	const request = { id, expected: { seq: before.seq, head: prev }, seq, manifest: wrapped };
	return { request, next: { ...vault, manifest, head: await headOf(prev, wrapped) } };
}

async function acceptAccount(
	{ random, pins, now }: Ports,
	open: OpenAccount,
	pinned: AccountPin | undefined,
	vaults: AcceptedVault[]
): Promise<BuiltAcceptance> {
	const { state } = open;
	const { manifest: before, head: prev, keys } = state;
	const { account, generation } = before;
	const seq = seqAbove(before.seq, pinned);
	const place = { account, generation, seq };
	const settings =
		state.settings && (await sealSettings(keys.settings, place, plain(state.settings), random));
	// No vault that was verified is below the floor of before.
	const raised = <Listed extends { readonly id: Id }>(listed: Listed) => {
		return { ...listed, floorSeq: vaultOf(open, listed.id).manifest.seq };
	};
	const manifest: AccountManifest = {
		...before,
		seq,
		prev,
		unixMs: now(),
		device: await pins.deviceId(),
		settingsHash: settings && (await sha256(settings)),
		vaults: before.vaults.map(raised)
	};
	const wrapped = await sealAccountManifest(keys.manifest, manifest, random);
	const head = await headOf(prev, wrapped);
	const next = { ...state, manifest, head, vaults: state.vaults.map(raised) };
	const held = [...open.vaults].map(
		([id, vault]) => [id, { ...vault, place: raised(vault.place) }] as const
	);
	return {
		request: {
			expected: { seq: before.seq, head: prev },
			seq,
			...(settings === undefined ? {} : { settings }),
			manifest: wrapped,
			vaults
		},
		hash: await sha256(wrapped),
		next: { ...open, state: next, vaults: new Map(held) }
	};
}

function seqAbove(served: number, pinned: ChainPin | undefined): number {
	return Math.max(served, pinned?.seq ?? 0) + 1;
}
