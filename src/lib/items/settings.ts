/**
 * The sealed settings: what vaults are called, and what the person prefers on every device.
 */
import {
	list,
	members,
	type Members,
	oneOf,
	optional,
	text,
	texts,
	version1,
	whole,
	without,
	yesNo
} from '#lib/items/json.ts';
import {
	ItemError,
	type AutoLockSettings,
	type PasskeySettings,
	type Preferences,
	type SavedView,
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
	'characterKeys',
	'name',
	'passkeys',
	'views'
] as const;
const SORTINGS = ['name', 'expiry', 'added', 'changed', 'provider'] as const;
const GROUPINGS = ['project', 'environment', 'provider'] as const;
/** More than fit on a screen. */
export const VIEWS = 50;
/** Words that a view lets through, of each facet. */
const VIEW_WORDS = 200;
/** As many vaults as an account may have (docs/protocol.md, 11). */
const VAULTS = 64;
/** More than an account has at one time: names of passkeys that are gone may stand there still. */
const PASSKEYS = 64;
/** Of a person, a passkey or a vault, in UTF-16 units: what fits on a line. */
export const NAME_LENGTH = 100;

/** The settings of a new account: one vault. */
export function newSettings(vault: string, name: string): Settings {
	return { v: 1, vaults: { [vault]: { name } } };
}

/**
 * `settings`, in which the passkey with this slot is called `name`.
 *
 * @throws {ItemError} `empty`, or `format` if it is too long.
 */
export function withPasskeyName(settings: Settings, slot: string, name: string): Settings {
	if (name.trim() === '') throw new ItemError('empty', 'passkey without a name');
	const passkeys = { ...settings.passkeys, [slot]: { ...settings.passkeys?.[slot], name } };
	return parseSettings({ ...settings, passkeys });
}

/**
 * `settings`, in which the vault with this id is called `name`, and only those `there` have a name
 * besides.
 *
 * @throws {ItemError} `empty`, or `format` if it is too long.
 */
export function withVaultName(
	settings: Settings,
	vault: string,
	name: string,
	there: readonly string[]
): Settings {
	if (name.trim() === '') throw new ItemError('empty', 'vault without a name');
	if (name.length > NAME_LENGTH) {
		const size = { is: name.length, limit: NAME_LENGTH };
		throw new ItemError('format', 'name is too long', size);
	}
	const { vaults } = withoutVault(settings, undefined, there);
	return { ...settings, vaults: { ...vaults, [vault]: { ...vaults[vault], name } } };
}

/** `settings` without what they say of the vault `gone`, and of any that is not among `there`. */
export function withoutVault(
	settings: Settings,
	gone: string | undefined,
	there: readonly string[]
): Settings {
	const kept = Object.entries(settings.vaults).filter(([id]) => id !== gone && there.includes(id));
	return { ...settings, vaults: Object.fromEntries(kept) };
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
		...optional(given, 'characterKeys', yesNo),
		...optional(given, 'name', shortText),
		...optional(given, 'passkeys', (object, name) => passkeysFrom(object[name])),
		...optional(given, 'views', (object, name) => list(object, name, VIEWS, viewFrom))
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

function passkeysFrom(json: unknown): Record<string, PasskeySettings> {
	const entries = Object.entries(members(json, 'passkeys'));
	if (entries.length > PASSKEYS) {
		throw new ItemError('format', 'too many passkeys', { is: entries.length, limit: PASSKEYS });
	}
	return Object.fromEntries(
		entries.map(([id, settings]) => {
			const passkey = members(settings, 'passkey');
			return [id, { ...passkey, name: shortText(passkey, 'name') }];
		})
	);
}

function viewFrom(json: unknown): SavedView {
	const view = members(json, 'view');
	const words = (object: Members, name: string) => texts(object, name, VIEW_WORDS);
	return {
		...view,
		name: shortText(view, 'name'),
		...optional(view, 'query', text),
		...optional(view, 'due', yesNo),
		...optional(view, 'archived', yesNo),
		...optional(view, 'environments', words),
		...optional(view, 'projects', words),
		...optional(view, 'providers', words),
		...optional(view, 'tags', words),
		...optional(view, 'sort', (object, name) => oneOf(object, name, SORTINGS)),
		...optional(view, 'group', (object, name) => oneOf(object, name, GROUPINGS))
	};
}

function shortText(object: Members, name: string): string {
	const value = text(object, name);
	if (value.length <= NAME_LENGTH) return value;
	throw new ItemError('format', `${name} is too long`, { is: value.length, limit: NAME_LENGTH });
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
