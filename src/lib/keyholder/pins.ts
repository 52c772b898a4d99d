/**
 * Pins: how far this device has seen the chains of manifests. What a server later serves must have
 * the pinned manifest among its ancestors, so nothing that was seen here can be taken back
 * unnoticed. Norm: docs/protocol.md, 9.
 *
 * Pins rise only after a verified read or an acknowledged commit, and they are stored before its
 * outcome is told.
 */
import type { Id } from '#lib/api/wire.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { equal, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { sha256 } from '#lib/crypto/hash.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';

/** Which account an email means on this device, and the profile its password is derived under. */
export interface EmailPin {
	readonly account: Id;
	readonly profile: number;
}

/** The last manifest of one chain that was verified: its place, its hash, its key's generation. */
export interface ChainPin {
	readonly generation: number;
	readonly seq: number;
	readonly head: Bytes;
}

export interface AccountPin extends ChainPin {
	readonly vaults: Readonly<Record<Id, ChainPin>>;
}

/** What is stored in one transaction. */
export interface PinChange {
	readonly email?: { readonly hash: string; readonly pin: EmailPin };
	readonly account?: {
		readonly id: Id;
		readonly pin: AccountPin;
		/** Whether the manifest with this head is known to be an ancestor of the pinned one. */
		readonly descendsFrom: (head: Bytes) => boolean;
		/**
		 * The pin that a person has given up, to accept what an operator restored. It is the one that
		 * is replaced, and no other: one that another tab has stored since was not given up.
		 */
		readonly replaces?: AccountPin;
	};
	/** The email may mean another account from now on: a new registration only. */
	readonly replace?: boolean;
}

/**
 * The device's memory. Several tabs share it: `save` reads, applies {@link settle} and writes in
 * one transaction, so no seq and no profile ever falls in the store.
 */
export interface PinStore {
	/** A random id of this device, made once. */
	deviceId(): Promise<Id>;
	/** By {@link emailHash}: the store never learns an address. */
	email(emailHash: string): Promise<EmailPin | undefined>;
	account(id: Id): Promise<AccountPin | undefined>;
	/** @throws {KeyholderError} `rollback`, `fork` as {@link settle} does; then nothing is stored. */
	save(change: PinChange): Promise<void>;
	/**
	 * Forgets which account the email means. The account's own pins stay, unless it is named too:
	 * only one that was deleted is.
	 */
	forget(emailHash: string, account?: Id): Promise<void>;
}

/** What a store holds of the email and of the account that a change is about. */
export interface StoredPins {
	readonly email?: EmailPin | undefined;
	readonly account?: AccountPin | undefined;
}

/** Base64url of the SHA-256 of a normalised email. */
export async function emailHash(email: string): Promise<string> {
	return encode(await sha256(utf8(email)));
}

/**
 * What a store writes when it holds `stored` and is told `change`.
 *
 * @throws {KeyholderError} `rollback` if the email meant another account, `fork` as {@link raise} does.
 */
export function settle(
	stored: StoredPins,
	{ email, account, replace = false }: PinChange
): StoredPins {
	return {
		...(email === undefined
			? {}
			: { email: replace ? email.pin : sameEmail(stored.email, email.pin) }),
		...(account === undefined ? {} : { account: nextPin(stored.account, account) })
	};
}

function nextPin(
	stored: AccountPin | undefined,
	{ pin, descendsFrom, replaces }: NonNullable<PinChange['account']>
): AccountPin {
	const givenUp = replaces !== undefined && stored !== undefined && samePins(stored, replaces);
	return givenUp ? pin : raise(stored, pin, descendsFrom);
}

function samePins(a: AccountPin, b: AccountPin): boolean {
	const vaults = Object.entries(a.vaults);
	return (
		samePin(a, b) &&
		vaults.length === Object.keys(b.vaults).length &&
		vaults.every(([id, pin]) => samePin(pin, b.vaults[id]))
	);
}

function samePin(a: ChainPin, b: ChainPin | undefined): boolean {
	if (b === undefined) return false;
	return a.generation === b.generation && a.seq === b.seq && equal(a.head, b.head);
}

function sameEmail(stored: EmailPin | undefined, next: EmailPin): EmailPin {
	if (stored === undefined) return next;
	if (stored.account !== next.account) {
		throw new KeyholderError('rollback', 'the email meant another account');
	}
	return { ...next, profile: Math.max(stored.profile, next.profile) };
}

/**
 * The higher of two pins, chain by chain: what a store keeps when it held `stored` and is told `next`.
 *
 * One that another tab stored while an answer was on its way was not compared with that answer. If
 * it is higher it stays, and the caller compares; if not, `next` must be known to descend from it.
 *
 * @throws {KeyholderError} `fork` if it is not: two tabs of this device were shown different histories.
 */
export function raise(
	stored: AccountPin | undefined,
	next: AccountPin,
	descendsFrom: (head: Bytes) => boolean
): AccountPin {
	if (stored === undefined) return next;
	const { generation, seq, head } = higher(stored, next, descendsFrom);
	const listed = next.seq >= stored.seq ? next.vaults : stored.vaults;
	const vaults: Record<Id, ChainPin> = {};
	for (const [id, pin] of Object.entries(listed)) {
		const [a, b] = [stored.vaults[id], next.vaults[id]];
		vaults[id] = a !== undefined && b !== undefined ? higher(a, b, descendsFrom) : pin;
	}
	return { generation, seq, head, vaults };
}

function higher(
	stored: ChainPin,
	next: ChainPin,
	descendsFrom: (head: Bytes) => boolean
): ChainPin {
	if (stored.seq > next.seq) return stored;
	if (equal(stored.head, next.head)) return next;
	if (stored.seq === next.seq || !descendsFrom(stored.head)) {
		throw new KeyholderError('fork', 'another tab was shown another history');
	}
	return next;
}
