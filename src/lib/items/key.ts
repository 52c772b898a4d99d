/**
 * A key: what a person keeps. Two records hold it: the overview, which the list shows and which is
 * sealed in a sheet, and the secret, which is fetched and opened only when it is used.
 *
 * Members that this version does not know are kept: every object here may carry more than its type
 * says, so it is always changed by copying (`{ ...overview, name }`), never by building it anew.
 */

/** One key as the list knows it. At most {@link ENTRY_BYTES} with what surrounds it in a sheet. */
export interface Overview {
	readonly v: 1;
	readonly name: string;
	/** Id of a row in `providers.ts`, or the person's own word. */
	readonly provider?: string;
	readonly envVars: readonly string[];
	readonly project?: string;
	readonly environment?: string;
	readonly tags: readonly string[];
	/** Where the key is made or managed. Shown and opened by the person only, never fetched. */
	readonly url?: string;
	readonly note?: string;
	/** Milliseconds since 1970; 0 where the client that wrote it did not say. */
	readonly createdAt: number;
	/** When a value was last changed, in milliseconds since 1970. Rotation counts from here. */
	readonly changedAt: number;
	/** The last day on which it works, `YYYY-MM-DD`. */
	readonly expiresOn?: string;
	readonly rotateEveryDays?: number;
	/** When the person wants a mail about it: a Monday or the first of a month, `YYYY-MM-DD`. */
	readonly reminderOn?: string;
	readonly status: Status;
	readonly revoked?: Revoked;
	readonly archivedAt?: number;
	readonly trashedAt?: number;
	readonly fields: readonly FieldOverview[];
	/** How many previous values the secret holds. */
	readonly previousCount?: number;
	/** When the first of them is to be dropped, in milliseconds since 1970. */
	readonly previousUntil?: number;
	/** As {@link FieldOverview.fingerprint}, of values that were replaced, newest first. */
	readonly previousFingerprints?: readonly string[];
}

export type Status = 'active' | 'revoked' | 'archived';

export interface Revoked {
	readonly at: number;
	readonly reason?: string;
}

/** One value of a key, without the value. */
export interface FieldOverview {
	readonly name: string;
	/** Whether it is masked on screen. A user name or a region need not be. */
	readonly hidden: boolean;
	readonly hint?: Hint;
	/** Base64url of the keyed hash of the value (docs/protocol.md, 6); the keyholder fills it. */
	readonly fingerprint?: string;
}

/**
 * What a masked value shows: the public prefix of its provider, and its last four characters. Of a
 * value that is not hidden the prefix is all of it, and nothing is behind it.
 */
export interface Hint {
	readonly prefix: string;
	readonly last: string;
}

/** The values of a key, at most {@link SECRET_BYTES} of JSON. */
export interface Secret {
	readonly v: 1;
	readonly fields: readonly Field[];
	/** Newest first, at most {@link PREVIOUS_VALUES}. */
	readonly previous?: readonly PreviousValue[];
}

export interface Field {
	readonly name: string;
	readonly value: string;
}

export interface PreviousValue {
	readonly replacedAt: number;
	/** Until when the provider still takes it, as far as the person said. */
	readonly keepUntil?: number;
	readonly fields: readonly Field[];
}

/** Vault names and preferences, sealed. */
export interface Settings extends Preferences {
	readonly v: 1;
	readonly vaults: Readonly<Record<string, VaultSettings>>;
}

/** What a person likes on every device. */
export interface Preferences {
	readonly theme?: 'system' | 'light' | 'dark';
	/** A BCP 47 tag. */
	readonly language?: string;
	readonly density?: 'comfortable' | 'compact';
	readonly autoLock?: AutoLockSettings;
	readonly clipboardSeconds?: number;
	/** Whether single letters act (WCAG 2.1.4). */
	readonly characterKeys?: boolean;
	/** What the person is called on their own screens. */
	readonly name?: string;
	/** What passkeys are called, by the id of their slot. */
	readonly passkeys?: Readonly<Record<string, PasskeySettings>>;
	/** Lists that the person has made and named, in their order. */
	readonly views?: readonly SavedView[];
}

export type Facet = 'environments' | 'projects' | 'providers' | 'tags';
export type Grouping = 'project' | 'environment' | 'provider';
export type Sorting = 'name' | 'expiry' | 'added' | 'changed' | 'provider';

/** What a list shows, and how. Of each facet one word is enough. */
export interface ListView extends Readonly<Partial<Record<Facet, readonly string[]>>> {
	readonly query?: string;
	readonly due?: boolean;
	/** The archived ones alone. */
	readonly archived?: boolean;
	readonly sort?: Sorting;
	readonly group?: Grouping;
}

export interface SavedView extends ListView {
	readonly name: string;
}

export interface PasskeySettings {
	readonly name: string;
}

export interface VaultSettings {
	readonly name: string;
}

export interface AutoLockSettings {
	readonly idleMinutes?: number;
	readonly onHide?: boolean;
	readonly afterSleep?: boolean;
}

/** What a person typed or pasted, before it is a key, and what an edit form starts from. */
export interface Draft {
	readonly name: string;
	readonly provider?: string;
	readonly envVars?: readonly string[];
	readonly project?: string;
	readonly environment?: string;
	readonly tags?: readonly string[];
	readonly url?: string;
	readonly note?: string;
	readonly expiresOn?: string;
	readonly rotateEveryDays?: number;
	readonly fields: readonly DraftField[];
}

export interface DraftField {
	readonly name: string;
	readonly value: string;
	readonly hidden: boolean;
}

/** One entry of a sheet, of which the overview is a part, in bytes of JSON (docs/protocol.md, 7). */
export const ENTRY_BYTES = 4_000;
/** One secret in bytes of JSON (docs/protocol.md, 11). */
export const SECRET_BYTES = 65_532;
/** Previous values that a secret keeps. */
export const PREVIOUS_VALUES = 10;
/** Values of one key: more is a file, not a key. */
export const FIELDS_PER_KEY = 32;

/**
 * `format`: a known member is missing, of another type or out of bounds.
 * `unsupported`: a version that is newer than this program.
 * `empty`: no name or no value.   `entry-too-large`: the overview does not fit into its entry.
 * `secret-too-large`: the values alone do not fit.   `too-many`: more fields than a key holds.
 */
export type ItemErrorCode =
	'format' | 'unsupported' | 'empty' | 'entry-too-large' | 'secret-too-large' | 'too-many';

export class ItemError extends Error {
	override readonly name = 'ItemError';
	constructor(
		readonly code: ItemErrorCode,
		/** For the log: names members, never holds what they say. */
		message: string,
		/** Bytes or counts, so that a sentence can say by how much. */
		readonly size?: { readonly is: number; readonly limit: number }
	) {
		super(message);
	}
}
