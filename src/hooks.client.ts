/** The framework would write every address that is none to the console; the page says it already. */
import type { HandleClientError } from '@sveltejs/kit';

export const handleError: HandleClientError = ({ error, status }) => {
	// As if nothing had caught it: the browser's own tools show where it came from.
	if (status !== 404) reportError(error);
};
