/** What asks for the password once more, wherever an act needs it: made by the first that may. */
import { appContext } from '#lib/browser/app.svelte.ts';
import { outliving } from '#lib/browser/outliving.svelte.ts';
import { StepUp } from '#lib/browser/security-proof.svelte.ts';
import { vaultContext } from '#lib/browser/vault.svelte.ts';

/** To be called while a component is made. */
export function useStepUp(): StepUp {
	const { session } = appContext();
	const vault = vaultContext();
	return (vault.stepUp ??= outliving(() => new StepUp(session)));
}
