/**
 * What a browser says it is, in a few words such as "Firefox on Linux". It is for the owner's list of
 * devices and proves nothing: whoever asks writes it. Only words of these tables get in.
 */

/** The first that fits, because most of them name others beside themselves. */
const BROWSERS = [
	['Edge', /\b(Edg|EdgA|EdgiOS)\//],
	['Opera', /\bOPR\//],
	['Samsung Internet', /\bSamsungBrowser\//],
	['Firefox', /\b(Firefox|FxiOS)\//],
	['Chrome', /\b(Chrome|HeadlessChrome|CriOS)\//],
	['Safari', /\bVersion\/.* Safari\//]
] as const;

const SYSTEMS = [
	['Android', /\bAndroid\b/],
	['iPhone', /\biPhone\b/],
	['iPad', /\biPad\b/],
	['Windows', /\bWindows NT\b/],
	['macOS', /\bMac OS X\b/],
	['ChromeOS', /\bCrOS\b/],
	['Linux', /\bLinux\b/]
] as const;

/** A browser says it in less. The patterns would look at 16 KiB for as long as at a whole answer. */
const LONGEST = 512;

export function deviceOf(headers: Headers): string {
	const text = (headers.get('user-agent') ?? '').slice(0, LONGEST);
	const browser = nameIn(BROWSERS, text);
	const system = nameIn(SYSTEMS, text);
	if (browser === undefined) return 'Browser';
	return system === undefined ? browser : `${browser} on ${system}`;
}

function nameIn(table: readonly (readonly [string, RegExp])[], text: string): string | undefined {
	return table.find(([, pattern]) => pattern.test(text))?.[0];
}
