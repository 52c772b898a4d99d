/** Forgetting what has ended: sessions, used-up challenges, windows of limits. */
import { lte } from 'drizzle-orm';
import { usedChallenges } from '#lib/server/db/schema.ts';
import type { Server } from '#lib/server/server.ts';

export async function prune({ database, sessions, limits, now }: Server): Promise<void> {
	await sessions.prune();
	await limits.prune();
	await database.write([
		database.orm.delete(usedChallenges).where(lte(usedChallenges.expiresAt, now()))
	]);
}
