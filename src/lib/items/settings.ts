/**
 * The sealed settings: what vaults are called, and what the person prefers on every device.
 */
import {
	members,
	oneOf,
	optional,
	text,
	version1,
	whole,
	without,
	yesNo,
	type Members
} from '#lib/items/json.ts';
import {
	ItemError,
	type AutoLockSettings,
	type Preferences,
	type Settings,
	type VaultSettings
} from '#lib/items/key.ts';

/** A day: more is "never", and that is not offered. */
const IDLE_MINUTES = 1_440;
const CLIPBOARD_SECONDS = 600;
const THEMES = ['system', 'light', 'dark'] as const;
const DENSITIES = ['comfortable', 'compact'] as const;
const PREFERENCES = [
	'theme',
	'language',
	'density',
	'autoLock',
	'clipboardSeconds',
	'characterKeys'
] as const;
/** As many vaults as an account may have (docs/protocol.md, 11). */
const VAULTS = 64;

/** The settings of a new account: one vault. */
export function newSettings(vault: string, name: string): Settings {
	return { v: 1, vaults: { [vault]: { name } } };
}

/**
 * Reads settings that were opened. A preference that another client wrote and this one cannot read
 * is as if it were not there: a colour must not lock anybody out of an account.
 *
 * @throws {ItemError} `format`, `unsupported`
 */
export function readSettings(json: unknown): Settings {
	const given = members(json, 'settings');
	return parseSettings(
		without(
			given,
			PREFERENCES.filter((name) => !isReadable(given, name))
		)
	);
}

/**
 * Settings that may be written; unknown members stay on the objects.
 *
 * @throws {ItemError} `format`, `unsupported`
 */
export function parseSettings(json: unknown): Settings {
	const given = members(json, 'settings');
	return {
		...given,
		v: version1(given, 'settings'),
		vaults: Object.hasOwn(given, 'vaults') ? vaultsFrom(given['vaults']) : {},
		...preferencesFrom(given)
	};
}

function isReadable(given: Members, name: (typeof PREFERENCES)[number]): boolean {
	if (!Object.hasOwn(given, name)) return true;
	try {
		preferencesFrom({ [name]: given[name] });
		return true;
	} catch (error) {
		if (!(error instanceof ItemError)) throw error;
		return false;
	}
}

function preferencesFrom(given: Members): Preferences {
	return {
		...optional(given, 'theme', (object, name) => oneOf(object, name, THEMES)),
		...optional(given, 'language', text),
		...optional(given, 'density', (object, name) => oneOf(object, name, DENSITIES)),
		...optional(given, 'autoLock', (object, name) => autoLockFrom(object[name])),
		...optional(given, 'clipboardSeconds', (object, name) =>
			whole(object, name, 1, CLIPBOARD_SECONDS)
		),
		...optional(given, 'characterKeys', yesNo)
	};
}

function vaultsFrom(json: unknown): Record<string, VaultSettings> {
	const entries = Object.entries(members(json, 'vaults'));
	if (entries.length > VAULTS) {
		throw new ItemError('format', 'too many vaults', { is: entries.length, limit: VAULTS });
	}
	return Object.fromEntries(
		entries.map(([id, settings]) => {
			const vault = members(settings, 'vault');
			return [id, { ...vault, name: text(vault, 'name') }];
		})
	);
}

function autoLockFrom(json: unknown): AutoLockSettings {
	const given = members(json, 'autoLock');
	return {
		...given,
		...optional(given, 'idleMinutes', (object, name) => whole(object, name, 1, IDLE_MINUTES)),
		...optional(given, 'onHide', yesNo),
		...optional(given, 'afterSleep', yesNo)
	};
}
