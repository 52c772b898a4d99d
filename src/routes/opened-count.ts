import type { Progress } from '#lib/browser/progress.svelte.ts';
import { numberText } from '#lib/i18n/dates.ts';
import * as m from '#lib/i18n/generated/messages.js';

/** How many keys are opened, of all; undefined before there are any to count. */
export function openedCount({ step, done = 0, total }: Progress): string | undefined {
	if (step !== 3 || total === undefined) return undefined;
	return m.unlock_step_3_count({ done: numberText(done), total: numberText(total) });
}
