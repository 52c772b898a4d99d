/** Where one can go in an open vault. */
import * as m from '#lib/i18n/generated/messages.js';

export const PLACES = [
	{ path: '/wallet', label: m.nav_wallet },
	{ path: '/trash', label: m.nav_trash },
	{ path: '/backup', label: m.nav_backup }
] as const;
