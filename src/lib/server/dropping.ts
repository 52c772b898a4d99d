/** Leaving: an account goes with everything that names it, in one batch. */
import { eq, inArray } from 'drizzle-orm';
import { PROOF_PURPOSE } from '#lib/api/auth.ts';
import type { Id } from '#lib/encoding/id.ts';
import { requireProof } from '#lib/server/auth/proof.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { accounts } from '#lib/server/db/schema.ts';
import { audit, auditChains } from '#lib/server/db/schema-audit.ts';
import { links, registrations } from '#lib/server/db/schema-waiting.ts';
import { deviceOf } from '#lib/server/device.ts';
import type { Member } from '#lib/server/endpoint.ts';
import { ServerError } from '#lib/server/errors.ts';
import { notify } from '#lib/server/mail/notices.ts';
import type { Server } from '#lib/server/server.ts';

/**
 * Drops the account of this session.
 *
 * @throws {ServerError} `proof`
 */
export async function dropAccount(member: Member): Promise<undefined> {
	const { server, account, headers, event } = member;
	await requireProof(member, PROOF_PURPOSE.delete);
	const device = deviceOf(event.request.headers);
	const { outcome } = await server.database.write([
		...(await notify(server, account, 'account-deleted', { device })),
		...dropStatements(server, account)
	]);
	if (outcome !== 'written') throw new ServerError('failed', 'an account could not be dropped');
	// Over the cookie of the session that the proof began: it is gone as well.
	headers.set('set-cookie', server.sessions.blankCookie());
	headers.set('clear-site-data', '"cache"');
	return undefined;
}

/**
 * The statements that drop an account. Most of its rows go with it by their references; what it did,
 * and what waits for its address, names it in other ways. Counters and used challenges stay until
 * they end: they are MACs and random bytes that name nobody.
 */
export function dropStatements({ database: { orm } }: Server, account: Id): Statement[] {
	const own = eq(accounts.id, account);
	const address = orm.select({ emailIndex: accounts.emailIndex }).from(accounts).where(own);
	return [
		orm.delete(audit).where(eq(audit.account, account)),
		orm.delete(auditChains).where(eq(auditChains.account, account)),
		orm.delete(links).where(inArray(links.emailIndex, address)),
		orm.delete(registrations).where(inArray(registrations.emailIndex, address)),
		orm.delete(accounts).where(own)
	];
}
