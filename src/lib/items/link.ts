/**
 * Addresses that people and other clients wrote into keys. They are shown, and opened only by a
 * click; nothing here or elsewhere fetches them.
 */

/** The address if a browser may be sent there: https or http, nothing that runs a program. */
export function linkOf(url: string): string | undefined {
	const parsed = URL.canParse(url) ? new URL(url) : undefined;
	if (parsed === undefined) return undefined;
	return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : undefined;
}

/** The host of `url`, also of one typed without a scheme; empty if there is none. */
export function hostOf(url: string): string {
	for (const text of [url, `https://${url}`]) {
		const host = URL.canParse(text) ? new URL(text).host : '';
		if (host !== '') return host;
	}
	return '';
}
