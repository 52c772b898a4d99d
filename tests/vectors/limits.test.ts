/** Limits of the wire and of items are those of the records, which the server may not import. */
import { expect, test } from 'vitest';
import * as api from '#lib/api/limits.ts';
import { pad, padme, pagesOf } from '#lib/crypto/padding.ts';
import { SEAL_OVERHEAD_BYTES } from '#lib/crypto/seal.ts';
import { WRAP_OVERHEAD_BYTES } from '#lib/crypto/wrap.ts';
import { ENTRY_BYTES } from '#lib/items/key.ts';
import { SLOTS_PER_ACCOUNT, VAULTS_PER_ACCOUNT } from '#lib/protocol/account-manifest.ts';
import { SECRET_JSON_MAX_BYTES } from '#lib/protocol/secrets.ts';
import { SETTINGS_JSON_MAX_BYTES } from '#lib/protocol/settings.ts';
import { ENTRY_MAX_BYTES, ITEMS_PER_SHEET, SHEET_JSON_MAX_BYTES } from '#lib/protocol/sheets.ts';
import { ITEMS_PER_VAULT } from '#lib/protocol/vault-manifest.ts';
import { WRAPPED_KEY_BYTES } from '#lib/protocol/wrapped-keys.ts';

function padded(bytes: number, rule: (length: number) => number): number {
	return pad(new Uint8Array(bytes), rule).length;
}

test.each([
	['wrap overhead', api.WRAP_OVERHEAD_BYTES, WRAP_OVERHEAD_BYTES],
	['seal overhead', api.SEAL_OVERHEAD_BYTES, SEAL_OVERHEAD_BYTES],
	['wrapped key', api.WRAPPED_KEY_BYTES, WRAPPED_KEY_BYTES],
	['smallest secret', api.SECRET_MIN_BYTES, 256 + SEAL_OVERHEAD_BYTES],
	['largest secret', api.SECRET_MAX_BYTES, padded(SECRET_JSON_MAX_BYTES, padme) + 29],
	['smallest sheet', api.SHEET_MIN_BYTES, padded(1, pagesOf(4_096)) + 29],
	['largest sheet', api.SHEET_MAX_BYTES, padded(SHEET_JSON_MAX_BYTES, pagesOf(4_096)) + 29],
	['smallest settings', api.SETTINGS_MIN_BYTES, padded(1, pagesOf(1_024)) + 81],
	[
		'largest settings',
		api.SETTINGS_MAX_BYTES,
		padded(SETTINGS_JSON_MAX_BYTES, pagesOf(1_024)) + 81
	],
	['entry of a sheet', ENTRY_BYTES, ENTRY_MAX_BYTES],
	['items in a sheet', api.ITEMS_PER_SHEET, ITEMS_PER_SHEET],
	['items in a vault', api.ITEMS_PER_VAULT, ITEMS_PER_VAULT],
	['vaults', api.VAULTS_PER_ACCOUNT, VAULTS_PER_ACCOUNT],
	['slots', api.SLOTS_PER_ACCOUNT, SLOTS_PER_ACCOUNT]
])('%s', (_what, wire, record) => {
	expect(wire).toBe(record);
});
