/**
 * Saving settings: a commit of the account. As it is written anyway, it also raises the floor under
 * every vault to what was verified. Norm: docs/protocol.md, 8 and 10.
 */
import type { AccountCommitRequest, AccountHead } from '#lib/api/account.ts';
import { routes } from '#lib/api/routes.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import type { Settings } from '#lib/items/key.ts';
import { parseSettings } from '#lib/items/settings.ts';
import type { AccountState } from '#lib/keyholder/account-state.ts';
import { compareAndSwap, type Attempt } from '#lib/keyholder/compare-and-swap.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import { merge } from '#lib/keyholder/merge.ts';
import type { OpenAccount } from '#lib/keyholder/open-account.ts';
import type { Ports } from '#lib/keyholder/ports.ts';
import type { SaveResult } from '#lib/keyholder/views.ts';
import { orRefused, plain } from '#lib/keyholder/written-items.ts';
import { sealAccountManifest, type AccountManifest } from '#lib/protocol/account-manifest.ts';
import { head as headOf } from '#lib/protocol/chain.ts';
import { writeJson, type JsonObject } from '#lib/protocol/json.ts';
import { sealSettings, SETTINGS_JSON_MAX_BYTES } from '#lib/protocol/settings.ts';

/**
 * Writes `settings`. What another device has changed in the meantime stays, unless the same member
 * was changed here too.
 *
 * @param from what the change started from, undefined if there were none: the state that is held
 * may have been caught up with since.
 */
export async function saveSettings(
	holding: Holding,
	settings: Settings,
	from: Settings | undefined
): Promise<SaveResult> {
	const base = orRefused(() => plain(from ?? {}));
	const mine = orRefused(() => plain(parseSettings(plain(settings))));
	const saved = await compareAndSwap(
		() => attempt(holding, (theirs) => merge(base, mine, theirs)),
		(hash) => holding.hasPassed(hash)
	);
	return saved === undefined ? { outcome: 'conflict' } : { outcome: 'saved', keys: [], beside: [] };
}

async function attempt(
	holding: Holding,
	change: (current: JsonObject) => JsonObject
): Promise<Attempt<undefined, AccountHead>> {
	const { link, open } = holding;
	const { request, next } = await buildAccountCommit(link.ports, open, change);
	const pin = await holding.pin();
	const hash = await sha256(request.manifest);
	return {
		hash,
		result: undefined,
		seq: next.manifest.seq,
		send: () => link.call(routes.accountCommit, { body: request }),
		adopt: () => holding.wroteAccount(next, vaultsUnder(next, open), hash),
		catchUp: (served) => holding.catchUpAccount(pin, served)
	};
}

async function buildAccountCommit(
	{ random, pins, now }: Ports,
	{ state, vaults }: OpenAccount,
	change: (current: JsonObject) => JsonObject
): Promise<{ request: AccountCommitRequest; next: AccountState }> {
	const { manifest: before, head: prev, keys } = state;
	const { account, generation } = before;
	const seq = before.seq + 1;
	const json = change(plain(state.settings ?? {}));
	const size = writeJson(json).length;
	if (size > SETTINGS_JSON_MAX_BYTES) {
		const detail = { size, limit: SETTINGS_JSON_MAX_BYTES };
		throw new KeyholderError('too-large', 'settings do not fit', detail);
	}
	const settings = await sealSettings(keys.settings, { account, generation, seq }, json, random);
	const manifest: AccountManifest = {
		...before,
		seq,
		prev,
		unixMs: now(),
		device: await pins.deviceId(),
		settingsHash: await sha256(settings),
		vaults: before.vaults.map((listed) => ({
			...listed,
			floorSeq: Math.max(listed.floorSeq, vaults.get(listed.id)?.manifest.seq ?? 0)
		}))
	};
	const wrapped = await sealAccountManifest(keys.manifest, manifest, random);
	const floors = new Map(manifest.vaults.map(({ id, floorSeq }) => [id, floorSeq]));
	const next: AccountState = {
		...state,
		manifest,
		head: await headOf(prev, wrapped),
		settings: json,
		vaults: state.vaults.map((place) => ({
			...place,
			floorSeq: floors.get(place.id) ?? place.floorSeq
		}))
	};
	const request = { expected: { seq: before.seq, head: prev }, settings, manifest: wrapped };
	return { request, next };
}

/** The same vaults, each with its new floor. */
function vaultsUnder(next: AccountState, { vaults }: OpenAccount): OpenAccount['vaults'] {
	return new Map(
		[...vaults].map(([id, vault]) => {
			const place = next.vaults.find((each) => each.id === id) ?? vault.place;
			return [id, { ...vault, place }];
		})
	);
}
