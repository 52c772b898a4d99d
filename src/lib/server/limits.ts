/**
 * Rate limits. Memory limits are the outer shell and know networks and accounts as HMACs only. Where
 * several processes share a database each tells the others now and then what it counted. Database
 * limits count wrong proofs and registrations, for accounts that do not exist exactly as
 * for those that do. Every limit stands in limit-table.ts.
 *
 * A try is reserved before it is checked and given back when it was good: many tries at once get
 * no further than as many one after another.
 */
import type { RequestEvent } from '@sveltejs/kit';
import { eq, inArray, lte, sql } from 'drizzle-orm';
import { Writer } from '#lib/encoding/binary.ts';
import type { Route } from '#lib/api/routes.ts';
import { equal, fromHex, hex, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { Database, Statement } from '#lib/server/db/database.ts';
import { counters } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import { LIMITS, type LimitName, type Rate } from '#lib/server/limit-table.ts';
import { siteOf } from '#lib/server/network.ts';
import { Shell } from '#lib/server/shell.ts';
import { PASSKEY, RECOVERY } from '#lib/server/slots.ts';
import { isOpen, type Unshared } from '#lib/server/windows.ts';
import type { ServerKeys } from '#lib/server/wrap/server-keys.ts';

/** How long a network stays known to an account after a good proof. */
const KNOWN_FOR_MS = 90 * 86_400_000;
/** Windows that are shared with other processes in one write; the others wait for the next. */
const SHARED_AT_ONCE = 1_000;
/** Statements that wait for a database which takes none. */
const MAX_OWED = 10_000;
const WARNING = new Set(LIMITS.filter(({ warns }) => warns === true).map(({ name }) => name));

/** A proof, as far as limits go. */
export interface Tried {
	readonly account: Id;
	readonly slot: Id;
	readonly kind: number;
	readonly network: string;
	/** Handle of the session inside of which it is tried; signing in is outside of all. */
	readonly session: string | undefined;
}

/** One database limit and whom it counts; an empty `whom` counts all. */
export interface Counted {
	readonly limit: LimitName;
	readonly whom: readonly string[];
}

type Added = { limit: LimitName; key: Bytes } & Partial<Pick<Unshared, 'added' | 'endsAtMs'>>;
type Rates = Readonly<Record<LimitName, Rate>>;

export class Limits {
	readonly #database: Database;
	readonly #keys: ServerKeys;
	readonly #rates: Rates;
	readonly #now: () => number;
	readonly #shells: ReadonlyMap<LimitName, Shell>;
	readonly #owed: Statement[] = [];

	constructor(database: Database, keys: ServerKeys, rates: Rates, now: () => number) {
		this.#database = database;
		this.#keys = keys;
		this.#rates = rates;
		this.#now = now;
		const inMemory = LIMITS.filter(({ kept }) => kept === 'memory');
		this.#shells = new Map(inMemory.map(({ name }) => [name, new Shell(rates[name])]));
	}

	/**
	 * Counts one request of `route` against the memory limits that are kept `by` network or account;
	 * one of no route of the table only as a request.
	 *
	 * @returns what refuses it, if one of them is used up.
	 */
	async refusal(
		route: Route | undefined,
		event: RequestEvent,
		by: 'network' | 'account',
		whom: string
	): Promise<ServerError | undefined> {
		for (const limit of LIMITS) {
			const counts =
				route === undefined ? limit.name === 'requests' : limit.routes?.includes(route);
			if (limit.by !== by || counts !== true) continue;
			const key = hex(this.#key(limit.name, [whom]));
			const answer = await this.#shells.get(limit.name)?.check(event, key);
			if (answer?.limited === true) return limited(limit.name, answer.retryAfter);
		}
		return undefined;
	}

	/** Counts as {@link refusal} does. @throws {ServerError} `limited` */
	async pass(...request: Parameters<Limits['refusal']>): Promise<void> {
		const refusal = await this.refusal(...request);
		if (refusal !== undefined) throw refusal;
	}

	/**
	 * Refuses if one of the database limits is used up. Counts nothing.
	 *
	 * @throws {ServerError} `limited`
	 */
	async check(counted: readonly Counted[]): Promise<void> {
		const keyed = this.#keyed(counted);
		const keys = keyed.map(({ key }) => key);
		const rows = await this.#database.orm
			.select()
			.from(counters)
			.where(inArray(counters.key, keys));
		for (const { limit, key } of keyed) {
			if (WARNING.has(limit)) continue;
			const row = rows.find((candidate) => equal(candidate.key, key));
			const { count, windowMs } = this.#rates[limit];
			if (row === undefined || !isOpen(row.expiresAt, windowMs, this.#now())) continue;
			if (row.count >= count) throw this.#limited(limit, row.expiresAt);
		}
	}

	/**
	 * Counts one try against each of the limits, or against none if one is used up.
	 *
	 * @returns the limits that this try uses up, if it is not given back.
	 * @throws {ServerError} `limited`
	 */
	async reserve(counted: readonly Counted[]): Promise<LimitName[]> {
		await this.#settle();
		await this.check(counted);
		const keyed = this.#keyed(counted);
		const written = await this.#database.write(keyed.map((entry) => this.#increment(entry)));
		if (written.outcome !== 'written') throw new ServerError('failed', 'a counter has no row');
		const usedUp: LimitName[] = [];
		for (const [index, { limit }] of keyed.entries()) {
			const row = written.results[index]?.rows[0];
			const left = this.#rates[limit].count - Number(row?.['count']);
			if (left === 0) usedUp.push(limit);
			if (left >= 0 || WARNING.has(limit)) continue;
			await this.#database.write(this.release(counted));
			throw this.#limited(limit, Number(row?.['expires_at']));
		}
		return usedUp;
	}

	/** Tells other processes what was counted in memory here, and takes over what all of them counted. */
	async share(): Promise<void> {
		const some = [...this.#shells]
			.flatMap(([limit, shell]) => shell.unshared().map((window) => ({ limit, ...window })))
			.slice(0, SHARED_AT_ONCE);
		if (some.length === 0) return;
		const written = await this.#database.write(
			some.map((window) => this.#increment({ ...window, key: fromHex(window.key) }))
		);
		if (written.outcome !== 'written') throw new ServerError('failed', 'a window has no row');
		for (const [index, { settle }] of some.entries()) {
			const row = written.results[index]?.rows[0];
			settle(Number(row?.['count']), Number(row?.['expires_at']));
		}
	}

	/**
	 * What a proof counts against while it is not known to be good.
	 *
	 * Inside a session that session alone: nobody else can make it run out. From a network where the
	 * owner signed in before, that network alone: wrong proofs from elsewhere do not count there.
	 * A sign-in by passkey names no account before it is good, and guesses nothing that a person could
	 * have chosen: its network alone, or strangers would lock every passkey of the server out.
	 */
	async ofProof(tried: Tried): Promise<Counted[]> {
		const { network, session } = tried;
		const whom = whomOf(tried);
		if (session !== undefined) {
			return [
				{ limit: 'failuresHere', whom: [whom, network, session] },
				{ limit: 'failuresAccount', whom: [whom, session] }
			];
		}
		const site = siteOf(network);
		const everywhere: Counted[] = [
			{ limit: 'failuresNetwork', whom: [site] },
			{ limit: 'failuresTotal', whom: [] }
		];
		if (tried.kind === PASSKEY) return everywhere;
		if (await this.#knows(tried)) return [{ limit: 'failuresHere', whom: [whom, network] }];
		return [
			{ limit: 'failuresHere', whom: [whom, site] },
			{ limit: 'failuresAccount', whom: [whom] },
			...everywhere
		];
	}

	/** Statements that remember the network of a good proof. */
	remember(tried: Tried): Statement[] {
		const expiresAt = this.#now() + KNOWN_FOR_MS;
		return [
			this.#database.orm
				.insert(counters)
				.values({ key: this.#knownKey(tried), count: 0, expiresAt })
				.onConflictDoUpdate({ target: counters.key, set: { expiresAt } })
		];
	}

	/** Gives a reserved try back with the next write of this class, when there can be none now. */
	owe(counted: readonly Counted[]): void {
		if (this.#owed.length < MAX_OWED) this.#owed.push(...this.release(counted));
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
		await this.#settle();
		const { orm } = this.#database;
		await this.#database.write([orm.delete(counters).where(lte(counters.expiresAt, this.#now()))]);
	}

	/** Writes what is owed; what cannot be written stays owed. */
	async #settle(): Promise<void> {
		const owed = this.#owed.splice(0);
		if (owed.length === 0) return;
		try {
			await this.#database.write(owed);
		} catch (error) {
			this.#owed.unshift(...owed);
			throw error;
		}
	}

	async #knows(tried: Tried): Promise<boolean> {
		const [row] = await this.#database.orm
			.select({ expiresAt: counters.expiresAt })
			.from(counters)
			.where(eq(counters.key, this.#knownKey(tried)));
		return row !== undefined && row.expiresAt > this.#now();
	}

	#knownKey(tried: Tried): Bytes {
		return this.#key('known', [whomOf(tried), tried.network]);
	}

	/** Where this opens the window, it ends at `endsAtMs`. */
	#increment({ limit, key, added = 1, endsAtMs }: Added): Statement {
		const now = this.#now();
		const { windowMs } = this.#rates[limit];
		const expiresAt = endsAtMs ?? now + windowMs;
		const over = sql`${counters.expiresAt} not between ${now + 1} and ${now + 2 * windowMs}`;
		return this.#database.orm
			.insert(counters)
			.values({ key, count: added, expiresAt })
			.onConflictDoUpdate({
				target: counters.key,
				set: {
					count: sql`case when ${over} then ${added} else ${counters.count} + ${added} end`,
					expiresAt: sql`case when ${over} then ${expiresAt} else ${counters.expiresAt} end`
				}
			})
			.returning({ count: counters.count, expires_at: counters.expiresAt });
	}

	#keyed(counted: readonly Counted[]) {
		return counted.map(({ limit, whom }) => ({ limit, key: this.#key(limit, whom) }));
	}

	#key(limit: LimitName | 'known', whom: readonly string[]): Bytes {
		const fields = new Writer().prefixed(utf8(limit));
		for (const part of whom) fields.prefixed(utf8(part));
		return this.#keys.index('counter', fields.done());
	}

	#limited(limit: LimitName, expiresAtMs: number): ServerError {
		return limited(limit, (expiresAtMs - this.#now()) / 1000);
	}
}

/** By the site: one customer's 65,536 networks would use up what all have together. */
export function registrationLimits(network: string): Counted[] {
	return [
		{ limit: 'registrationsNetwork', whom: [siteOf(network)] },
		{ limit: 'registrationsTotal', whom: [] }
	];
}

/**
 * Wrong proofs are counted for the account. Those by a recovery kit for its slot: a challenge for it
 * takes the kit's locator, so a stranger cannot make one and cannot use its tries up.
 */
function whomOf({ account, slot, kind }: Tried): Id {
	return kind === RECOVERY ? slot : account;
}

function limited(limit: LimitName, seconds: number): ServerError {
	return new ServerError('limited', limit, Math.max(1, Math.ceil(seconds)));
}
