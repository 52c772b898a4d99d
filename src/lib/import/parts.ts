/**
 * What of an entry has no place in a key. It is named as its file names it, so that whoever wants it
 * finds it there; what it says is not shown.
 *
 * Not named is what tells a person nothing that the other program does not tell of itself: what is
 * empty; ids; when an entry was made, changed or used; how its program lists it, fills it in and asks
 * for it again (favourites, `reprompt`, `match`, strength of a password). Each format has these among
 * what it reads. What a format does not know is named, whatever it is.
 */

/** The names of all members that say something, but for those that are `read`. */
export function unread(
	members: Readonly<Record<string, unknown>>,
	read: readonly string[]
): string[] {
	return Object.keys(members).filter((name) => !read.includes(name) && says(members[name]));
}

/** Whether it holds anything: not nothing, `false`, empty text, or a list or object of nothing. */
export function says(json: unknown): boolean {
	if (typeof json === 'object' && json !== null) return Object.values(json).some(isThere);
	return isThere(json);
}

function isThere(json: unknown): boolean {
	return json !== null && json !== undefined && json !== '' && json !== false;
}
