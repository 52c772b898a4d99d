/**
 * What this device remembers in the open: the email used last, theme and language, how long unlocking takes;
 * and a tab of it, which vault it lists.
 * Nothing here is secret, and nothing breaks if storage is off: then nothing is remembered.
 */

import { languageOfTag, type Language } from '#lib/i18n/languages.ts';

export type Theme = 'system' | 'light' | 'dark';

/** `static/theme.js` reads it before the first paint. */
const THEME = 'keyhold.theme';
const LANGUAGE = 'keyhold.language';
const EMAIL = 'keyhold.email';
/** Of an account that this device has opened with no memory of it, until a person has confirmed it. */
const UNSEEN = 'keyhold.unseen.';
const UNLOCK_SECONDS = 'keyhold.unlock-seconds';
const SHOWN_VAULT = 'keyhold.vault';

/** Asked for each time: a browser may forbid it. */
const device = (): Storage => localStorage;
const tab = (): Storage => sessionStorage;

/** How much the newest unlock counts against those before. */
const NEWEST = 0.4;

export function readTheme(): Theme {
	const theme = get(THEME);
	return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export function writeTheme(theme: Theme): void {
	if (theme === 'system') remove(THEME);
	else set(THEME, theme);
}

/** The language that was chosen on this device; undefined if none was. */
export function readLanguage(): Language | undefined {
	return languageOfTag(get(LANGUAGE));
}

export function writeLanguage(language: Language): void {
	set(LANGUAGE, language);
}

/**
 * How this device came to open an account without a memory of it. `new`: it had never seen it, as
 * far as it knows.   `forgotten`: it still knew the email, so its memory of the account was erased.
 */
export type Unseen = 'new' | 'forgotten';

/** What a session is told of earlier ones. */
export interface Memory {
	/** The email used last, as it was typed; else empty. */
	email(): string;
	rememberEmail(email: string): void;
	forgetEmail(): void;
	/** Of an account that nobody has confirmed since. */
	unseen(account: string): Unseen | undefined;
	rememberUnseen(account: string, unseen: Unseen): void;
	forgetUnseen(account: string): void;
	/** What deriving usually takes; undefined before the first time. */
	usualSeconds(): number | undefined;
	tookSeconds(seconds: number): void;
}

/** The vault that this tab lists alone, by its random id: it stays so when the tab is loaded again. */
export function readShownVault(): string | undefined {
	return get(SHOWN_VAULT, tab);
}

export function writeShownVault(id: string | undefined): void {
	if (id === undefined) remove(SHOWN_VAULT, tab);
	else set(SHOWN_VAULT, id, tab);
}

export const deviceMemory: Memory = {
	email: () => get(EMAIL) ?? '',
	rememberEmail(email) {
		set(EMAIL, email);
	},
	forgetEmail() {
		remove(EMAIL);
	},
	unseen(account) {
		const unseen = get(UNSEEN + account);
		return unseen === 'new' || unseen === 'forgotten' ? unseen : undefined;
	},
	rememberUnseen(account, unseen) {
		set(UNSEEN + account, unseen);
	},
	forgetUnseen(account) {
		remove(UNSEEN + account);
	},
	usualSeconds: readUnlockSeconds,
	tookSeconds(seconds) {
		const before = readUnlockSeconds();
		const usual = before === undefined ? seconds : before + NEWEST * (seconds - before);
		set(UNLOCK_SECONDS, usual.toFixed(2));
	}
};

function readUnlockSeconds(): number | undefined {
	const seconds = Number(get(UNLOCK_SECONDS));
	return seconds > 0 && seconds < 3_600 ? seconds : undefined;
}

function get(name: string, storage = device): string | undefined {
	try {
		return storage().getItem(name) ?? undefined;
	} catch {
		return undefined;
	}
}

function set(name: string, text: string, storage = device): void {
	try {
		storage().setItem(name, text);
	} catch {
		// Full or forbidden: it is asked for again next time.
	}
}

function remove(name: string, storage = device): void {
	try {
		storage().removeItem(name);
	} catch {
		// Forbidden: then it was never set.
	}
}
