/**
 * Commits of the account: settings, a way in, the email, a vault. As one is written anyway, it also raises
 * the floor under every vault to what was verified. Norm: docs/protocol.md, 8 and 10.
 */
import type { AccountCommitRequest, AccountHead } from '#lib/api/account.ts';
import type { Call } from '#lib/api/client.ts';
import { Language } from '#lib/api/mail.ts';
import { routes } from '#lib/api/routes.ts';
import type { NewPasskeySlot, NewPasswordSlot, SpokenSlot } from '#lib/api/slots.ts';
import type { Id } from '#lib/api/wire.ts';
import { z } from '#lib/api/zod.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Settings } from '#lib/items/key.ts';
import { parseSettings } from '#lib/items/settings.ts';
import type { AccountState } from '#lib/keyholder/account-state.ts';
import type { ProveRequest } from '#lib/keyholder/action-proof.ts';
import { compareAndSwap, type Attempt } from '#lib/keyholder/compare-and-swap.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import { merge } from '#lib/keyholder/merge.ts';
import { listedSlot } from '#lib/keyholder/new-slots.ts';
import type { NewVault } from '#lib/keyholder/new-vault.ts';
import type { OpenAccount } from '#lib/keyholder/open-account.ts';
import type { Ports } from '#lib/keyholder/ports.ts';
import type { TypedEmail } from '#lib/keyholder/typed.ts';
import type { VaultPlace } from '#lib/keyholder/vault-state.ts';
import type { SaveResult } from '#lib/keyholder/views.ts';
import { orRefused, plain } from '#lib/keyholder/written-items.ts';
import {
	sealAccountManifest,
	type AccountManifest,
	type ManifestSlot
} from '#lib/protocol/account-manifest.ts';
import { head as headOf } from '#lib/protocol/chain.ts';
import { writeJson, type JsonObject } from '#lib/protocol/json.ts';
import { sealSettings, SETTINGS_JSON_MAX_BYTES } from '#lib/protocol/settings.ts';

/** A change of the account, applied to whatever it is by the time it is written. */
export interface AccountChange {
	/** Of the settings. */
	readonly settings?: (current: JsonObject) => JsonObject;
	/** A way in that is new, or wrapped anew. */
	readonly slot?: {
		readonly sent: NewPasswordSlot | NewPasskeySlot;
		/** As the server lists it afterwards. */
		readonly served: SpokenSlot;
		/** Whether what opens it was there before: then it is as old as it was. */
		readonly kept: boolean;
	};
	readonly email?: TypedEmail;
	readonly addedVault?: NewVault;
	/** Goes with all that is in it. */
	readonly droppedVault?: Id;
	/** @throws {KeyholderError} if it cannot be applied to what another device has written. */
	readonly check?: (state: AccountState) => void;
}

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
	const saved = await commitAccount(holding, {
		settings: (theirs) => merge(base, mine, theirs)
	});
	return saved ? { outcome: 'saved', keys: [], beside: [] } : { outcome: 'conflict' };
}

/**
 * Writes `change`, at most five times over.
 *
 * @param proof signs each request, where the change needs it.
 * @returns false if other devices were faster each time.
 */
export async function commitAccount(
	holding: Holding,
	change: AccountChange,
	proof?: ProveRequest
): Promise<boolean> {
	const saved = await compareAndSwap(
		() => attempt(holding, change, proof),
		(hash) => holding.hasPassed(hash)
	);
	return saved !== undefined;
}

async function attempt(
	holding: Holding,
	change: AccountChange,
	proof: ProveRequest | undefined
): Promise<Attempt<undefined, AccountHead>> {
	const { link, open } = holding;
	change.check?.(open.state);
	const { request, next } = await buildAccountCommit(link.ports, open, change);
	const pin = await holding.pin();
	const hash = await sha256(request.manifest);
	const call: Call<typeof routes.accountCommit> = {
		body: request,
		...(proof === undefined ? {} : { proof })
	};
	return {
		hash,
		result: undefined,
		seq: next.manifest.seq,
		send: () => link.call(routes.accountCommit, call),
		adopt: () => holding.wroteAccount(next, vaultsUnder(next, open, change), hash),
		catchUp: (served) => holding.catchUpAccount(pin, served)
	};
}

