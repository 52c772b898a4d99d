import { deviceParts } from '#lib/i18n/device.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { shownText } from '#lib/ui/shown-text.ts';

/** A browser and its system, such as “Firefox on Linux”, in the language that is spoken. */
export function deviceText(device: string): string {
	const parts = deviceParts(device);
	if (parts === undefined) return shownText(device);
	return m.device_on({ browser: shownText(parts.browser), system: shownText(parts.system) });
}
