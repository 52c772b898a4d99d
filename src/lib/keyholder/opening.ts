/**
 * Unlocking. The order is that of docs/protocol.md, 9, and nothing of it may be moved:
 *
 * account against the email's pin -> profile allowed -> derive -> sign -> receive -> slot wrap
 * opens, generation matches -> account manifest opens, chain against the pin, this slot and this
 * wrap are listed -> vault key wraps by hash -> vault manifests, chain against the pins -> sheets
 * by hash -> only then unlocked, and only then do pins rise.
 */
import type { AccountHead } from '#lib/api/account.ts';
import { openingRoutes } from '#lib/api/opening-routes.ts';
import type { Id } from '#lib/api/wire.ts';
import { verifyAccount, type AccountState, type Verifying } from '#lib/keyholder/account-state.ts';
import type { EarlyVaults, ServedVault } from '#lib/keyholder/early-vaults.ts';
import { pinChange, wholeVault } from '#lib/keyholder/holding.ts';
import type { Link } from '#lib/keyholder/link.ts';
import { wipe, wipeAccountKeys, wipeFresh, type OpenAccount } from '#lib/keyholder/open-account.ts';
import { openSlot, type ProvenSlot, type Wrapped } from '#lib/keyholder/opened-slot.ts';
import type { AccountPin, PinChange } from '#lib/keyholder/pins.ts';
import type { TypedEmail } from '#lib/keyholder/typed.ts';
import {
	openVault,
	verifyHeading,
	type VaultHeading,
	type VaultPlace,
	type VaultState
} from '#lib/keyholder/vault-state.ts';
import type { UnlockStep } from '#lib/keyholder/views.ts';
import { accountKeys } from '#lib/protocol/account-keys.ts';
import { demand } from '#lib/protocol/errors.ts';

export type OnStep = (step: UnlockStep) => void;

/** What a proof gave, and what came before it. */
export interface Proven extends Wrapped {
	readonly account: Id;
	readonly slot: ProvenSlot;
	readonly typed: TypedEmail | undefined;
	/** As it was read before anything was asked for. */
	readonly pin: AccountPin | undefined;
	/** What the server said of the account already, not verified yet. */
	readonly served?: AccountHead | undefined;
	/** What it sent of the vaults already. */
	readonly early?: EarlyVaults | undefined;
}

/** Everything after the proof, up to the verified account. Pins are the caller's to raise. */
export async function receive(link: Link, proven: Proven, onStep: OnStep): Promise<OpenAccount> {
	const { pin, account, typed, slot, early } = proven;
	const call = pin === undefined ? {} : { query: { after: String(pin.seq) } };
	const served = proven.served ?? (await link.call(openingRoutes.account, call));
	demand(served.account === account, 'answer about another account');
	const { accountKey, opened } = await openSlot(link.ports.origin, slot, proven, served);
	const keys = await accountKeys(accountKey).finally(() => accountKey.fill(0));
	const expected = { account, slot: opened, keys, typed, pin, early };
	return await verifyAll(link, expected, served, onStep);
}

/** Whose answer is verified, with which keys, against what. */
interface Expected extends Verifying {
	readonly typed: TypedEmail | undefined;
	readonly pin: AccountPin | undefined;
	readonly early?: EarlyVaults | undefined;
}

/** The account as it was served, then its vaults. If it does not hold, the keys are wiped. */
export async function verifyAll(
	link: Link,
	{ typed, pin, early, ...verifying }: Expected,
	served: AccountHead,
	onStep: OnStep
): Promise<OpenAccount> {
	let state: AccountState | undefined;
	try {
		const point = { from: pin, pin, trail: link.trail };
		state = await verifyAccount(verifying, served, point);
		const vaults = await receiveVaults(link, state, { pin, early }, onStep);
		link.life.check();
		const verifiedAtMs = link.ports.now();
		const known = pin !== undefined;
		const verified = { verifiedAtMs, verifiedSince: new Map() };
		return { typed, state, vaults, ...verified, known, mustRotate: false };
	} catch (error) {
		wipeAccountKeys(verifying.keys);
		wipeFresh(state?.vaults ?? []);
		throw error;
	}
}

/** Stores the pins of what was opened, or wipes it. */
export async function remember(
	link: Link,
	open: OpenAccount,
	email?: PinChange['email'],
	replace = false
): Promise<void> {
	try {
		link.life.check();
		await link.ports.pins.save({
			...(email === undefined ? {} : { email }),
			account: pinChange(link, open),
			replace
		});
		link.life.check();
	} catch (error) {
		wipe(open);
		throw error;
	}
}

/**
 * All sheets of all vaults: a device that has just unlocked has none of its own. Of the chains only
 * what came after the pins, or none: they grow with every commit, for ever.
 */
async function receiveVaults(
	link: Link,
	state: AccountState,
	{ pin, early }: Pick<Expected, 'pin' | 'early'>,
	onStep: OnStep
): Promise<ReadonlyMap<Id, VaultState>> {
	const arrived: (ServedVault & { place: VaultPlace; heading: VaultHeading })[] = [];
	for (const place of state.vaults) {
		const from = pin?.vaults[place.id];
		const came = (await early?.get(place.id)) ?? {
			served: await link.call(openingRoutes.vault, wholeVault(place.id, from))
		};
		const known = { from, pin: from, trail: link.trail };
		arrived.push({ ...came, place, heading: await verifyHeading(place, came.served, known) });
	}
	const total = arrived.reduce((sum, { heading }) => sum + heading.manifest.itemCount, 0);
	onStep({ step: 2, keys: total });
	const vaults = new Map<Id, VaultState>();
	let done = 0;
	onStep({ step: 3, done, total });
	for (const { place, served, heading, hashes } of arrived) {
		const onOpened = (entries: number) => {
			done += entries;
			onStep({ step: 3, done, total });
		};
		const vault = await openVault(place, served, heading, { hashes, onOpened });
		vaults.set(place.id, vault);
	}
	return vaults;
}
