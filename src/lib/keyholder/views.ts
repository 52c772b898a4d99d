/**
 * What the keyholder tells its host: plain data that may cross to another thread. No key of an
 * account or vault is in it; the recovery kit, which opens the account, crosses once by `prepare`.
 */
import type { Id } from '#lib/api/wire.ts';
import type { Overview, Secret, Settings } from '#lib/items/key.ts';

export interface KeyRef {
	readonly vault: Id;
	readonly item: Id;
}

/** A key as the list shows it. `revision` is the seq of the commit that wrote its secret. */
export interface KeyRow extends KeyRef {
	readonly revision: number;
	readonly overview: Overview;
	/**
	 * This version cannot read the overview: what stands there is a blank, with a name at best. The
	 * key is kept as it is and cannot be edited.
	 */
	readonly unreadable?: true;
}

/** A secret with the row that named it: newer than the caller's if another device wrote meanwhile. */
export interface ReadResult {
	readonly row: KeyRow;
	readonly secret: Secret;
}

export interface VaultView {
	readonly id: Id;
	readonly name: string;
	readonly seq: number;
	readonly keys: readonly KeyRow[];
	/** When the newest commit says it was made, by the sealed manifest, in milliseconds since 1970. */
	readonly changedAtMs: number;
}

export interface AccountView {
	readonly account: Id;
	/** As typed on this device, normalised; never what a server sent. */
	readonly email: string;
	/**
	 * Whether this device remembered the account when it was unlocked. If not, nothing was compared
	 * with what it may have seen before: the state may be an old one.
	 */
	readonly known: boolean;
	/** When all of it was last fetched and verified, by this device's clock. */
	readonly verifiedAtMs: number;
	readonly vaults: readonly VaultView[];
	readonly settings: Settings;
}

/**
 * A change that a person wants. `base` is the row that the edit started from. Without a `secret` a
 * `change` writes the overview alone.
 */
export type KeyEdit =
	| {
			readonly kind: 'add';
			readonly vault: Id;
			readonly overview: Overview;
			readonly secret: Secret;
	  }
	| {
			readonly kind: 'change';
			readonly base: KeyRow;
			readonly overview: Overview;
			readonly secret?: Secret;
	  }
	| { readonly kind: 'drop'; readonly base: KeyRow };

/**
 * `saved`: `keys` are the rows as written, in the order of the edits that wrote one; `beside` lists
 * the ids among them that are new because another device had changed the key meanwhile.
 * `conflict`: other devices were faster five times over; nothing was written, try again.
 */
export type SaveResult =
	| {
			readonly outcome: 'saved';
			readonly keys: readonly KeyRow[];
			readonly beside: readonly Id[];
	  }
	| { readonly outcome: 'conflict' };

/** 1 derives keys from the password, 2 fetches, 3 verifies and opens `done` of `total` keys. */
export type UnlockStep =
	| { readonly step: 1 }
	| { readonly step: 2; readonly keys?: number }
	| { readonly step: 3; readonly done: number; readonly total: number };

export type RegisterOutcome = {
	readonly outcome: 'registered' | 'taken' | 'closed';
};

export type UnlockOutcome = { readonly outcome: 'unlocked' | 'wrong-password' };

/** `proved`: for ten minutes secrets may be read for a backup. */
export type ProveOutcome = { readonly outcome: 'proved' | 'wrong-password' };

/** One vault, opened whole, for a backup. */
export interface OpenedVault {
	readonly name: string;
	readonly keys: readonly { readonly overview: Overview; readonly secret: Secret }[];
}
