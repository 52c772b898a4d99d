/** Where one can go in an open vault, and the letter that follows `g` on the way there. */
import * as m from '#lib/i18n/generated/messages.js';

export const PLACES = [
	{ path: '/wallet', key: 'w', label: m.nav_wallet },
	{ path: '/activity', key: 'a', label: m.nav_activity },
	{ path: '/import', key: 'i', label: m.nav_import },
	{ path: '/trash', key: 't', label: m.nav_trash },
	{ path: '/backup', key: 'b', label: m.nav_backup },
	{ path: '/security', key: 's', label: m.nav_security },
	{ path: '/settings', key: ',', label: m.nav_settings }
] as const;

/** Those at the thumb; the others are reached from the settings. */
export const TABS = [PLACES[0], PLACES[1], PLACES[5], PLACES[6]] as const;

/** Left out of a narrow bar; they are in the settings and in the palette. */
export const RARE: readonly string[] = [PLACES[2].path, PLACES[3].path];
