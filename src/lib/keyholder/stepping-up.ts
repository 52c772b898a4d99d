/** The password once more, inside an unlocked account. Norm: docs/protocol.md, 9 and 10. */
import { routes } from '#lib/api/routes.ts';
import {
	openKey,
	passwordProof,
	pinEmail,
	type PasswordProof
} from '#lib/keyholder/account-key.ts';
import { ActionProof } from '#lib/keyholder/action-proof.ts';
import { run, type Held, type Holder } from '#lib/keyholder/holder.ts';
import { profileFor } from '#lib/keyholder/profile.ts';
import { readTyped } from '#lib/keyholder/typed.ts';
import type { ProveOutcome } from '#lib/keyholder/views.ts';

/**
 * What the password gives may sign from now on. A cost that has risen is taken up after that, but for
 * where a rotation is due, which does so itself.
 */
export async function stepUp(holder: Holder, held: Held, password: string): Promise<ProveOutcome> {
	const { holding } = held;
	const { link, open } = holding;
	const proved = await passwordProof(holding, password);
	if (proved === undefined) return { outcome: 'wrong-password' };
	const { slot, keys } = proved;
	const forget = () => keys.kek.fill(0);
	try {
		holder.prove(held, new ActionProof(slot, keys.signing, link.ports.now()));
		await pinEmail(holding, proved);
	} catch (error) {
		forget();
		throw error;
	}
	const rotates = open.mustRotate || held.rotates === true;
	if (rotates || slot.profile >= profileFor(link.ports, slot)) forget();
	else {
		void run(link.life, () => raiseProved(holder, held, proved, password))
			.catch(() => undefined)
			.finally(forget);
	}
	return { outcome: 'proved' };
}

/**
 * Opens the slot to wrap its key anew. A second factor would want a code for that, which nobody
 * typed: then it is left to an unlock by password.
 */
async function raiseProved(
	holder: Holder,
	held: Held,
	proved: PasswordProof,
	password: string
): Promise<void> {
	const { holding } = held;
	if ((await holding.link.call(routes.secondFactor)).on) return;
	// Before the key is there: if it does not load nothing is left to be wiped.
	const { raise } = await import('#lib/keyholder/raising.ts');
	const opened = await openKey(holding, proved, undefined);
	if (opened.outcome !== 'opened') return;
	await raise(holder, held, opened, readTyped(proved.typed.emailAsTyped, password).password);
}
