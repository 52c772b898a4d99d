/**
 * Rate limits. Memory limits are the outer shell and know networks and accounts as HMACs only;
 * database limits count wrong proofs and registrations, for accounts that do not exist exactly as
 * for those that do. Every limit stands in limit-table.ts.
 *
 * A try is reserved before it is checked and given back when it was good: many tries at once get
 * no further than as many one after another.
 */
import type { RequestEvent } from '@sveltejs/kit';
import { inArray, lte, sql } from 'drizzle-orm';
import { RetryAfterRateLimiter } from 'sveltekit-rate-limiter/server';
import { RetryAfterStore, TTLStore } from 'sveltekit-rate-limiter/server/stores';
import { Writer } from '#lib/encoding/binary.ts';
import type { Route } from '#lib/api/routes.ts';
import { equal, hex, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Database, Statement } from '#lib/server/db/database.ts';
import { counters } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import { LIMITS, type LimitName, type Rate } from '#lib/server/limit-table.ts';
import type { ServerKeys } from '#lib/server/wrap/server-keys.ts';

/** Networks or accounts that one memory limit remembers; those whose window ends first go first. */
const MAX_REMEMBERED = 50_000;

/** One database limit and whom it counts; an empty `whom` counts all. */
interface Counted {
	readonly limit: LimitName;
	readonly whom: readonly string[];
}

type Rates = Readonly<Record<LimitName, Rate>>;

export class Limits {
	readonly #database: Database;
	readonly #keys: ServerKeys;
	readonly #rates: Rates;
	readonly #now: () => number;
	readonly #shells: ReadonlyMap<LimitName, RetryAfterRateLimiter<string>>;

	constructor(database: Database, keys: ServerKeys, rates: Rates, now: () => number) {
		this.#database = database;
		this.#keys = keys;
		this.#rates = rates;
		this.#now = now;
		const inMemory = LIMITS.filter(({ kept }) => kept === 'memory');
		this.#shells = new Map(inMemory.map(({ name }) => [name, shell(rates[name])]));
	}

	/**
	 * Counts one request of `route` against the memory limits that are kept `by` network or account.
	 *
	 * @throws {ServerError} `limited`
	 */
	async pass(
		route: Route,
		event: RequestEvent,
		by: 'network' | 'account',
		whom: string
	): Promise<void> {
		for (const limit of LIMITS) {
			if (limit.by !== by || limit.routes?.includes(route) !== true) continue;
			const key = hex(this.#key(limit.name, [whom]));
			const answer = await this.#shells.get(limit.name)?.check(event, key);
			if (answer?.limited === true) throw limited(limit.name, answer.retryAfter);
		}
	}

	/**
	 * Refuses if one of the database limits is used up. Counts nothing.
	 *
	 * @throws {ServerError} `limited`
	 */
	async check(counted: readonly Counted[]): Promise<void> {
		const keyed = this.#keyed(counted);
		const rows = await this.#database.orm
			.select()
			.from(counters)
			.where(
				inArray(
					counters.key,
					keyed.map(({ key }) => key)
				)
			);
		for (const { limit, key } of keyed) {
			const row = rows.find((candidate) => equal(candidate.key, key));
			const open = row === undefined || row.expiresAt <= this.#now();
			if (!open && row.count >= this.#rates[limit].count) throw this.#limited(limit, row.expiresAt);
		}
	}

	/**
	 * Counts one try against each of the limits, or against none if one is used up.
	 *
	 * @returns the limits that this try uses up, if it is not given back.
	 * @throws {ServerError} `limited`
	 */
	async reserve(counted: readonly Counted[]): Promise<LimitName[]> {
		await this.check(counted);
		const keyed = this.#keyed(counted);
		const written = await this.#database.write(keyed.map((entry) => this.#increment(entry)));
		if (written.outcome !== 'written') throw new ServerError('failed', 'a counter has no row');
		const usedUp: LimitName[] = [];
		for (const [index, { limit }] of keyed.entries()) {
			const row = written.results[index]?.rows[0];
			const left = this.#rates[limit].count - Number(row?.['count']);
			if (left === 0) usedUp.push(limit);
			if (left >= 0) continue;
			await this.#database.write(this.release(counted));
			throw this.#limited(limit, Number(row?.['expires_at']));
		}
		return usedUp;
	}

	/** Statements that give a reserved try back. */
	release(counted: readonly Counted[]): Statement[] {
		return this.#keyed(counted).map(({ key }) =>
			this.#database.orm
				.update(counters)
				.set({ count: sql`max(${counters.count} - 1, 0)` })
				.where(sql`${counters.key} = ${key}`)
		);
	}

	/** Forgets windows that are over. */
	async prune(): Promise<void> {
		const { orm } = this.#database;
		await this.#database.write([orm.delete(counters).where(lte(counters.expiresAt, this.#now()))]);
	}

	#increment({ limit, key }: { limit: LimitName; key: Bytes }): Statement {
		const now = this.#now();
		const expiresAt = now + this.#rates[limit].windowMs;
		const over = sql`${counters.expiresAt} <= ${now}`;
		return this.#database.orm
			.insert(counters)
			.values({ key, count: 1, expiresAt })
			.onConflictDoUpdate({
				target: counters.key,
				set: {
					count: sql`case when ${over} then 1 else ${counters.count} + 1 end`,
					expiresAt: sql`case when ${over} then ${expiresAt} else ${counters.expiresAt} end`
				}
			})
			.returning({ count: counters.count, expires_at: counters.expiresAt });
	}

	#keyed(counted: readonly Counted[]) {
		return counted.map(({ limit, whom }) => ({ limit, key: this.#key(limit, whom) }));
	}

	#key(limit: LimitName, whom: readonly string[]): Bytes {
		const fields = new Writer().prefixed(utf8(limit));
		for (const part of whom) fields.prefixed(utf8(part));
		return this.#keys.index('counter', fields.done());
	}

	#limited(limit: LimitName, expiresAtMs: number): ServerError {
		return limited(limit, (expiresAtMs - this.#now()) / 1000);
	}
}

/** The limits that a proof for `account` counts against while it is not known to be good. */
export function proofLimits(account: string, network: string): Counted[] {
	return [
		{ limit: 'failuresHere', whom: [account, network] },
		{ limit: 'failuresAccount', whom: [account] },
		{ limit: 'failuresNetwork', whom: [network] },
		{ limit: 'failuresTotal', whom: [] }
	];
}

export function registrationLimits(network: string): Counted[] {
	return [
		{ limit: 'registrationsNetwork', whom: [network] },
		{ limit: 'registrationsTotal', whom: [] }
	];
}

/** A store of its own for each limit: two limiters on one store would share their counters. */
function shell({ count, window, windowMs }: Rate): RetryAfterRateLimiter<string> {
	return new RetryAfterRateLimiter<string>(
		{
			plugins: [{ rate: [count, window], hash: (_event, whom: string) => Promise.resolve(whom) }],
			store: new TTLStore(windowMs, MAX_REMEMBERED),
			hashFunction: (whom) => whom
		},
		new RetryAfterStore(MAX_REMEMBERED)
	);
}

function limited(limit: LimitName, seconds: number): ServerError {
	return new ServerError('limited', limit, Math.max(1, Math.ceil(seconds)));
}
