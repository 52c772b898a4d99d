/** Settings of an account: preferences, and the names of its vaults. Norm: docs/protocol.md, 6. */
import type { KeyMaterial } from '#lib/crypto/hkdf.ts';
import { pad, pagesOf, unpad } from '#lib/crypto/padding.ts';
import type { Random } from '#lib/crypto/random.ts';
import { unwrap, wrap } from '#lib/crypto/wrap.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { context, PURPOSE } from '#lib/protocol/context.ts';
import { ProtocolError } from '#lib/protocol/errors.ts';
import { readJson, writeJson, type JsonObject } from '#lib/protocol/json.ts';

/** Of the JSON: 64 pages of 1,024 less the padding's prefix. Wrapped they are at most 65,617. */
export const SETTINGS_JSON_MAX_BYTES = 65_532;

const PAGES = /* @__PURE__ */ pagesOf(1_024);

interface SettingsPlace {
	readonly account: Id;
	/** Of the account key. */
	readonly generation: number;
	/** Of the account manifest that lists them. */
	readonly seq: number;
}

/** @throws {ProtocolError} `format` if the JSON is larger than 65,532 bytes. */
export async function sealSettings(
	key: KeyMaterial,
	place: SettingsPlace,
	settings: object,
	random: Random
): Promise<Bytes> {
	const json = writeJson(settings);
	if (json.length > SETTINGS_JSON_MAX_BYTES)
		throw new ProtocolError('format', 'settings are too large');
	return wrap(key, settingsContext(place), pad(json, PAGES), random);
}

/**
 * Reverses {@link sealSettings}. The caller has compared the hash with the account manifest's.
 *
 * @throws {CryptoError | ProtocolError} `format`, `unsupported`, `integrity`
 */
export async function openSettings(
	key: KeyMaterial,
	place: SettingsPlace,
	wrapped: Bytes
): Promise<JsonObject> {
	const json = unpad(await unwrap(key, settingsContext(place), wrapped), PAGES);
	if (json.length > SETTINGS_JSON_MAX_BYTES)
		throw new ProtocolError('format', 'settings are too large');
	const settings = readJson(json);
	if (settings['v'] !== 1) throw new ProtocolError('unsupported', 'settings of another version');
	return settings;
}

function settingsContext({ account, generation, seq }: SettingsPlace): Bytes {
	return context({ purpose: PURPOSE.settings, generation, account, revision: seq });
}
