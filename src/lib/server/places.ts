/** Where wrapped values of accounts and vaults stand; see wrap/wrapper.ts. */
import type { Id } from '#lib/encoding/id.ts';
import type { Place } from '#lib/server/wrap/wrapper.ts';

export function accountPlace(account: Id, column: 'email' | 'manifest' | 'settings'): Place {
	return { table: 'accounts', row: [account], column };
}

export function vaultPlace(account: Id, vault: Id, column: 'manifest' | 'key_wrap'): Place {
	return { table: 'vaults', row: [account, vault], column };
}

/** `id` is a sheet's or an item's. */
export function recordPlace(table: 'sheets' | 'secrets', account: Id, vault: Id, id: Id): Place {
	return { table, row: [account, vault, id], column: 'blob' };
}

/** A session's row is named by the hash of its token, in base64url. */
export function sessionPlace(tokenHash: string): Place {
	return { table: 'sessions', row: [tokenHash], column: 'device' };
}

export function seedPlace(account: Id): Place {
	return { table: 'second_factors', row: [account], column: 'seed' };
}

export function auditDevicePlace(account: string, id: string): Place {
	return { table: 'audit_devices', row: [account, id], column: 'name' };
}

export function notePlace(account: Id, vault: Id, id: Id): Place {
	return { table: 'notes', row: [account, vault, id], column: 'blob' };
}
