/** The state of the security pages: made when the first of them is opened, and kept for the next. */
import { appContext } from '#lib/browser/app.svelte.ts';
import { outliving } from '#lib/browser/outliving.svelte.ts';
import { Security } from '#lib/browser/security.svelte.ts';
import { useDesk } from '../../context.ts';
import { useStepUp } from '../step-up.ts';

/** To be called while a component is made. */
export function useSecurity(): Security {
	const { session } = appContext();
	const stepUp = useStepUp();
	const desk = useDesk();
	return (desk.security ??= outliving(() => new Security(session, stepUp)));
}
