/** What a session needs of its tab, passed in. */
import type { Id } from '#lib/api/wire.ts';
import type { Clock } from '#lib/browser/clock.ts';
import type { Memory } from '#lib/browser/device/remembered.ts';
import type { StartHost } from '#lib/browser/host.ts';
import type { PasskeyDoor } from '#lib/browser/passkey.ts';
import type { LockReason } from '#lib/browser/session-phase.ts';

export interface SessionPorts {
	readonly clock: Clock;
	readonly memory: Memory;
	readonly startHost: StartHost;
	/** Undefined where the browser has no passkeys. */
	readonly passkeys?: Pick<PasskeyDoor, 'touch'> | undefined;
	/** This tab was unlocked and has locked. */
	readonly tellLocked?: (reason: LockReason) => void;
	/** This tab has opened this account. */
	readonly tellOpened?: (account: Id) => void;
	/** Whether another tab has lent what opens the account; undefined where none can. */
	readonly lends?: () => Promise<boolean>;
	/** Something was written by this tab. */
	readonly tellChanged?: () => void;
}
