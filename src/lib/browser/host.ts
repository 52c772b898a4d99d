/**
 * The keyholder as the page reaches it: the same calls, each a promise, in a worker that can end.
 * Every call rejects with a FaultError, and with nothing else.
 */
import type { ActivityCountsReply, ActivityQuery } from '#lib/api/activity.ts';
import type { EmailChangeState } from '#lib/api/email-changes.ts';
import type { ErasureState } from '#lib/api/erasures.ts';
import type { RemindersState } from '#lib/api/reminders.ts';
import type { SecondFactorOff, SecondFactorOn, SecondFactorState } from '#lib/api/second-factor.ts';
import type { ListedSession } from '#lib/api/sessions.ts';
import type { Id } from '#lib/api/wire.ts';
import type { SealTo } from '#lib/backup/age.ts';
import type { Fault } from '#lib/browser/fault.ts';
import type { ExportHost } from '#lib/browser/export-host.ts';
import type { ImportHost } from '#lib/browser/import-host.ts';
import type { RestorePreview } from '#lib/browser/restore.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { ActivityNote } from '#lib/items/activity-note.ts';
import type { Settings } from '#lib/items/key.ts';
import type {
	AccountView,
	ActivityPage,
	Admission,
	ChangeOutcome,
	DropVaultOutcome,
	EmailOutcome,
	KeyEdit,
	KeyRef,
	KeyRow,
	MakeVaultOutcome,
	MoveResult,
	NewPasskey,
	PasskeyAnswer,
	PasskeyOffer,
	PasskeyRequest,
	ProveOutcome,
	ReadResult,
	RegisterOutcome,
	RestoredState,
	RotationOutcome,
	RotationPlan,
	RotationStep,
	SaveResult,
	UnlockOutcome,
	UnlockStep
} from '#lib/keyholder/views.ts';

/** Why a secret is fetched; the activity log keeps it. */
export type ReadPurpose = 'copy' | 'reveal' | 'edit';

export type BackupStep =
	| { readonly step: 'reading' | 'restoring'; readonly done: number; readonly total: number }
	| { readonly step: 'encrypting' | 'checking' };

export interface BackupFile {
	readonly file: Bytes;
	/** How many keys are in it. */
	readonly keys: number;
	/** Names of those that are not, because what the server has of them does not verify. */
	readonly spoiled: readonly string[];
}

export type OpenedBackup =
	| { readonly outcome: 'opened'; readonly preview: RestorePreview }
	| { readonly outcome: 'wrong-passphrase' };

/**
 * `divided`: it does not fit into one commit after all, and nothing was written; the preview says
 * into how many it is divided.   `conflict`: other devices were faster five times over; what is in so
 * far stays, and the rest is written when it is asked for again.
 */
export type RestoreResult =
	| { readonly outcome: 'restored' | 'conflict' }
	| { readonly outcome: 'divided'; readonly preview: RestorePreview };

