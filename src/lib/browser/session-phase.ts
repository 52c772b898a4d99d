/** Where a session stands, and why. */
/**
 * `touching`: a passkey is waited for.   `held`: it is open in the worker and nothing of it is shown,
 * because its keys are replaced, or a restored state is accepted, before it is used.
 */
export type Phase =
	'starting' | 'locked' | 'touching' | 'deriving' | 'fetching' | 'verifying' | 'held' | 'unlocked';

/**
 * Why it is locked, where that is worth a sentence. `expired`: the server ended the session.
 * `elsewhere`: it was asked for in another tab.
 */
export const LOCK_REASONS = [
	'asked',
	'idle',
	'hidden',
	'slept',
	'left',
	'elsewhere',
	'signed-out',
	'expired',
	'lost'
] as const;
export type LockReason = (typeof LOCK_REASONS)[number];

/** What the worker keeps while it is locked: an account that is not sent yet, or keys that a code is awaited for. */
export type Kept = 'account' | 'code';

export type Attempt<Value> =
	{ readonly outcome: 'done'; readonly value: Value } | { readonly outcome: 'stopped' | 'failed' };
