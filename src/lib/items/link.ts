/**
 * Addresses that people and other clients wrote into keys. They are shown, and opened only by a
 * click; nothing here or elsewhere fetches them.
 */

/**
 * Scheme, name and password before the host. By a pattern: a search asks it of thousands of keys,
 * and parsing them as addresses takes a hundred times as long. To a browser `\` is a `/`: what stands
 * before an `@` behind it is no name, but the host.
 */
const HOST = /^\s*(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/\\?#@\s]*@)?([^/\\?#@\s]+)(?:[/\\?#]|\s*$)/i;

/** The address if a browser may be sent there: https or http, nothing that runs a program. */
export function linkOf(url: string): string | undefined {
	const parsed = URL.canParse(url) ? new URL(url) : undefined;
	if (parsed === undefined) return undefined;
	return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : undefined;
}

/** The host of `url`, with or without a scheme, in small letters; empty if there is none. */
export function hostOf(url: string): string {
	return HOST.exec(url)?.[1]?.toLowerCase() ?? '';
}
