/**
 * What one tab of a browser lends the next one, in its exact form: whoever is handed it looks first,
 * because a port does not say who speaks.
 */
import { EMAIL_MAX_CHARACTERS } from '#lib/encoding/email.ts';
import { isExactly, isWithin } from '#lib/encoding/exact.ts';
import { isId, type Id } from '#lib/encoding/id.ts';

export interface Lent {
	readonly account: Id;
	/** Of the account key. */
	readonly generation: number;
	/** The slot that was unlocked with. */
	readonly slot: { readonly id: Id; readonly kind: 1 | 2 | 3 };
	readonly typed?: { readonly emailAsTyped: string; readonly email: string } | undefined;
	/** For WebCrypto to derive from. One that a program could read is not lent, and not taken. */
	readonly keys: {
		readonly manifest: CryptoKey;
		readonly vaultWrap: CryptoKey;
		readonly settings: CryptoKey;
	};
	/** When it is to be forgotten. */
	readonly autoLock: { readonly idleMinutes?: number; readonly afterSleep?: boolean };
}

const MEMBERS = ['account', 'generation', 'slot', 'keys', 'autoLock'] as const;
const KEYS = ['manifest', 'vaultWrap', 'settings'] as const;

export function isLent(value: unknown): value is Lent {
	return (
		isExactly(value, MEMBERS, ['typed']) &&
		isIdText(value['account']) &&
		isWithin(value['generation'], 1, 0xffff_ffff) &&
		isSlot(value['slot']) &&
		(value['typed'] === undefined || isTyped(value['typed'])) &&
		areKeys(value['keys']) &&
		isAutoLock(value['autoLock'])
	);
}

function isIdText(value: unknown): boolean {
	return typeof value === 'string' && isId(value);
}

function isSlot(value: unknown): boolean {
	return isExactly(value, ['id', 'kind']) && isIdText(value['id']) && isWithin(value['kind'], 1, 3);
}

function isTyped(value: unknown): boolean {
	return (
		isExactly(value, ['emailAsTyped', 'email']) &&
		Object.values(value).every(
			(email) => typeof email === 'string' && email.length <= EMAIL_MAX_CHARACTERS
		)
	);
}

function areKeys(value: unknown): boolean {
	return isExactly(value, KEYS) && Object.values(value).every(isEnclosed);
}

function isEnclosed(key: unknown): boolean {
	return (
		key instanceof CryptoKey &&
		!key.extractable &&
		key.algorithm.name === 'HKDF' &&
		key.usages.join() === 'deriveBits'
	);
}

function isAutoLock(value: unknown): boolean {
	if (!isExactly(value, [], ['idleMinutes', 'afterSleep'])) return false;
	const { idleMinutes = 1, afterSleep = false } = value;
	return isWithin(idleMinutes, 1, 1_440) && typeof afterSleep === 'boolean';
}
