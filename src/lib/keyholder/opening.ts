/**
 * Unlocking. The order is that of docs/protocol.md, 9, and nothing of it may be moved:
 *
 * account against the email's pin -> profile allowed -> derive -> sign -> receive -> slot wrap
 * opens, generation matches -> account manifest opens, chain against the pin, this slot and this
 * wrap are listed -> vault key wraps by hash -> vault manifests, chain against the pins -> sheets
 * by hash -> only then unlocked, and only then do pins rise.
 */
import type { AccountHead } from '#lib/api/account.ts';
import { routes } from '#lib/api/routes.ts';
import type { VaultHead } from '#lib/api/vaults.ts';
import type { Id } from '#lib/api/wire.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { equal, type Bytes } from '#lib/encoding/bytes.ts';
import {
	isSpoken,
	verifyAccount,
	type AccountState,
	type UsedSlot
} from '#lib/keyholder/account-state.ts';
import type { Link } from '#lib/keyholder/link.ts';
import { wipe, wipeAccountKeys, wipeFresh, type OpenAccount } from '#lib/keyholder/open-account.ts';
import { pinChange, wholeVault } from '#lib/keyholder/holding.ts';
import { emailHash, type AccountPin } from '#lib/keyholder/pins.ts';
import {
	askToUnlock,
	checkChallenge,
	derivePasswordKeys,
	verify,
	type Asked,
	type PasswordKeys
} from '#lib/keyholder/proving.ts';
import type { Typed, TypedEmail } from '#lib/keyholder/typed.ts';
import {
	openVault,
	verifyHeading,
	type VaultHeading,
	type VaultPlace,
	type VaultState
} from '#lib/keyholder/vault-state.ts';
import type { UnlockStep } from '#lib/keyholder/views.ts';
import { accountKeys, type AccountKeys } from '#lib/protocol/account-keys.ts';
import { demand } from '#lib/protocol/errors.ts';
import { passwordDescriptor, SLOT_KIND } from '#lib/protocol/slots.ts';
import { unwrapAccountKey } from '#lib/protocol/wrapped-keys.ts';

type OnStep = (step: UnlockStep) => void;

/** What a proof gave, and what came before it. */
interface Proven {
	readonly asked: Asked;
	readonly keys: PasswordKeys;
	readonly wrap: Bytes;
	readonly pin: AccountPin | undefined;
}

/** @returns undefined if the server does not take the password. */
export async function unlockAccount(
	link: Link,
	typed: Typed,
	onStep: OnStep
): Promise<OpenAccount | undefined> {
	try {
		return await proveAndOpen(link, typed, onStep);
	} finally {
		// Refused before it was derived from, it would stay.
		typed.password.fill(0);
	}
}

async function proveAndOpen(
	link: Link,
	typed: Typed,
	onStep: OnStep
): Promise<OpenAccount | undefined> {
	const { pins, now } = link.ports;
	onStep({ step: 1 });
	const hash = await emailHash(typed.email);
	const emailPin = await pins.email(hash);
	const before = emailPin && (await pins.account(emailPin.account));
	const asked = await askToUnlock(link, typed, emailPin, before);
	checkChallenge(asked.reply, emailPin, now());
	const pin = before ?? (await pins.account(asked.reply.account));
	const keys = await derivePasswordKeys(link, typed, asked.reply);
	try {
		onStep({ step: 2 });
		const wrap = await verify(link, asked, keys.signing);
		if (wrap === undefined) return undefined;
		const { emailAsTyped, email } = typed;
		const open = await receive(link, { emailAsTyped, email }, { asked, keys, wrap, pin }, onStep);
		await remember(link, { hash, profile: asked.reply.profile }, open);
		return open;
	} finally {
		keys.kek.fill(0);
	}
}

/**
 * Stores the pins of what was opened, or wipes it.
 *
 * @param replace whether the email may mean another account from now on.
 */
export async function remember(
	link: Link,
	{ hash, profile }: { readonly hash: string; readonly profile: number },
	open: OpenAccount,
	replace = false
): Promise<void> {
	try {
		link.life.check();
		await link.ports.pins.save({
			email: { hash, pin: { account: open.state.account, profile } },
			account: pinChange(link, open),
			replace
		});
		link.life.check();
	} catch (error) {
		wipe(open);
		throw error;
	}
}

/** Everything after the proof, up to the verified account. Pins are the caller's to raise. */
export async function receive(
	link: Link,
	typed: TypedEmail,
	proven: Proven,
	onStep: OnStep
): Promise<OpenAccount> {
	const { pin, asked } = proven;
	const { account } = asked.reply;
	const call = pin === undefined ? {} : { query: { after: String(pin.seq) } };
	const served = asked.served ?? (await link.call(routes.account, call));
	const { slot, keys } = await openSlot(proven, served);
	let state: AccountState | undefined;
	try {
		state = await verifyAccount({ account, slot, keys }, served, {
			from: pin,
			pin,
			trail: link.trail
		});
		const vaults = await receiveVaults(link, state, pin, onStep);
		link.life.check();
		return { typed, state, vaults, verifiedAtMs: link.ports.now(), known: pin !== undefined };
	} catch (error) {
		wipeAccountKeys(keys);
		wipeFresh(state?.vaults ?? []);
		throw error;
	}
}

/** Opens the slot's wrap; what the server lists beside it must be what the challenge said. */
async function openSlot(
	{ asked: { reply }, keys: { kek, signing }, wrap }: Proven,
	served: AccountHead
): Promise<{ slot: UsedSlot; keys: AccountKeys }> {
	const { account, slot: id, profile, salt } = reply;
	const listed = served.slots.filter(isSpoken).find((slot) => slot.id === id);
	demand(listed?.kind === SLOT_KIND.password, 'the slot that proved is not there');
	demand(listed.profile === profile, 'slot of another profile than challenged');
	demand(equal(listed.salt, salt), 'slot of another salt than challenged');
	const accountKey = await unwrapAccountKey({
		account,
		slot: id,
		descriptor: await passwordDescriptor(profile, salt),
		revision: listed.revision,
		generation: served.generation,
		kek,
		wrapped: wrap
	});
	try {
		const wrapHash = await sha256(wrap);
		const slot = { id, profile, salt, authPublicKey: signing.publicKey, wrapHash };
		return { slot, keys: await accountKeys(accountKey) };
	} finally {
		accountKey.fill(0);
	}
}

/**
 * All sheets of all vaults: a device that has just unlocked has none of its own. Of the chains only
 * what came after the pins, or none: they grow with every commit, for ever.
 */
async function receiveVaults(
	link: Link,
	state: AccountState,
	pin: AccountPin | undefined,
	onStep: OnStep
): Promise<ReadonlyMap<Id, VaultState>> {
	const arrived: { place: VaultPlace; served: VaultHead; heading: VaultHeading }[] = [];
	for (const place of state.vaults) {
		const from = pin?.vaults[place.id];
		const served = await link.call(routes.vault, wholeVault(place.id, from));
		const known = { from, pin: from, trail: link.trail };
		arrived.push({ place, served, heading: await verifyHeading(place, served, known) });
	}
	const total = arrived.reduce((sum, { heading }) => sum + heading.manifest.itemCount, 0);
	onStep({ step: 2, keys: total });
	const vaults = new Map<Id, VaultState>();
	let done = 0;
	onStep({ step: 3, done, total });
	for (const { place, served, heading } of arrived) {
		const vault = await openVault(place, served, heading, undefined, (entries) => {
			done += entries;
			onStep({ step: 3, done, total });
		});
		vaults.set(place.id, vault);
	}
	return vaults;
}
