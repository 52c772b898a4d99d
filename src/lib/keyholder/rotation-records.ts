/**
 * All records of a rotation: every vault sealed again, and the account manifest that lists the new
 * slots, keys and settings. Norm: docs/protocol.md, 8 and 10.
 */
import type { RotationRequest } from '#lib/api/account.ts';
import { COMMIT_BODY_BYTES } from '#lib/api/limits.ts';
import type { RotationPart } from '#lib/api/rotations.ts';
import type { SpokenSlot } from '#lib/api/slots.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import { idText } from '#lib/encoding/id.ts';
import { readSettings } from '#lib/items/settings.ts';
import { passwordSlotOf, type AccountState } from '#lib/keyholder/account-state.ts';
import type { ProveRequest } from '#lib/keyholder/action-proof.ts';
import { recordJsonBytes } from '#lib/keyholder/commit-records.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import { vaultOf, wipeAccountKeys, type OpenAccount } from '#lib/keyholder/open-account.ts';
import type { Wrapping } from '#lib/keyholder/new-slots.ts';
import type { Ports } from '#lib/keyholder/ports.ts';
import { readEvery } from '#lib/keyholder/rotation-reading.ts';
import { passkeyOf, type EnrolledSlot } from '#lib/keyholder/rotation-slots.ts';
import { VaultAnew, type BuiltVault } from '#lib/keyholder/rotation-vault.ts';
import { plain } from '#lib/keyholder/written-items.ts';
import { accountKeys, type AccountKeys } from '#lib/protocol/account-keys.ts';
import { sealAccountManifest, type AccountManifest } from '#lib/protocol/account-manifest.ts';
import { head as headOf } from '#lib/protocol/chain.ts';
import { SLOT_KIND } from '#lib/protocol/slots.ts';
import type { JsonObject } from '#lib/protocol/json.ts';
import { sealSettings } from '#lib/protocol/settings.ts';

/** A slot, with its names and bytes in JSON; rounded up. */
const SLOT_JSON_BYTES = 1_024;

/** What the account consists of once it is switched. */
export type NextOpen = Pick<OpenAccount, 'state' | 'vaults'>;

export interface BuiltRotation {
	readonly parts: readonly RotationPart[];
	readonly request: RotationRequest;
	/** SHA-256 of the account manifest: where that hash is, the rotation is. */
	readonly hash: Bytes;
	readonly next: NextOpen;
}

/**
 * Reads everything, and seals it again as it is read. Nothing is written.
 *
 * @param onRead called with the number of secrets read and of all.
 * @returns undefined if another device has written meanwhile.
 * @throws {KeyholderError} if anything does not verify or does not fit.
 */
export async function buildRotation(
	holding: Holding,
	key: Wrapping,
	slots: readonly EnrolledSlot[],
	proof: ProveRequest,
	onRead: (done: number, total: number) => void
): Promise<BuiltRotation | undefined> {
	const { ports } = holding.link;
	const { state } = holding.open;
	const keys = await accountKeys(key.accountKey);
	const anew: VaultAnew[] = [];
	let built: BuiltRotation | undefined;
	try {
		for (const { id } of state.vaults) {
			const before = vaultOf(holding.open, id);
			anew.push(await VaultAnew.begin(ports, before, key, keys.vaultWrap));
		}
		if (!(await readAllInto(holding, anew, proof, onRead))) return undefined;
		const vaults: BuiltVault[] = [];
		for (const vault of anew) vaults.push(await vault.build());
		built = await buildAccount(ports, state, keys, slots, vaults);
		return built;
	} finally {
		if (built === undefined) {
			wipeAccountKeys(keys);
			for (const vault of anew) vault.wipe();
		}
	}
}

async function readAllInto(
	holding: Holding,
	anew: readonly VaultAnew[],
	proof: ProveRequest,
	onRead: (done: number, total: number) => void
): Promise<boolean> {
	const total = anew.reduce((sum, { before }) => sum + before.items.size, 0);
	let done = 0;
	onRead(done, total);
	for (const vault of anew) {
		const whole = await readEvery(
			holding,
			vault.before,
			proof,
			(open, secret) => vault.take(open, secret),
			(secrets) => {
				done += secrets;
				onRead(done, total);
			}
		);
		if (!whole) return false;
	}
	return true;
}