async function buildAccountCommit(
	ports: Ports,
	{ state, vaults }: OpenAccount,
	change: AccountChange
): Promise<{ request: AccountCommitRequest; next: AccountState }> {
	const { manifest: before, head: prev, keys } = state;
	const unixMs = ports.now();
	const slots = await slotsWith(state, change.slot, unixMs);
	const settings = await settingsWith(ports, state, change.settings);
	const manifest: AccountManifest = {
		...before,
		seq: before.seq + 1,
		prev,
		minProfile: Math.max(before.minProfile, lowestProfile(slots)),
		unixMs,
		device: await ports.pins.deviceId(),
		settingsHash: settings && (await sha256(settings.sealed)),
		slots,
		vaults: placesWith(state, change).map(({ id, generation, keyWrapHash, floorSeq }) => ({
			...{ id, generation, keyWrapHash },
			floorSeq: Math.max(floorSeq, vaults.get(id)?.manifest.seq ?? 0)
		}))
	};
	const wrapped = await sealAccountManifest(keys.manifest, manifest, ports.random);
	const request = {
		expected: { seq: before.seq, head: prev },
		slots: change.slot === undefined ? [] : [change.slot.sent],
		vaults: change.addedVault === undefined ? [] : [change.addedVault.sent],
		droppedVaults: change.droppedVault === undefined ? [] : [change.droppedVault],
		...(settings === undefined ? {} : { settings: settings.sealed }),
		...(change.email === undefined ? {} : { email: change.email.emailAsTyped }),
		...spokenIn(settings?.open, state.settings),
		manifest: wrapped
	};
	const head = await headOf(prev, wrapped);
	return { request, next: nextState(state, { manifest, head, settings: settings?.open }, change) };
}

/** The state once the commit is stored. */
function nextState(
	state: AccountState,
	written: Pick<AccountState, 'manifest' | 'head' | 'settings'>,
	change: AccountChange
): AccountState {
	const { slot, email } = change;
	const floors = new Map(written.manifest.vaults.map(({ id, floorSeq }) => [id, floorSeq]));
	const others = state.slots.filter(({ id }) => id !== slot?.served.id);
	return {
		...state,
		...written,
		servedEmail: email?.email ?? state.servedEmail,
		slots: slot === undefined ? state.slots : [...others, slot.served],
		vaults: placesWith(state, change).map((place) => ({
			...place,
			floorSeq: floors.get(place.id) ?? place.floorSeq
		}))
	};
}

/** Where the account's vaults will be: one more, or one less. */
function placesWith(
	{ vaults }: AccountState,
	{ addedVault, droppedVault }: AccountChange
): readonly VaultPlace[] {
	const kept = vaults.filter(({ id }) => id !== droppedVault);
	return addedVault === undefined ? kept : [...kept, addedVault.state.place];
}

async function slotsWith(
	{ manifest: { slots } }: AccountState,
	slot: AccountChange['slot'],
	nowMs: number
): Promise<readonly ManifestSlot[]> {
	if (slot === undefined) return slots;
	const { sent, kept } = slot;
	const before = slots.find(({ id }) => id === sent.id);
	const others = slots.filter(({ id }) => id !== sent.id);
	return [...others, await listedSlot(sent, kept ? (before?.createdMs ?? nowMs) : nowMs)];
}

/** The profile of the password: what the account demands from now on. */
function lowestProfile(slots: readonly ManifestSlot[]): number {
	return Math.min(...slots.flatMap(({ kind, profile }) => (kind === 1 ? [profile] : [])));
}

/** Settings are sealed for the seq of their manifest, so they are sealed anew in every commit. */
async function settingsWith(
	{ random }: Ports,
	{ manifest, keys, settings }: AccountState,
	change: AccountChange['settings']
): Promise<{ sealed: Bytes; open: JsonObject } | undefined> {
	if (change === undefined && settings === undefined) return undefined;
	const current = plain(settings ?? { v: 1 });
	const json = change?.(current) ?? current;
	const size = writeJson(json).length;
	if (size > SETTINGS_JSON_MAX_BYTES) {
		const detail = { size, limit: SETTINGS_JSON_MAX_BYTES };
		throw new KeyholderError('too-large', 'settings do not fit', detail);
	}
	const { account, generation, seq } = manifest;
	const place = { account, generation, seq: seq + 1 };
	const sealed = await sealSettings(keys.settings, place, json, random);
	return { sealed, open: json };
}

/** The language that was chosen just now, if the server can write mails in it. */
function spokenIn(
	settings: JsonObject | undefined,
	before: AccountState['settings']
): Pick<AccountCommitRequest, 'language'> {
	const chosen = settings?.['language'];
	if (chosen === plain(before ?? {})['language']) return {};
	const { data: language } = z.safeParse(Language, chosen);
	return language === undefined ? {} : { language };
}

/** The vaults as they will be, each with its new floor. */
function vaultsUnder(
	next: AccountState,
	{ vaults }: OpenAccount,
	{ addedVault }: AccountChange
): OpenAccount['vaults'] {
	return new Map(
		next.vaults.flatMap((place) => {
			const vault = vaults.get(place.id) ?? addedVault?.state;
			return vault === undefined ? [] : [[place.id, { ...vault, place }]];
		})
	);
}
