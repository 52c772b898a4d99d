/** How far a replacement of all keys has come, in true counts. */
import type { KeyReplacement } from '#lib/browser/session-replacement.svelte.ts';
import { numberText } from '#lib/i18n/dates.ts';
import * as m from '#lib/i18n/generated/messages.js';

/** @param waiting what is said before the first count and at the last request */
export function replacingText({ progress }: KeyReplacement, waiting: string): string {
	if (progress === undefined || progress.step === 'switching') return waiting;
	const counts = { done: numberText(progress.done), total: numberText(progress.total) };
	return progress.step === 'reading' ? m.renew_reading(counts) : m.renew_sending(counts);
}
