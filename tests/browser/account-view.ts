/** The view of an account as a worker holds it. */
import type { AccountView, KeyRow } from '#lib/keyholder/views.ts';
import { VAULT } from './keys.ts';

/** An account of one vault with these keys. */
export function accountViewOf(keys: readonly KeyRow[]): AccountView {
	return {
		account: 'a',
		email: 'ada@example.org',
		slots: [],
		unlockedBy: 'password',
		known: true,
		verifiedAtMs: 1,
		vaults: [{ id: VAULT, name: 'Personal', seq: 1, changedAtMs: 1, verifiedAtMs: 1, keys }],
		settings: { v: 1, vaults: {} }
	};
}
