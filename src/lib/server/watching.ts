/**
 * What `/metrics` answers: to whoever has the token that the host set, and without one to nobody,
 * as if there were no such address.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { count, gt, min } from 'drizzle-orm';
import { sessions } from '#lib/server/db/schema.ts';
import { within } from '#lib/server/db/queue.ts';
import { mails } from '#lib/server/db/schema-waiting.ts';
import { ServerError } from '#lib/server/errors.ts';
import { MAIL_EXPIRES_MS } from '#lib/server/mail/queue.ts';
import type { Gauges } from '#lib/server/metrics.ts';
import { problemResponse } from '#lib/server/problem.ts';
import type { Server } from '#lib/server/server.ts';

const TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** Whoever collects numbers waits about ten seconds for them. */
const ANSWERS_WITHIN_MS = 3_000;

export async function metricsResponse(
	server: Server,
	request: Request,
	number: string
): Promise<Response> {
	const { metricsToken } = server.env;
	if (metricsToken === undefined) {
		return problemResponse(new ServerError('not-found', 'no METRICS_TOKEN'), number);
	}
	const given = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
	if (given === undefined || !isSame(given, metricsToken)) {
		const refusal = problemResponse(new ServerError('auth', 'not the METRICS_TOKEN'), number);
		refusal.headers.set('www-authenticate', 'Bearer');
		return refusal;
	}
	const text = server.metrics.text(await gaugesOfAll(server));
	return new Response(text, { headers: { 'content-type': TYPE, 'cache-control': 'no-store' } });
}

/** Hashes have one length, so not even that of the token shows in the time that it takes. */
function isSame(given: string, token: string): boolean {
	return timingSafeEqual(hashOf(given), hashOf(token));
}

function hashOf(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}

/** Sums; what waits longest is that of any. A database that is away has none, and is counted. */
async function gaugesOfAll({ shards }: Server): Promise<Gauges> {
	if (!shards.several) return await gaugesOf(shards.at(0));
	const asked = await Promise.allSettled(
		shards.open().map((server) => within(gaugesOf(server), ANSWERS_WITHIN_MS))
	);
	const known = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
	const sum = (of: (gauges: Gauges) => number) => known.map(of).reduce((all, one) => all + one, 0);
	const most = (of: (gauges: Gauges) => number) => Math.max(0, ...known.map(of));
	return {
		writesWaiting: sum(({ writesWaiting }) => writesWaiting),
		oldestWriteSeconds: most(({ oldestWriteSeconds }) => oldestWriteSeconds),
		mailsWaiting: sum(({ mailsWaiting }) => mailsWaiting),
		oldestMailSeconds: most(({ oldestMailSeconds }) => oldestMailSeconds),
		sessions: sum(({ sessions: going }) => going),
		databasesAway: shards.count - known.length
	};
}

async function gaugesOf({ database, now }: Server): Promise<Gauges> {
	const { orm } = database;
	const at = now();
	const [[mail], [session]] = await database.snapshot([
		orm.select({ waiting: count(), oldest: min(mails.expiresAt) }).from(mails),
		orm.select({ going: count() }).from(sessions).where(gt(sessions.expiresAt, at))
	]);
	const oldest = mail?.oldest ?? null;
	// When a mail was queued is not stored: it expires that long afterwards.
	const waitedMs = oldest === null ? 0 : Math.max(0, at - (oldest - MAIL_EXPIRES_MS));
	const { waiting, oldestMs } = database.queued();
	return {
		writesWaiting: waiting,
		oldestWriteSeconds: oldestMs / 1000,
		mailsWaiting: mail?.waiting ?? 0,
		oldestMailSeconds: waitedMs / 1000,
		sessions: session?.going ?? 0
	};
}
