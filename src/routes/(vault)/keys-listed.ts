/** All keys of the keyboard, as the list of them shows them. */
import * as m from '#lib/i18n/generated/messages.js';
import { PLACES } from './places.ts';
import type { Act } from './shortcuts.ts';

interface ListedKeys {
	/** Pressed together where the first is Ctrl or Shift, one after the other after `g`; else one of them. */
	readonly caps: readonly string[];
	readonly text: string;
	/** What they do by `shortcuts.ts`; none where something else listens to them. */
	readonly acts?: readonly Act[];
}

export function keysListed() {
	return [
		{ title: m.keys_group_move(), keys: moving() },
		{ title: m.keys_group_do(), keys: doing() }
	];
}

function moving(): readonly ListedKeys[] {
	const places = PLACES.map(({ key, label }) => ({
		...{ caps: ['g', key], acts: ['go' as const] },
		text: m.keys_go({ places: label() })
	}));
	return [
		{ caps: ['/'], text: m.keys_search(), acts: ['search'] },
		{ caps: ['↑', '↓', 'j', 'k'], text: m.keys_move(), acts: ['down', 'up'] },
		{ caps: ['Home', 'End'], text: m.keys_ends() },
		{ caps: ['PgUp', 'PgDn'], text: m.keys_page() },
		{ caps: ['→', '←'], text: m.keys_cells() },
		{ caps: ['Enter'], text: m.keys_open() },
		{ caps: ['Esc'], text: m.keys_back(), acts: ['back'] },
		{ caps: ['F6'], text: m.keys_region(), acts: ['region'] },
		...places
	];
}

function doing(): readonly ListedKeys[] {
	return [
		{ caps: ['Ctrl', 'K'], text: m.keys_palette(), acts: ['palette'] },
		{ caps: ['Ctrl', 'Enter'], text: m.keys_palette_open() },
		{ caps: ['Shift', 'Enter'], text: m.keys_palette_edit() },
		{ caps: ['c'], text: m.keys_copy(), acts: ['copy'] },
		{ caps: ['Ctrl', 'C'], text: m.keys_copy_too(), acts: ['copy'] },
		{ caps: ['Shift', 'C'], text: m.keys_copy_as(), acts: ['copy-as'] },
		{ caps: ['r'], text: m.keys_reveal(), acts: ['reveal'] },
		{ caps: ['e'], text: m.keys_edit(), acts: ['edit'] },
		{ caps: ['o'], text: m.keys_page_of(), acts: ['page'] },
		{ caps: ['.'], text: m.keys_more(), acts: ['more'] },
		{ caps: ['n'], text: m.keys_add(), acts: ['add'] },
		{ caps: ['Ctrl', 'V'], text: m.keys_paste() },
		{ caps: ['#'], text: m.keys_trash(), acts: ['trash'] },
		{ caps: ['x'], text: m.keys_mark(), acts: ['mark'] },
		{ caps: ['Shift', '↑', '↓'], text: m.keys_mark_more() },
		{ caps: ['z'], text: m.keys_undo(), acts: ['undo'] },
		{ caps: ['Ctrl', 'Enter'], text: m.keys_save() },
		{ caps: ['Shift', 'L'], text: m.keys_lock(), acts: ['lock'] },
		{ caps: ['?'], text: m.keys_all(), acts: ['help'] }
	];
}
