/**
 * Reading members of JSON objects: strict about what is known, silent about what is not.
 */
import { ItemError } from '#lib/items/key.ts';

export type Members = Readonly<Record<string, unknown>>;

/** Latest moment that a JavaScript date can hold; later ones would show as "Invalid Date". */
const LAST_MS = 8_640_000_000_000_000;

/** A copy of the object that `json` is. @throws {ItemError} `format` unless it is a JSON object. */
export function members(json: unknown, what: string): Members {
	return { ...plain(json, what) };
}

/** `json` itself. @throws {ItemError} `format` unless it is a JSON object. */
export function plain(json: unknown, what: string): Members {
	if (typeof json !== 'object' || json === null || Array.isArray(json))
		throw not(what, 'an object');
	if (Object.hasOwn(json, '__proto__')) throw not(what, 'free of __proto__');
	return json as Members;
}

/** @throws {ItemError} `unsupported` if it is of another version, `format` if it has none. */
export function version1(object: Members, what: string): 1 {
	const version = object['v'];
	if (version === 1) return 1;
	if (typeof version === 'number' && Number.isSafeInteger(version) && version > 1) {
		throw new ItemError('unsupported', `${what} is of a newer version`);
	}
	throw not(`${what}.v`, '1');
}

export function text(object: Members, name: string): string {
	const value = object[name];
	if (typeof value !== 'string') throw not(name, 'text');
	return value;
}

/** A whole number between `min` and `max`, by default a moment in milliseconds since 1970. */
export function whole(object: Members, name: string, min = 0, max = LAST_MS): number {
	const value = object[name];
	if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
		throw not(name, 'a whole number in bounds');
	}
	return value;
}

export function yesNo(object: Members, name: string): boolean {
	const value = object[name];
	if (typeof value !== 'boolean') throw not(name, 'true or false');
	return value;
}

export function oneOf<Word extends string>(
	object: Members,
	name: string,
	words: readonly Word[]
): Word {
	const found = words.find((word) => word === object[name]);
	if (found === undefined) throw not(name, 'one of its words');
	return found;
}

/** Each entry of a list of at most `most`, read by `read`. */
export function list<Entry>(
	object: Members,
	name: string,
	most: number,
	read: (entry: unknown) => Entry
): Entry[] {
	const value = object[name];
	if (!Array.isArray(value)) throw not(name, 'a list');
	if (value.length > most) {
		throw new ItemError('format', `${name} is too long`, { is: value.length, limit: most });
	}
	return value.map((entry: unknown) => read(entry));
}

export function texts(object: Members, name: string, most: number): string[] {
	return list(object, name, most, (entry) => {
		if (typeof entry !== 'string') throw not(name, 'a list of texts');
		return entry;
	});
}

/**
 * `{ [name]: read(object, name) }` where the member is there, else nothing: so that a spread adds
 * no member that is undefined.
 */
export function optional<Name extends string, Value>(
	object: Members,
	name: Name,
	read: (object: Members, name: Name) => Value
): { readonly [Key in Name]?: Value } {
	if (!Object.hasOwn(object, name)) return {};
	const found: { [Key in Name]?: Value } = {};
	found[name] = read(object, name);
	return found;
}

/** `object` without the members that are undefined. */
export function present<Given extends object>(object: Given): Present<Given> {
	const entries = Object.entries(object).filter(([, value]) => value !== undefined);
	return Object.fromEntries(entries) as Present<Given>;
}

export type Present<Given> = { [Name in keyof Given]?: Exclude<Given[Name], undefined> };

/** A copy of `object` without the members in `names`. */
export function without<Given extends object, Name extends keyof Given>(
	object: Given,
	names: readonly Name[]
): Omit<Given, Name> {
	const kept = Object.entries(object).filter(([name]) => !names.some((other) => other === name));
	return Object.fromEntries(kept) as Omit<Given, Name>;
}

function not(name: string, expected: string): ItemError {
	return new ItemError('format', `${name} is not ${expected}`);
}