async function buildAccount(
	{ random, pins, now }: Ports,
	state: AccountState,
	keys: AccountKeys,
	slots: readonly EnrolledSlot[],
	vaults: readonly BuiltVault[]
): Promise<BuiltRotation> {
	const { manifest: before, head: prev, settings } = state;
	const { account } = before;
	const [generation, seq] = [before.generation + 1, before.seq + 1];
	const kept = settings && withoutDropped(settings, slots);
	const sealed =
		kept && (await sealSettings(keys.settings, { account, generation, seq }, kept, random));
	const places = vaults.map(({ next }) => next.place);
	const manifest: AccountManifest = {
		...before,
		generation,
		seq,
		prev,
		unixMs: now(),
		device: await pins.deviceId(),
		settingsHash: sealed && (await sha256(sealed)),
		slots: slots.map(({ listed }) => listed),
		vaults: places.map(({ id, generation: ofVault, keyWrapHash, floorSeq }) => {
			return { id, generation: ofVault, keyWrapHash, floorSeq };
		})
	};
	const wrapped = await sealAccountManifest(keys.manifest, manifest, random);
	const request: RotationRequest = {
		rotation: idText(random(16)),
		expected: { seq: before.seq, head: prev },
		slots: slots.map(({ slot }) => slot),
		vaults: vaults.map((vault) => vault.request),
		...(sealed === undefined ? {} : { settings: sealed }),
		manifest: wrapped
	};
	checkRotationSize(request);
	const next: AccountState = {
		...state,
		// The password was typed for the rotation, whatever unlocked the account before.
		slot: { id: passwordSlotOf(state).id, kind: SLOT_KIND.password },
		slots: slots.map(({ slot }) => shownSlot(slot, state.slots)),
		keys,
		manifest,
		head: await headOf(prev, wrapped),
		settings: kept,
		vaults: places
	};
	return {
		parts: vaults.flatMap(({ parts }) => parts),
		request,
		hash: await sha256(wrapped),
		next: { state: next, vaults: new Map(vaults.map(({ next: vault }) => [vault.place.id, vault])) }
	};
}

/** What dropped passkeys were called goes with them. */
function withoutDropped(settings: JsonObject, slots: readonly EnrolledSlot[]): JsonObject {
	const { passkeys } = readSettings(settings);
	if (passkeys === undefined) return settings;
	const kept = Object.entries(passkeys).filter(([id]) => slots.some(({ slot }) => slot.id === id));
	return plain({ ...settings, passkeys: Object.fromEntries(kept) });
}

/** A slot as the server will list it. */
function shownSlot(slot: EnrolledSlot['slot'], before: readonly SpokenSlot[]): SpokenSlot {
	const { id, revision } = slot;
	switch (slot.kind) {
		case SLOT_KIND.password: {
			const { kind, profile, salt, authPublicKey } = slot;
			return { id, kind, profile, salt, authPublicKey, revision };
		}
		case SLOT_KIND.recovery: {
			const { kind, locator, authPublicKey } = slot;
			return { id, kind, locator, authPublicKey, revision };
		}
		case SLOT_KIND.passkey:
			return { ...passkeyOf(before, id), revision };
	}
}

/**
 * The switch names every vault at once: what would not fit into one request is not begun.
 *
 * @throws {KeyholderError} `too-large`
 */
export function checkRotationSize({
	slots,
	vaults,
	manifest,
	settings
}: Pick<RotationRequest, 'slots' | 'vaults' | 'manifest' | 'settings'>): void {
	const blobs = vaults.flatMap((vault) => [vault.keyWrap, vault.manifest]);
	if (settings !== undefined) blobs.push(settings);
	const size = [manifest, ...blobs].reduce(
		(sum, blob) => sum + recordJsonBytes(blob),
		slots.length * SLOT_JSON_BYTES
	);
	if (size <= COMMIT_BODY_BYTES) return;
	const detail = { size, limit: COMMIT_BODY_BYTES };
	throw new KeyholderError('too-large', 'too many sheets for one rotation', detail);
}
