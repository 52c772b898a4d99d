/** Random changes of JSON, drawn from a seed. */

/** What stands nowhere, or hardly. */
const STRANGE = [null, true, {}, [], -1, 1.5, 2 ** 53, '', '\u0000', '__proto__', ['x']];

/** A small generator (mulberry32): the same seed draws the same changes everywhere. */
export class Dice {
	#state: number;

	constructor(seed: number) {
		this.#state = seed + 1;
	}

	/** A whole number from 0 to `limit` - 1. */
	roll(limit: number): number {
		this.#state = (this.#state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
	}

	pick<T>(from: readonly T[]): T {
		const picked = from[this.roll(from.length)];
		if (picked === undefined) throw new Error('nothing to pick from');
		return picked;
	}
}

type Mutated = { readonly where: string } & (
	{ readonly json: unknown } | { readonly text: string }
);

interface Place {
	readonly path: string;
	readonly value: unknown;
	readonly set: (value: unknown) => void;
	readonly remove: () => void;
}

/**
 * A copy of `json` with one change that is surely a change.
 *
 * @param spared places that are not changed, as `.slots.0.id`.
 */
export function mutate(json: unknown, dice: Dice, spared?: RegExp): Mutated {
	if (dice.roll(12) === 0) return { where: 'text', text: brokenText(JSON.stringify(json), dice) };
	const root = { '': structuredClone(json) };
	const all = placesIn(root, '').filter(({ path }) => path !== '' && spared?.test(path) !== true);
	const place = dice.pick(all);
	const how = change(place, dice);
	return { where: `${place.path} ${how}`, json: root[''] };
}

function change(place: Place, dice: Dice): string {
	const { value, set, remove } = place;
	switch (dice.roll(4)) {
		case 0:
			remove();
			return 'removed';
		case 1:
			set(dice.pick(STRANGE.filter((other) => JSON.stringify(other) !== JSON.stringify(value))));
			return 'replaced';
		default:
			return alter(value, set, remove, dice);
	}
}

function alter(value: unknown, set: Place['set'], remove: () => void, dice: Dice): string {
	if (typeof value === 'number') {
		set(value + 1 + dice.roll(1_000));
		return 'raised';
	}
	if (typeof value === 'string' && value.length > 0) return alterText(value, set, dice);
	if (Array.isArray(value)) {
		set([...(value as unknown[]), value.length > 0 ? value[0] : 'x']);
		return 'lengthened';
	}
	if (typeof value === 'object' && value !== null) {
		set({ ...value, [dice.pick(['extra', 'policy', 'toJSON'])]: 1 });
		return 'enlarged';
	}
	remove();
	return 'removed';
}

/** A bit flipped, an end cut, or an end added, of what is base64url as a rule. */
function alterText(value: string, set: Place['set'], dice: Dice): string {
	const bytes = Buffer.from(value, 'base64url');
	if (dice.roll(3) > 0 && bytes.length > 0 && bytes.toString('base64url') === value) {
		const at = dice.roll(bytes.length);
		bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.roll(8));
		set(bytes.toString('base64url'));
		return 'bit flipped';
	}
	if (dice.roll(2) === 0) {
		set(value.slice(0, dice.roll(value.length)));
		return 'cut';
	}
	set(value + dice.pick(['A', '=', ' ', 'AAAA', '\n', '%00']));
	return 'extended';
}

function brokenText(text: string, dice: Dice): string {
	const at = dice.roll(text.length - 1) + 1;
	return dice.pick([
		'',
		'null',
		'[]',
		'<html></html>',
		text.slice(0, at),
		`${text}${text}`,
		`${text.slice(0, at)}\u0000${text.slice(at)}`
	]);
}

/** Every value within `parent`, with the means to change it. */
function placesIn(parent: object, path: string): Place[] {
	return Object.entries(parent).flatMap(([name, value]: [string, unknown]) => {
		const here = path === '' && name === '' ? '' : `${path}.${name}`;
		const record = parent as Record<string, unknown>;
		const place: Place = {
			path: here,
			value,
			set: (next) => {
				record[name] = next;
			},
			remove: () => {
				if (Array.isArray(parent)) parent.splice(Number(name), 1);
				else Reflect.deleteProperty(parent, name);
			}
		};
		const within = typeof value === 'object' && value !== null ? placesIn(value, here) : [];
		return [place, ...within];
	});
}
