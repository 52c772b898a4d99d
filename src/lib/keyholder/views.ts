/**
 * What the keyholder tells its host: plain data that may cross to another thread. No key of an
 * account or vault is in it; the recovery kit, which opens the account, crosses once by `prepare`.
 */
import type { ActivityDevice, ActivityRow } from '#lib/api/activity.ts';
import type { Language } from '#lib/api/mail.ts';
import type { Id } from '#lib/api/wire.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { ActivityNote } from '#lib/items/activity-note.ts';
import type { Overview, Secret, Settings } from '#lib/items/key.ts';
import type { SheetEntry } from '#lib/protocol/sheets.ts';

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
	/**
	 * When it was last verified to be the newest that the server shows, by this device's clock: it was
	 * fetched, or the server took a change of this device on top of it.
	 */
	readonly verifiedAtMs: number;
}

export interface AccountView {
	readonly account: Id;
	/**
	 * As typed on this device, normalised; never what a server sent. Empty after a sign-in by passkey
	 * on a device that does not know it.
	 */
	readonly email: string;
	/** The ways in, as the account manifest lists them. */
	readonly slots: readonly SlotView[];
	/** The slot that unlocked it. */
	readonly unlockedBy: 'password' | 'recovery' | 'passkey';
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
			/** What it is a copy of: members that this version does not know are kept. */
			readonly like?: SheetEntry;
	  }
	| {
			readonly kind: 'change';
			readonly base: KeyRow;
			readonly overview: Overview;
			readonly secret?: Secret;
			/** Nothing is written if another device has changed the key, instead of a second key. */
			readonly yields?: boolean;
	  }
	| { readonly kind: 'drop'; readonly base: KeyRow };

/**
 * `saved`: `keys` are the rows as written, in the order of the edits that wrote one; `beside` lists
 * the ids among them that are new because another device had changed the key meanwhile.
 * `earlier`: the edits of an earlier one of the {@link SaveTries}, which is in after all: `keys` are
 * its rows, and nothing of this one was written.
 * `conflict`: other devices were faster five times over; nothing was written, try again.
 */
export type SaveResult =
	| {
			readonly outcome: 'saved';
			readonly keys: readonly KeyRow[];
			readonly beside: readonly Id[];
			readonly earlier?: readonly KeyEdit[];
	  }
	| { readonly outcome: 'conflict' };

/** What a commit that was sent wrote, if it has arrived. */
export interface SaveTry {
	/** SHA-256 of its manifest. */
	readonly hash: Bytes;
	readonly result: {
		readonly edits: readonly KeyEdit[];
		readonly keys: readonly KeyRow[];
		readonly beside: readonly Id[];
	};
}

/**
 * Every try to save one thing in one vault, whatever a person changes about it between them: at most
 * one of them is written. It begins empty, and the keyholder fills it.
 */
export type SaveTries = SaveTry[];

/** What became of a vault. `changed`: another device has written into it since it was looked at. */
export type MakeVaultOutcome =
	{ readonly outcome: 'made'; readonly vault: Id } | { readonly outcome: 'conflict' };
export type DropVaultOutcome = { readonly outcome: 'dropped' | 'changed' | 'conflict' };

/**
 * `moved`: those that are in `left` stand in both vaults, because another device has changed them
 * while they were copied.   `conflict`: other devices were faster five times over; it may be asked
 * for again, and what is in both vaults by then is not copied once more.
 */
export type MoveResult =
	| { readonly outcome: 'moved'; readonly keys: readonly KeyRow[]; readonly left: number }
	| { readonly outcome: 'conflict' };

/** 1 derives keys from the password, 2 fetches, 3 verifies and opens `done` of `total` keys. */
export type UnlockStep =
	| { readonly step: 1 }
	| { readonly step: 2; readonly keys?: number }
	| { readonly step: 3; readonly done: number; readonly total: number };

/** A way in. `name` and `usedAtMs` of a passkey: what its owner called it, what the server says. */
export interface SlotView {
	readonly id: Id;
	readonly kind: 'password' | 'recovery' | 'passkey';
	/** Argon2id's, of the password. */
	readonly profile?: number;
	readonly createdAtMs: number;
	readonly name?: string;
	readonly usedAtMs?: number;
}

/**
 * `confirm`: a mail is on its way; once its link was followed, register again signs in.
 * `link`: the invitation is not good.   `setup-code`: the code from the log is missing or wrong.
 */
export type RegisterOutcome = {
	readonly outcome: 'registered' | 'confirm' | 'taken' | 'closed' | 'link' | 'setup-code';
};

