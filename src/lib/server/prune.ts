/** Forgetting what has ended: sessions, used-up challenges, windows of limits. */
import { lte } from 'drizzle-orm';
import { usedChallenges } from '#lib/server/db/schema.ts';
import type { Server } from '#lib/server/server.ts';

/**
 * How long a used challenge is remembered after its end. A clock that jumps ahead and is set back
 * would otherwise make it forgotten while it is still good, and a proof worth sending again.
 */
const CLOCK_ERROR_MS = 86_400_000;

export async function prune({ database, sessions, limits, now }: Server): Promise<void> {
	await sessions.prune();
	await limits.prune();
	await database.write([
		database.orm.delete(usedChallenges).where(lte(usedChallenges.expiresAt, now() - CLOCK_ERROR_MS))
	]);
}
