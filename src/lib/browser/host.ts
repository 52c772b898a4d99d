/**
 * The keyholder as the page reaches it: the same calls, each a promise, in a worker that can end.
 * Every call rejects with a FaultError, and with nothing else.
 */
import type { Id } from '#lib/api/wire.ts';
import type { Fault } from '#lib/browser/fault.ts';
import type { RestorePreview } from '#lib/browser/restore.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Settings } from '#lib/items/key.ts';
import type {
	AccountView,
	KeyEdit,
	KeyRef,
	ProveOutcome,
	ReadResult,
	RegisterOutcome,
	SaveResult,
	UnlockOutcome,
	UnlockStep
} from '#lib/keyholder/views.ts';

/** Why a secret is fetched; the activity log keeps it. */
export type ReadPurpose = 'copy' | 'reveal' | 'edit';

export type BackupStep =
	| { readonly step: 'reading' | 'restoring'; readonly done: number; readonly total: number }
	| { readonly step: 'encrypting' | 'checking' };

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

export interface Host {
	prepare(email: string, password: string): Promise<{ readonly kit: string }>;
	register(): Promise<RegisterOutcome>;
	unlock(
		email: string,
		password: string,
		onStep: (step: UnlockStep) => void
	): Promise<UnlockOutcome>;
	lock(): Promise<void>;
	signOut(): Promise<void>;
	view(): Promise<AccountView>;
	refresh(): Promise<AccountView>;
	read(ref: KeyRef, purpose: ReadPurpose): Promise<ReadResult>;
	save(edits: readonly KeyEdit[]): Promise<SaveResult>;
	/** @param base what the form was opened with */
	saveSettings(settings: Settings, base: Settings): Promise<SaveResult>;
	proveExport(password: string): Promise<ProveOutcome>;
	/** Reads and encrypts every key; needs {@link proveExport} before. */
	makeBackup(
		passphrase: string,
		onStep: (step: BackupStep) => void
	): Promise<{ readonly file: Bytes; readonly keys: number }>;
	/** Decrypts a backup and keeps it for {@link restoreBackup}. `file` is handed over. */
	openBackup(file: Bytes, passphrase: string): Promise<OpenedBackup>;
	/** Writes what was opened. After a fault it goes on where it was interrupted. */
	restoreBackup(onStep: (step: BackupStep) => void): Promise<RestoreResult>;
	/** Gives up making or opening, and forgets what was opened. */
	stopBackup(): Promise<void>;
	fingerprint(vault: Id, value: string): Promise<string>;
	/** Forgets on this device which account `email` means. */
	forgetAccount(email: string): Promise<void>;
	/** Ends the worker with everything it holds; calls under way fail with `worker-lost`. */
	end(): void;
}

/** @param onLost is told if the worker ends by itself; every later call fails with `worker-lost` */
export type StartHost = (onLost: (fault: Fault) => void) => Host;
