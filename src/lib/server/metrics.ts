/**
 * Numbers of the running server in Prometheus' text format (0.0.4), for whoever watches it.
 *
 * A label has one of a few values that stand in the program: routes by their pattern, methods,
 * status codes. None comes from a request, so none tells of a person, and none can be made up until
 * the memory is full.
 */
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { AUDIT_EVENTS, type AuditEvent } from '#lib/api/activity.ts';
import { routes, type Route } from '#lib/api/routes.ts';

/** Upper bounds of the latency histogram, in seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** How often it is looked whether the event loop is late: what it measures is from look to look. */
const DELAY_RESOLUTION_MS = 10;
const NANOSECONDS = 1e9;

type Commit = 'vault' | 'account';
type Outcome = 'stored' | 'conflict';
const COMMITS: readonly Commit[] = ['vault', 'account'];

interface Latency {
	readonly route: Route;
	/** How many were at most as long as each bound, and not as each before it. */
	readonly buckets: number[];
	count: number;
	sumSeconds: number;
}

/** What is looked up at the moment when somebody asks. */
export interface Gauges {
	readonly writesWaiting: number;
	readonly oldestWriteSeconds: number;
	/** Undefined while the database does not answer. */
	readonly stored: StoredGauges | undefined;
	/** Of several; not told where there is one. */
	readonly databasesAway?: number;
}

/** What only the database knows. */
export interface StoredGauges {
	readonly mailsWaiting: number;
	readonly oldestMailSeconds: number;
	readonly sessions: number;
}

export class Metrics {
	readonly #requests = new Map<string, number>();
	readonly #latencies = new Map<Route, Latency>();
	readonly #commits = new Map<string, number>();
	/** All of them, so that a rate is known from the first on. */
	readonly #events = new Map(AUDIT_EVENTS.map((event) => [labels({ event }), 0]));
	readonly #delay: IntervalHistogram | undefined;

	/** @param watched whether somebody asks: measuring the event loop costs a little. */
	constructor(watched: boolean) {
		if (!watched) return;
		this.#delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
		this.#delay.enable();
	}

	/** Counts a request that was answered. */
	answered(route: Route, status: number, ms: number): void {
		add(this.#requests, labels({ method: route.method, route: route.path, status }));
		const seconds = Math.max(0, ms) / 1000;
		const latency = this.#latencies.get(route) ?? noLatency(route);
		this.#latencies.set(route, latency);
		latency.count++;
		latency.sumSeconds += seconds;
		const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
		if (bucket >= 0) latency.buckets[bucket] = (latency.buckets[bucket] ?? 0) + 1;
	}

	/** Counts what became of a commit that was well-formed and allowed. */
	committed(route: Route, outcome: Outcome): void {
		const of = commitOf(route);
		if (of !== undefined) add(this.#commits, commitLabels(of, outcome));
	}

	/** Counts a security event that stands in the audit log now. */
	happened(event: AuditEvent): void {
		add(this.#events, labels({ event }));
	}

	/** The text of it all. The delay of the event loop is that since the last time. */
	text(gauges: Gauges): string {
		return [
			...counter('keyhold_requests_total', 'Requests that an endpoint answered.', this.#requests),
			...this.#histogram(),
			...counter('keyhold_commits_total', 'Commits, by what became of them.', this.#allCommits()),
			...counter('keyhold_events_total', 'Rows of the audit log, by event.', this.#events),
			...gauge('keyhold_writes_waiting', 'Writes in the queue.', gauges.writesWaiting),
			...gauge(
				'keyhold_oldest_write_seconds',
				'How long the oldest of them has waited.',
				gauges.oldestWriteSeconds
			),
			...(gauges.stored === undefined ? [] : storedGauges(gauges.stored)),
			...(gauges.databasesAway === undefined
				? []
				: gauge('keyhold_databases_away', 'Databases that did not answer.', gauges.databasesAway)),
			...this.#delays(),
			''
		].join('\n');
	}

	close(): void {
		this.#delay?.disable();
	}

	/** All of them, so that a rate is known from the first on. */
	#allCommits(): Map<string, number> {
		const all = new Map<string, number>();
		for (const of of COMMITS) {
			for (const outcome of ['stored', 'conflict'] as const) {
				const key = commitLabels(of, outcome);
				all.set(key, this.#commits.get(key) ?? 0);
			}
		}
		return all;
	}

	#histogram(): string[] {
		const name = 'keyhold_request_seconds';
		const lines = head(name, 'histogram', 'How long endpoints took to answer.');
		for (const { route, buckets, count, sumSeconds } of this.#latencies.values()) {
			const of = { method: route.method, route: route.path };
			let below = 0;
			for (const [index, bound] of BOUNDS.entries()) {
				below += buckets[index] ?? 0;
				lines.push(`${name}_bucket${labels({ ...of, le: bound })} ${below}`);
			}
			lines.push(`${name}_bucket${labels({ ...of, le: '+Inf' })} ${count}`);
			lines.push(`${name}_sum${labels(of)} ${sumSeconds}`);
			lines.push(`${name}_count${labels(of)} ${count}`);
		}
		return lines;
	}

	#delays(): string[] {
		const delay = this.#delay;
		if (delay === undefined || delay.count === 0) return [];
		const name = 'keyhold_event_loop_delay_seconds';
		const lines = [50, 99, 100].map((percent) => {
			const seconds = delay.percentile(percent) / NANOSECONDS - DELAY_RESOLUTION_MS / 1000;
			return `${name}${labels({ quantile: percent / 100 })} ${Math.max(0, seconds)}`;
		});
		delay.reset();
		return [...head(name, 'gauge', 'How late the event loop ran since the last look.'), ...lines];
	}
}

function storedGauges({ mailsWaiting, oldestMailSeconds, sessions }: StoredGauges): string[] {
	return [
		...gauge('keyhold_mails_waiting', 'Mails in the queue.', mailsWaiting),
		...gauge(
			'keyhold_oldest_mail_seconds',
			'How long the oldest of them has waited.',
			oldestMailSeconds
		),
		...gauge('keyhold_sessions', 'Sessions that have not ended.', sessions)
	];
}

function commitOf(route: Route): Commit | undefined {
	if (route === routes.vaultCommit) return 'vault';
	return route === routes.accountCommit ? 'account' : undefined;
}

function noLatency(route: Route): Latency {
	return { route, buckets: BOUNDS.map(() => 0), count: 0, sumSeconds: 0 };
}

function add(counts: Map<string, number>, key: string): void {
	counts.set(key, (counts.get(key) ?? 0) + 1);
}

function commitLabels(of: Commit, outcome: Outcome): string {
	return labels({ of, outcome });
}

/** Values of the program's own, none of which needs to be escaped. */
function labels(values: Readonly<Record<string, string | number>>): string {
	const pairs = Object.entries(values).map(([name, value]) => `${name}="${value}"`);
	return `{${pairs.join(',')}}`;
}

function head(name: string, type: string, help: string): string[] {
	return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function counter(name: string, help: string, counts: ReadonlyMap<string, number>): string[] {
	return [
		...head(name, 'counter', help),
		...[...counts].map(([key, value]) => `${name}${key} ${value}`)
	];
}

function gauge(name: string, help: string, value: number): string[] {
	return [...head(name, 'gauge', help), `${name} ${value}`];
}
