/** Forgetting what has ended: sessions, used-up challenges, windows of limits, and what waited. */
import { and, eq, lte } from 'drizzle-orm';
import { secondFactors, usedChallenges } from '#lib/server/db/schema.ts';
import { emailChanges, links, mails, registrations } from '#lib/server/db/schema-waiting.ts';
import { forgetRotations } from '#lib/server/rotations.ts';
import type { Server } from '#lib/server/server.ts';

/**
 * How long a used challenge is remembered after its end. A clock that jumps ahead and is set back
 * would otherwise make it forgotten while it is still good, and a proof worth sending again.
 */
const CLOCK_ERROR_MS = 86_400_000;
/** How long a seed of the second factor waits for its first code. */
const SEED_MS = 86_400_000;

export async function prune(server: Server): Promise<void> {
	const { database, sessions, limits, now } = server;
	const { orm } = database;
	await sessions.prune();
	await limits.prune();
	await database.write([
		orm.delete(usedChallenges).where(lte(usedChallenges.expiresAt, now() - CLOCK_ERROR_MS)),
		orm.delete(links).where(lte(links.expiresAt, now())),
		orm.delete(registrations).where(lte(registrations.expiresAt, now())),
		orm.delete(emailChanges).where(lte(emailChanges.expiresAt, now())),
		orm
			.delete(secondFactors)
			.where(and(eq(secondFactors.on, false), lte(secondFactors.createdAt, now() - SEED_MS))),
		// Where mails are sent they end in the queue; these wait where none are sent any more.
		orm.delete(mails).where(lte(mails.expiresAt, now() - CLOCK_ERROR_MS)),
		forgetRotations(server)
	]);
}
