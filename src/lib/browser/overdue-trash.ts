/**
 * The trash lets go of what has lain there for its time, by itself, once the account is unlocked. A
 * value that is gone is gone for good, so the server's clock has to say so too, and nothing is erased
 * in a state that does not verify or that nobody has confirmed.
 */
import type { Clock } from '#lib/browser/clock.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import type { Wallet } from '#lib/browser/wallet.svelte.ts';
import { trashDaysLeft } from '#lib/items/lifecycle.ts';

/** Erases it, in whichever vault it is; offline it waits for the next time. */
export async function eraseOverdue(
	session: Session,
	wallet: Wallet,
	clock: Pick<Clock, 'now'>
): Promise<void> {
	const overdue = (now: number) =>
		wallet.all.map(({ row }) => row).filter((row) => trashDaysLeft(row.overview, now) === 0);
	const unsure = () => session.broken || session.firstSight.unseen !== undefined;
	if (unsure() || overdue(clock.now()).length === 0) return;
	const now = await wallet.agreedTime().catch(() => undefined);
	if (now === undefined || unsure() || session.phase !== 'unlocked') return;
	const rows = overdue(now);
	if (rows.length > 0) await wallet.erase(rows);
}
