/**
 * A recovery kit as a person types it: nine groups of four. A slip of the pen is found here, before
 * anything is asked of a server.
 */
import { readKit } from '#lib/protocol/recovery-kit.ts';

export const KIT_GROUPS = 9;
export const GROUP_SYMBOLS = 4;
const PREFIX = 'KH1';
/** As it is written, wherever it stands: whoever has the file may paste all of its text. */
const WRITTEN = /KH1(?:-[0-9A-Z]{4}){9}/gi;

/** `missing`: not all groups are there.   `check`: a symbol is wrong, in whichever group. */
export type KitFault = 'missing' | 'check';

/** The symbols in what was typed or pasted, the name of the format left out. */
export function kitSymbols(text: string): string {
	const [written = text, other = written] = text.match(WRITTEN) ?? [];
	// Of several nobody knows which is meant.
	const symbols = (other === written ? written : text).toUpperCase().replace(/[^0-9A-Z]/g, '');
	const whole = PREFIX.length + KIT_GROUPS * GROUP_SYMBOLS;
	// `KH1` could begin a group as well, so it is taken for the name only where that fits.
	return symbols.startsWith(PREFIX) && symbols.length >= whole
		? symbols.slice(PREFIX.length)
		: symbols;
}

/**
 * The groups after `text` was typed or pasted into the one at `index`. What was pasted flows on into
 * the next ones; a symbol too many that was typed is dropped, since it would overwrite a good group.
 */
export function intoGroups(groups: readonly string[], index: number, text: string): string[] {
	const symbols = kitSymbols(text);
	const from = symbols.length >= KIT_GROUPS * GROUP_SYMBOLS ? 0 : index;
	const pasted = symbols.length >= 2 * GROUP_SYMBOLS;
	const written = symbols.match(/.{1,4}/g)?.slice(0, pasted ? KIT_GROUPS : 1) ?? [''];
	return groups.map((group, at) => {
		const part = written[at - from];
		return at < from || part === undefined ? group : part;
	});
}

/** The kit that the groups make, as it is written. */
export function kitOf(groups: readonly string[]): string {
	return [PREFIX, ...groups].join('-');
}

/** Undefined for a kit without a slip of the pen. */
export async function kitFault(groups: readonly string[]): Promise<KitFault | undefined> {
	if (groups.some((group) => group.length !== GROUP_SYMBOLS)) return 'missing';
	const read = await readKit(kitOf(groups));
	if ('fault' in read) return 'check';
	read.r20.fill(0);
	return undefined;
}
