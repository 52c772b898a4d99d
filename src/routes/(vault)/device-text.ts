import * as m from '#lib/i18n/generated/messages.js';
import { shownText } from '#lib/ui/shown-text.ts';

/** As the server words it, in English; what is not of that form stays as it is. */
const WORDED = /^(.+) on (.+)$/;

/** A browser and its system, such as “Firefox on Linux”, in the language that is spoken. */
export function deviceText(device: string): string {
	const [, browser, system] = WORDED.exec(device) ?? [];
	if (browser === undefined || system === undefined) return shownText(device);
	return m.device_on({ browser: shownText(browser), system: shownText(system) });
}
