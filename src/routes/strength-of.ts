/** What judges passwords in this tab: made where one is chosen first. */
import { appContext } from '#lib/browser/app.svelte.ts';
import { StrengthMeter } from '#lib/browser/strength.ts';
import { startJudge } from '#lib/browser/workers/judge.ts';

/** To be called while a component is made. */
export function useStrength(): StrengthMeter {
	return (appContext().strength ??= new StrengthMeter(startJudge));
}
