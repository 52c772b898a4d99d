/**
 * Which key is open, in the fragment of the address: `#key=ID`, and `&edit`, `&rotate` or `&revoke`
 * while one of its forms is open. A fragment is sent to no server and stands in no log. It names no
 * key, only its random id.
 */

const FORMS = ['edit', 'rotate', 'revoke'] as const;

/** A form in the place of the panel, or at its foot. */
export type PanelForm = (typeof FORMS)[number];

export interface Place {
	readonly key: string | undefined;
	readonly form: PanelForm | undefined;
}

export function placeOf(hash: string): Place {
	const parameters = new URLSearchParams(hash.replace(/^#/, ''));
	const key = parameters.get('key') ?? undefined;
	const form = FORMS.find((name) => parameters.has(name));
	return { key, form: key === undefined ? undefined : form };
}

/** The fragment with its `#`, empty for no key. */
export function fragmentOf(key: string | undefined, form?: PanelForm): '' | `#${string}` {
	if (key === undefined) return '';
	return `#key=${encodeURIComponent(key)}${form === undefined ? '' : `&${form}`}`;
}
