/** Who goes to the address that says what they mean gets to the page that does it. */
import { redirect } from '@sveltejs/kit';
import { resolve } from '$app/paths';

export function load(): never {
	redirect(307, resolve('/backup'));
}
