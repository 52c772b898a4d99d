/**
 * The activity log on screen: pages of it, newest first, by what is asked for, and how much there was
 * on each day of a year. Names of keys are joined here; the server has none.
 */
import type { ActivityDevice, ActivityKind, ActivityQuery } from '#lib/api/activity.ts';
import { countByDay, lastDays, startOf } from '#lib/browser/activity-days.ts';
import type { Clock } from '#lib/browser/clock.ts';
import type { Fault } from '#lib/browser/fault.ts';
import { Work } from '#lib/browser/security-work.svelte.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import { dayOf } from '#lib/items/expiry.ts';
import type { ActivityLine } from '#lib/keyholder/views.ts';

export type { ActivityDevice, ActivityKind, ActivityLine };

/** What of the log is shown. Days are those of this device, `YYYY-MM-DD`, both included. */
export interface ActivityFilter {
	readonly kind?: ActivityKind;
	readonly device?: string;
	readonly item?: string;
	readonly from?: string;
	readonly until?: string;
}

export interface DayCount {
	readonly day: string;
	readonly count: number;
}

const DAY_MS = 86_400_000;
/** A year. */
const DAYS = 365;
/** Pages of a download, at most: the log keeps 100,000 rows. */
const PAGES = 1_000;

export class Activity {
	#filter = $state.raw<ActivityFilter>({});
	#lines = $state.raw<readonly ActivityLine[]>();
	#devices = $state.raw<readonly ActivityDevice[]>([]);
	#more = $state.raw(false);
	#days = $state.raw<ReadonlyMap<string, number>>();
	readonly #work = new Work();

	constructor(
		private readonly session: Session,
		private readonly clock: Clock
	) {
		session.onLock(() => {
			this.#filter = {};
			this.#lines = undefined;
			this.#devices = [];
			this.#more = false;
			this.#days = undefined;
			this.#work.forget();
		});
	}

	get filter(): ActivityFilter {
		return this.#filter;
	}
	/** Undefined until the first page is there. */
	get lines(): readonly ActivityLine[] | undefined {
		return this.#lines;
	}
	get devices(): readonly ActivityDevice[] {
		return this.#devices;
	}
	/** Whether there are older lines. */
	get more(): boolean {
		return this.#more;
	}
	get busy(): boolean {
		return this.#work.busy;
	}
	get fault(): Fault | undefined {
		return this.#work.fault;
	}
	/** Every day of the last year, the oldest first; each with 0 until it is known. */
	get days(): readonly DayCount[] {
		const counts = this.#days;
		return lastDays(this.clock.now(), DAYS).map((day) => ({ day, count: counts?.get(day) ?? 0 }));
	}
	/** Lines of the last year; undefined until it is known. */
	get count(): number | undefined {
		if (this.#days === undefined) return undefined;
		return this.days.reduce((sum, { count }) => sum + count, 0);
	}

	/** Shows what `filter` chooses, from the newest on; also for a look at what is new. */
	async show(filter: ActivityFilter): Promise<void> {
		this.#filter = filter;
		this.#lines = undefined;
		const query = queryOf(filter);
		const { kind, device, item } = filter;
		const always = queryOf({
			...(kind && { kind }),
			...(device && { device }),
			...(item && { item })
		});
		const since = String(startOf(lastDays(this.clock.now(), DAYS)[0] ?? ''));
		const loaded = await this.#work.do(async () => {
			const page = await this.session.call((host) => host.activity(query));
			const quarters = await this.session.call((host) =>
				host.activityCounts({ ...always, from: since })
			);
			return { page, quarters };
		});
		if (loaded.outcome !== 'done' || this.#filter !== filter) return;
		const { page, quarters } = loaded.value;
		this.#lines = page.lines;
		this.#devices = page.devices;
		this.#more = page.more;
		this.#days = countByDay(quarters);
	}

	/** The next page, below what is there. */
	async next(): Promise<void> {
		const { lines = [] } = this;
		const filter = this.#filter;
		const before = String(lines.at(-1)?.seq ?? 0);
		const loaded = await this.#work.do(() =>
			this.session.call((host) => host.activity({ ...queryOf(filter), before }))
		);
		if (loaded.outcome !== 'done' || this.#filter !== filter) return;
		this.#lines = [...lines, ...loaded.value.lines];
		this.#more = loaded.value.more;
	}

	/** All that the filter chooses, for a file; undefined where it failed. */
	async all(): Promise<readonly ActivityLine[] | undefined> {
		const query = queryOf(this.#filter);
		const loaded = await this.#work.do(async () => {
			const lines: ActivityLine[] = [];
			for (let page = 0; page < PAGES; page++) {
				const last = lines.at(-1);
				const before = last === undefined ? {} : { before: String(last.seq) };
				const found = await this.session.call((host) => host.activity({ ...query, ...before }));
				lines.push(...found.lines);
				if (!found.more) break;
			}
			return lines;
		});
		return loaded.outcome === 'done' ? loaded.value : undefined;
	}
}

function queryOf({ kind, device, item, from, until }: ActivityFilter): ActivityQuery {
	const end = until === undefined ? undefined : startOf(dayOf(startOf(until) + 1.5 * DAY_MS));
	return {
		...(kind === undefined ? {} : { kind }),
		...(device === undefined ? {} : { device }),
		...(item === undefined ? {} : { item }),
		...(from === undefined ? {} : { from: String(startOf(from)) }),
		...(end === undefined ? {} : { until: String(end) })
	};
}
