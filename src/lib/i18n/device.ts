/** As the server words a device, in English: “Firefox on Linux”. */
const WORDED = /^(.+) on (.+)$/;

/** Browser and system of a device; undefined of what is worded otherwise. */
export function deviceParts(
	device: string
): { readonly browser: string; readonly system: string } | undefined {
	const [, browser, system] = WORDED.exec(device) ?? [];
	return browser === undefined || system === undefined ? undefined : { browser, system };
}
