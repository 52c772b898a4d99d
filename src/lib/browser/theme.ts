/**
 * The theme: the attribute `data-theme` on the root, absent for the system's own. The script in
 * `static/` sets it before the first paint from the same place; this changes it afterwards.
 */
import { readTheme, writeTheme, type Theme } from '#lib/browser/device/remembered.ts';

export type { Theme };

export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** The theme that this device remembers. */
export function currentTheme(): Theme {
	return readTheme();
}

/** Shows `theme` and remembers it on this device. */
export function setTheme(theme: Theme, root: HTMLElement = document.documentElement): void {
	writeTheme(theme);
	if (theme === 'system') delete root.dataset['theme'];
	else root.dataset['theme'] = theme;
}
