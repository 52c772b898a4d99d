/**
 * Links that are mailed or handed over. The token is random, travels in the fragment of a page (no
 * server or proxy on its way sees it) and is stored as its hash, so a read database opens nothing.
 * Each is used once: what uses it fails as a whole if the link is gone by then.
 */
import { and, eq, gt, inArray, sql, type SQL } from 'drizzle-orm';
import { encode } from '#lib/encoding/base64url.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { sha256 } from '#lib/server/chain.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { accounts } from '#lib/server/db/schema.ts';
import { links } from '#lib/server/db/schema-waiting.ts';
import { randomFor } from '#lib/server/db/shard.ts';
import { ServerError } from '#lib/server/errors.ts';
import type { Server } from '#lib/server/server.ts';

const TOKEN_BYTES = 32;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type LinkRow = typeof links.$inferSelect;
export type LinkUse = LinkRow['use'];

/** The page that takes the token, and how long it does. */
const LINKS: Readonly<Record<LinkUse, { readonly page: string; readonly lifetimeMs: number }>> = {
	confirm: { page: '/confirm#', lifetimeMs: DAY_MS },
	invite: { page: '/register#invite=', lifetimeMs: 7 * DAY_MS },
	recover: { page: '/recover#', lifetimeMs: HOUR_MS },
	erase: { page: '/start-over#', lifetimeMs: DAY_MS },
	// One of the last day's notice is good until the account is gone.
	'erase-stop': { page: '/start-over/stop#', lifetimeMs: 30 * DAY_MS },
	'email-old': { page: '/email#', lifetimeMs: DAY_MS },
	'email-new': { page: '/email#', lifetimeMs: DAY_MS }
};

/** What a link is about. One about nothing is good for nothing: it only costs as much to make. */
type About = Partial<Pick<LinkRow, 'account' | 'registration' | 'emailIndex'>>;

interface NewLink {
	readonly url: string;
	readonly expiresAtMs: number;
	readonly statements: readonly Statement[];
}

/** A link that is good as soon as its statements are written. */
export function newLink({ env, database, now }: Server, use: LinkUse, about: About): NewLink {
	const token = randomFor(TOKEN_BYTES, env.shard);
	const { page, lifetimeMs } = LINKS[use];
	const expiresAt = now() + lifetimeMs;
	const row = { tokenHash: sha256(token), use, expiresAt, ...about };
	return {
		url: `${env.origin}${page}${encode(token)}`,
		expiresAtMs: expiresAt,
		statements: [database.orm.insert(links).values(row)]
	};
}

/**
 * The link of `token`.
 *
 * @throws {ServerError} `link` if there is none, for one of these uses, that is still good.
 */
export async function findLink(
	{ database, now }: Server,
	token: Bytes,
	uses: readonly LinkUse[]
): Promise<LinkRow> {
	const [row] = await database.orm
		.select()
		.from(links)
		.where(
			and(
				eq(links.tokenHash, sha256(token)),
				inArray(links.use, [...uses]),
				gt(links.expiresAt, now())
			)
		);
	if (row === undefined) throw new ServerError('link', 'no such link');
	return row;
}

/** The statements that use a link of `account` up; their batch fails if it was used before. */
export function useUp(server: Server, account: Id, { tokenHash }: LinkRow): Statement[] {
	const { orm } = server.database;
	const own = eq(links.tokenHash, tokenHash);
	const there = sql`exists (select 1 from ${links} where ${own})`;
	return [onlyIf(server, account, there), orm.delete(links).where(own)];
}

/**
 * A statement that changes nothing and fails its batch unless `condition` holds when the batch runs:
 * what was read before may be old by then.
 */
export function onlyIf({ database }: Server, account: Id, condition: SQL): Statement {
	return database.orm
		.update(accounts)
		.set({ language: sql`case when ${condition} then ${accounts.language} end` })
		.where(eq(accounts.id, account));
}
