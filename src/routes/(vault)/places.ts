/** Where one can go in an open vault. */
import * as m from '#lib/i18n/generated/messages.js';

export const PLACES = [
	{ path: '/wallet', label: m.nav_wallet },
	{ path: '/activity', label: m.nav_activity },
	{ path: '/trash', label: m.nav_trash },
	{ path: '/backup', label: m.nav_backup },
	{ path: '/security', label: m.nav_security },
	{ path: '/settings', label: m.nav_settings }
] as const;

/** Those at the thumb; the others are reached from the settings. */
export const TABS = [PLACES[0], PLACES[1], PLACES[4], PLACES[5]] as const;