/**
 * What registering needs besides the account: an invitation, or the set-up code, where asked for; the
 * language of the mails that the account gets; and what its first vault is called, sealed.
 */
export interface Admission {
	readonly language?: Language;
	readonly vaultName?: string;
	readonly invitation?: Bytes;
	readonly setupCode?: string;
}

/**
 * `wrong-password`: the server does not take the password; or it does not know the kit, or the
 * passkey, or the kit is not of the account with this email.
 * `second-factor`: the proof is good, the code is missing or wrong; call `unlockWithCode`, which
 * derives nothing again.   `link`: a sign-in by kit needs the mailed link here.
 */
export type UnlockOutcome = {
	readonly outcome: 'unlocked' | 'wrong-password' | 'second-factor' | 'link';
};

/** Of opening with what another tab has lent. `stale`: those keys were replaced. */
export interface ResumeOutcome {
	readonly outcome: 'unlocked' | 'stale';
}

/** What the page hands to `navigator.credentials`: nothing in it is secret. */
export interface PasskeyRequest {
	/** SHA-256 of the message to be signed. */
	readonly challenge: Bytes;
	/** The constant that the PRF is evaluated on. */
	readonly prfInput: Bytes;
	/** The only credentials that may answer; empty for any. */
	readonly allowed: readonly Bytes[];
}

/** What came back. `prf` opens the account: it goes to the keyholder and nowhere else. */
export interface PasskeyAnswer {
	readonly credential: Bytes;
	readonly clientData: Bytes;
	readonly authenticatorData: Bytes;
	readonly signature: Bytes;
	/** The account id that the passkey was made for; of a sign-in. */
	readonly userHandle?: Bytes;
	readonly prf: Bytes;
}

/** What the page hands to `navigator.credentials.create`. */
export interface PasskeyOffer {
	readonly challenge: Bytes;
	readonly prfInput: Bytes;
	/** The account id. */
	readonly userHandle: Bytes;
	readonly userName: string;
	/** Credentials of this account that an authenticator must not hold twice. */
	readonly excluded: readonly Bytes[];
}

export interface NewPasskey {
	readonly credential: Bytes;
	readonly clientData: Bytes;
	readonly attestationObject: Bytes;
	readonly prf: Bytes;
	readonly name: string;
}

/** `wrong-password` and `second-factor` as at unlocking; nothing was changed then. */
export type ChangeOutcome = {
	readonly outcome: 'changed' | 'wrong-password' | 'second-factor' | 'conflict';
};

/** What a rotation keeps and drops, named before the person agrees. */
export interface RotationPlan {
	/** The new recovery kit, in the place of the one before: shown and confirmed before it begins. */
	readonly kit: string;
	readonly keys: number;
	/** Passkeys that were not touched. */
	readonly dropped: readonly SlotView[];
	/** The password, as it is or as it will be, and passkeys that were touched. */
	readonly kept: readonly SlotView[];
}

/** `reading`: every secret is fetched and verified; `sending`: sealed anew, in parts; `switching`: the one request. */
export type RotationStep =
	| { readonly step: 'reading' | 'sending'; readonly done: number; readonly total: number }
	| { readonly step: 'switching' };

export type RotationOutcome = { readonly outcome: 'rotated' | 'conflict' };

/** What the operator restored, beside what this device had seen. */
export interface RestoredState {
	/** Of the account, or of the vault that lacks most of what was seen; `pinnedSeq` is 0 if nothing was. */
	readonly servedSeq: number;
	readonly pinnedSeq: number;
	/** By the sealed manifest. */
	readonly changedAtMs: number;
	readonly keys: number;
	/**
	 * It holds keys from before a rotation: they are replaced before anything else is written, so a
	 * rotation is planned before it is accepted.
	 */
	readonly rotates: boolean;
}

/** `other`: the account has another email. */
export type EmailOutcome = { readonly outcome: 'taken' | 'other' };

/** `proved`: for ten minutes what needs a proof may be asked for. */
export type ProveOutcome = { readonly outcome: 'proved' | 'wrong-password' };

/** One vault, opened whole, for a backup. */
export interface OpenedVault {
	readonly name: string;
	readonly keys: readonly { readonly overview: Overview; readonly secret: Secret }[];
}

/** A row of the server's log. `note` is what a client of this account said of it, and nobody else. */
export type ActivityLine = Omit<ActivityRow, 'note'> & { readonly note?: ActivityNote };

/** Newest first. */
export interface ActivityPage {
	readonly lines: readonly ActivityLine[];
	readonly more: boolean;
	readonly devices: readonly ActivityDevice[];
}
