/**
 * Which key is open, in the fragment of the address: `#key=ID`, and `&edit` while its form is open.
 * A fragment is sent to no server and stands in no log. It names no key, only its random id.
 */

export interface Place {
	readonly key: string | undefined;
	readonly editing: boolean;
}

export function placeOf(hash: string): Place {
	const parameters = new URLSearchParams(hash.replace(/^#/, ''));
	const key = parameters.get('key') ?? undefined;
	return { key, editing: key !== undefined && parameters.has('edit') };
}

/** The fragment with its `#`, empty for no key. */
export function fragmentOf(key: string | undefined, editing = false): '' | `#${string}` {
	if (key === undefined) return '';
	return `#key=${encodeURIComponent(key)}${editing ? '&edit' : ''}`;
}