export interface Host extends ExportHost, ImportHost {
	prepare(email: string, password: string): Promise<{ readonly kit: string }>;
	register(admission?: Admission): Promise<RegisterOutcome>;
	unlock(
		email: string,
		password: string,
		onStep: (step: UnlockStep) => void
	): Promise<UnlockOutcome>;
	/** After `second-factor`: the same proof with a code. Nothing is derived again. */
	unlockWithCode(code: string, onStep: (step: UnlockStep) => void): Promise<UnlockOutcome>;
	/**
	 * Opens with a recovery kit. Before anything else a new password is set by a rotation.
	 *
	 * @param link the token of the mailed link, where the server sends mail.
	 */
	unlockWithKit(
		email: string,
		kit: string,
		link: Bytes | undefined,
		onStep: (step: UnlockStep) => void
	): Promise<UnlockOutcome>;
	/** A sign-in by passkey, in two halves around the page's `navigator.credentials.get`. */
	askPasskey(): Promise<PasskeyRequest>;
	unlockWithPasskey(
		answer: PasskeyAnswer,
		onStep: (step: UnlockStep) => void
	): Promise<UnlockOutcome>;
	/**
	 * The email, typed after a sign-in by passkey: nothing that needs the password works before,
	 * because the email is in its salt and is never taken from a server.
	 */
	typeEmail(email: string): Promise<EmailOutcome>;
	/**
	 * Opens what another tab has open, by what it has lent. `stale`: those keys were replaced. `ended`: the
	 * session has ended, and nothing is lent any more.
	 */
	resume(
		onStep: (step: UnlockStep) => void
	): Promise<{ readonly outcome: 'unlocked' | 'nothing' | 'stale' | 'ended' }>;
	/** @param alone what other tabs were lent stays. */
	lock(alone?: boolean): Promise<void>;
	signOut(): Promise<void>;
	view(): Promise<AccountView>;
	refresh(): Promise<AccountView>;
	read(ref: KeyRef, purpose: ReadPurpose): Promise<ReadResult>;
	save(edits: readonly KeyEdit[]): Promise<SaveResult>;
	/** @param base what the form was opened with */
	saveSettings(settings: Settings, base: Settings): Promise<SaveResult>;
	makeVault(name: string): Promise<MakeVaultOutcome>;
	renameVault(vault: Id, name: string): Promise<SaveResult>;
	/** Needs {@link prove}. @param seq of the vault as it was shown */
	dropVault(vault: Id, seq: number): Promise<DropVaultOutcome>;
	/** Keys of one vault into another one: written there first, then dropped here. */
	moveKeys(rows: readonly KeyRow[], target: Id): Promise<MoveResult>;
	/**
	 * Asks for the password once more: for ten minutes it signs what needs a proof. Calls that need
	 * one and have none fail with `proof`.
	 */
	prove(password: string): Promise<ProveOutcome>;
	/** Wraps the account key anew; other sessions end. */
	changePassword(current: string, next: string, code?: string): Promise<ChangeOutcome>;
	/** Needs {@link prove}. The first half, before `navigator.credentials.create`. */
	offerPasskey(): Promise<PasskeyOffer>;
	/** The second half; asks for the password because the account key is wrapped once more. */
	addPasskey(passkey: NewPasskey, password: string, code?: string): Promise<ChangeOutcome>;
	renamePasskey(slot: Id, name: string): Promise<SaveResult>;
	/**
	 * Begins a rotation: makes the new kit and says what will be dropped. `nextPassword` if it is to
	 * change; after {@link unlockWithKit} there is no `password` and there must be a next one. After
	 * {@link lookAtRestore} it is the rotation of what was looked at, which {@link acceptRestore} does.
	 */
	planRotation(choice: {
		readonly password?: string;
		readonly nextPassword?: string;
	}): Promise<
		| { readonly outcome: 'planned'; readonly plan: RotationPlan }
		| { readonly outcome: 'wrong-password' }
	>;
	/** Asks a passkey that is to be kept: its touch gives the key that it is enrolled again with. */
	askKeptPasskey(slot: Id): Promise<PasskeyRequest>;
	keepPasskey(slot: Id, answer: PasskeyAnswer): Promise<RotationPlan>;
	/**
	 * Does what was planned, or nothing. Ends in the old state or the new one, whole; after a fault it
	 * may be asked for again, and finds out which. `proof`: the plan is older than ten minutes; it goes
	 * on after {@link prove}. `conflict`: another device has written; it may be asked for again, and is
	 * to be planned anew if that goes on, because the ways in are others now.
	 */
	rotate(onStep: (step: RotationStep) => void): Promise<RotationOutcome>;
	dropRotation(): Promise<void>;
	sessions(): Promise<readonly ListedSession[]>;
	/** These need {@link prove}. */
	endSession(id: Id): Promise<void>;
	endOtherSessions(): Promise<void>;
	secondFactor(): Promise<SecondFactorState>;
	/** Needs {@link prove}; the seed in base32 for an app, and as an otpauth address for a QR code. */
	askSecondFactorSeed(): Promise<{ readonly seed: string; readonly address: string }>;
	turnSecondFactorOn(code: string): Promise<SecondFactorOn>;
	turnSecondFactorOff(code: string): Promise<SecondFactorOff>;
	reminders(): Promise<RemindersState>;
	setReminders(days: readonly string[]): Promise<RemindersState>;
	emailChange(): Promise<EmailChangeState>;
	/** Needs {@link prove}. */
	askEmailChange(email: string): Promise<EmailChangeState>;
	/** Writes the confirmed email: the password is asked because the email is in its salt. */
	changeEmail(email: string, password: string, code?: string): Promise<ChangeOutcome>;
	/** Needs {@link prove}. Everything of the account is gone afterwards, and it is locked. */
	dropAccount(): Promise<void>;
	erasure(): Promise<ErasureState>;
	/**
	 * After unlocking failed with `rollback` or `fork`: verifies what is served as on a new device.
	 * Nothing is opened for use, and no pin is changed.
	 */
	lookAtRestore(
		email: string,
		password: string,
		code?: string
	): Promise<
		| { readonly outcome: 'found'; readonly state: RestoredState }
		| { readonly outcome: 'wrong-password' | 'second-factor' }
	>;
	/**
	 * Writes on top of what was looked at, replaces the pins and unlocks. After a fault it may be asked
	 * for again; after `conflict` it is to be looked at again. `rotate-first`: it holds keys that were
	 * given up, and no rotation is planned.
	 */
	acceptRestore(onStep: (step: RotationStep) => void): Promise<{
		readonly outcome: 'accepted' | 'conflict';
	}>;
	/** Reads and encrypts every key; needs {@link prove} before. */
	makeBackup(to: SealTo, onStep: (step: BackupStep) => void): Promise<BackupFile>;
	/** Decrypts a backup, or reads a plain one, and keeps it for {@link restoreBackup}. `file` is handed over. */
	openBackup(file: Bytes, secret: string): Promise<OpenedBackup>;
	/** Writes what was opened. After a fault it goes on where it was interrupted. */
	restoreBackup(onStep: (step: BackupStep) => void): Promise<RestoreResult>;
	/** Gives up making or opening, and forgets what was opened. */
	stopBackup(): Promise<void>;
	/** A page of the activity log, as the server tells it, with the notes of this account's clients. */
	activity(query: ActivityQuery): Promise<ActivityPage>;
	/** How many rows of it there are in each quarter of an hour since 1970, those that have some. */
	activityCounts(query: ActivityQuery): Promise<ActivityCountsReply['quarters']>;
	/** Writes into the log what the server cannot see by itself. */
	note(vault: Id, note: ActivityNote): Promise<void>;
	fingerprint(vault: Id, value: string): Promise<string>;
	/** Forgets on this device which account `email` means. */
	forgetAccount(email: string): Promise<void>;
	/** Ends the worker with everything it holds; calls under way fail with `worker-lost`. */
	end(): void;
}

/** @param onLost is told if the worker ends by itself; every later call fails with `worker-lost` */
export type StartHost = (onLost: (fault: Fault) => void) => Host;
