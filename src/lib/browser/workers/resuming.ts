/** Opening an account by what another tab has lent, for as long as it is lent. */
import type { Host } from '#lib/browser/host.ts';
import type { LendingPort } from '#lib/browser/workers/lending-port.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { Keyholder } from '#lib/keyholder/keyholder.ts';
import type { UnlockStep } from '#lib/keyholder/views.ts';

type Resumed = Awaited<ReturnType<Host['resume']>>;

/** See {@link Host.resume}. */
export async function resumeLent(
	keyholder: Pick<Keyholder, 'lending' | 'lock'>,
	lender: Pick<LendingPort, 'ask' | 'rest' | 'withdraw'>,
	onStep: (step: UnlockStep) => void
): Promise<Resumed> {
	const lent = await lender.ask();
	if (lent === undefined) return { outcome: 'nothing' };
	try {
		const { outcome } = await keyholder.lending.resume(lent, onStep);
		// A lock of another tab may have passed this page by, as long as it was not listening. Not the lender.
		const stillLent = outcome === 'unlocked' && (await lender.ask()) !== undefined;
		if (stillLent) return { outcome };
		keyholder.lock();
		lender.rest();
		return { outcome: outcome === 'stale' ? 'stale' : 'nothing' };
	} catch (error) {
		if (error instanceof KeyholderError && error.code === 'auth') {
			lender.withdraw();
			return { outcome: 'ended' };
		}
		lender.rest();
		throw error;
	}
}
