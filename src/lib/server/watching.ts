/**
 * What `/metrics` answers: to whoever has the token that the host set, and without one to nobody,
 * as if there were no such address.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { count, gt, min } from 'drizzle-orm';
import { within } from '#lib/server/db/queue.ts';
import { sessions } from '#lib/server/db/schema.ts';
import { mails } from '#lib/server/db/schema-waiting.ts';
import { ServerError } from '#lib/server/errors.ts';
import { MAIL_EXPIRES_MS } from '#lib/server/mail/queue.ts';
import type { Gauges, StoredGauges } from '#lib/server/metrics.ts';
import { problemResponse } from '#lib/server/problem.ts';
import type { Server } from '#lib/server/server.ts';

const TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** Whoever asks gives up after 10 seconds, Prometheus by itself. */
const PATIENCE_MS = 3_000;

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
	const text = server.metrics.text(await gaugesOf(server));
	return new Response(text, { headers: { 'content-type': TYPE, 'cache-control': 'no-store' } });
}

/** Hashes have one length, so not even that of the token shows in the time that it takes. */
function isSame(given: string, token: string): boolean {
	return timingSafeEqual(hashOf(given), hashOf(token));
}

function hashOf(text: string): Buffer {
	return createHash('sha256').update(text).digest();
}

/** Of several databases sums, and what waits longest in any; of those that answer. */
async function gaugesOf({ shards }: Server): Promise<Gauges> {
	const servers = shards.open();
	const stored = (await Promise.all(servers.map(storedGaugesOf))).filter(
		(gauges) => gauges !== undefined
	);
	const queues = servers.map(({ database }) => database.queued());
	return {
		writesWaiting: sum(queues.map(({ waiting }) => waiting)),
		oldestWriteSeconds: Math.max(...queues.map(({ oldestMs }) => oldestMs)) / 1000,
		stored:
			stored.length === 0
				? undefined
				: {
						mailsWaiting: sum(stored.map(({ mailsWaiting }) => mailsWaiting)),
						oldestMailSeconds: Math.max(
							...stored.map(({ oldestMailSeconds }) => oldestMailSeconds)
						),
						sessions: sum(stored.map(({ sessions: going }) => going))
					},
		...(shards.several ? { databasesAway: shards.count - stored.length } : {})
	};
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((all, one) => all + one, 0);
}

/** None while the database is gone: just then the other numbers are wanted. */
async function storedGaugesOf({ database, now }: Server): Promise<StoredGauges | undefined> {
	const { orm } = database;
	const at = now();
	const reading = database.snapshot([
		orm.select({ waiting: count(), oldest: min(mails.expiresAt) }).from(mails),
		orm.select({ going: count() }).from(sessions).where(gt(sessions.expiresAt, at))
	]);
	try {
		const [[mail], [session]] = await within(reading, PATIENCE_MS);
		const oldest = mail?.oldest ?? null;
		// When a mail was queued is not stored: it expires that long afterwards.
		const waitedMs = oldest === null ? 0 : Math.max(0, at - (oldest - MAIL_EXPIRES_MS));
		return {
			mailsWaiting: mail?.waiting ?? 0,
			oldestMailSeconds: waitedMs / 1000,
			sessions: session?.going ?? 0
		};
	} catch (error) {
		if (error instanceof ServerError && error.code === 'busy') return undefined;
		throw error;
	}
}
