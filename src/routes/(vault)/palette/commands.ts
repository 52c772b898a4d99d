/** What the palette can do: a key, an act, a place, a vault. Which of it fits what was typed. */
import type { ListedKey } from '#lib/browser/search.ts';

export interface Command {
	readonly id: string;
	readonly label: string;
	/** Of a key: then Enter copies it. */
	readonly key?: ListedKey;
	/** The keyboard's own way to the same act. */
	readonly caps?: readonly string[];
	/** Asked in the palette instead of doing something at once. */
	readonly asks?: Question;
	readonly act: () => void;
}

/** What the palette asks after a command was chosen that needs more. */
export interface Question {
	readonly title: string;
	/** What the field is for meanwhile, where it is not for looking. */
	readonly placeholder?: string;
	/** The answers that fit what was typed. */
	answers(typed: string): readonly Command[];
}

/** As `aria-keyshortcuts` says it: keys that are pressed one after the other it cannot say. */
export function spokenKeys(caps: readonly string[]): string | undefined {
	const [first] = caps;
	return first === undefined || first === 'g' ? undefined : caps.join('+');
}

/** Those whose label holds every word of `query`; those that begin with it first. */
export function fitting(commands: readonly Command[], query: string): readonly Command[] {
	const typed = query.trim().toLowerCase();
	const words = typed.split(/\s+/).filter((word) => word !== '');
	const found = commands.filter(({ label }) => {
		const text = label.toLowerCase();
		return words.every((word) => text.includes(word));
	});
	const begins = ({ label }: Command) => label.toLowerCase().startsWith(typed);
	return [...found.filter(begins), ...found.filter((command) => !begins(command))];
}
