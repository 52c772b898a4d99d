/**
 * Whether an address has an account shows in nothing that a stranger gets back: not in an answer, and
 * not in the time that it takes. The answers are compared here; the times are measured by the long
 * run and stand in docs/reliability.md, since no test may depend on them.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { RegisterRequest } from '#lib/api/accounts.ts';
import { z } from '#lib/api/zod.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { LIMITS } from '#lib/server/limit-table.ts';
import { count, record } from '../figures.ts';
import { Host } from './host.ts';
import { newId, Person, random, someone } from './person.ts';

const PAIRS = count(40, 2_000);
const WITHIN_MS = count(120_000, 3_600_000);
/** Of each kind, and each is asked about as often: a first try writes rows that a later one changes. */
const ADDRESSES = 40;
/** Nobody listens there: what is queued stays, for both kinds of address. */
const MAIL = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'keyhold@example.org' };
const WIDE = Object.fromEntries(LIMITS.map(({ variable }) => [variable, '100000000/d']));

/** Another network than the owners': theirs knows them, which is said in docs/threat-model.md. */
const ELSEWHERE = '198.51.100.7';

vi.setConfig({ testTimeout: WITHIN_MS });

let host: Host;
const owners: Person[] = [];
const nobodies = Array.from({ length: ADDRESSES }, () => `${newId().toLowerCase()}@example.org`);

beforeAll(async () => {
	host = await Host.open(WIDE);
	for (let i = 0; i < ADDRESSES; i++) owners.push(await someone(host));
	await host.stop();
	await host.start({ ...WIDE, ...MAIL });
});

afterAll(async () => {
	await host.remove();
});

/** What a stranger asks, with an address that has an account and with one that has none. */
const QUESTIONS: readonly [string, (email: string) => Promise<() => Promise<Response>>][] = [
	['challenge', (email) => ready(strangerOf(), '/api/v1/auth/challenge', { email, purpose: 1 })],
	[
		'verify',
		async (email) => {
			const stranger = strangerOf();
			const { token } = await stranger.challenge({ email, purpose: 1 });
			const guess = { token: encode(token), signature: encode(random(64)) };
			return await ready(stranger, '/api/v1/auth/verify', guess);
		}
	],
	[
		'register',
		(email) => {
			const stranger = strangerOf(email);
			const body = z.encode(RegisterRequest, stranger.registration());
			return ready(stranger, '/api/v1/accounts', body);
		}
	],
	['recover', (email) => ready(strangerOf(), '/api/v1/recoveries/mails', { email })]
];

describe.each(QUESTIONS)('%s', (name, ask) => {
	test('answers alike for an address with an account and for one without', async () => {
		const [clock, work] = [new Times(), new Times()];
		for (let pair = 0; pair < PAIRS; pair++) {
			const owner = owners[pair % ADDRESSES]?.email ?? '';
			const nobody = nobodies[pair % ADDRESSES] ?? '';
			const asked = [await ask(owner), await ask(nobody)] as const;
			// Whoever comes second finds warm caches: they take turns.
			const order = pair % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
			const [took, worked] = [
				[0, 0],
				[0, 0]
			];
			const answers: string[] = ['', ''];
			for (const which of order) {
				const before = performance.now();
				const cpu = process.cpuUsage();
				const response = await asked[which]();
				const { user, system } = process.cpuUsage(cpu);
				took[which] = performance.now() - before;
				worked[which] = (user + system) / 1_000;
				answers[which] = await shape(response);
			}
			expect(answers[0]).toBe(answers[1]);
			clock.add(took);
			work.add(worked);
		}
		record(`time of ${name}, known email against unknown`, PAIRS, clock.outcome());
		record(`the same in time of the processor, which others do not disturb`, PAIRS, work.outcome());
	});
});

function strangerOf(email?: string): Person {
	return new Person(host, email, ELSEWHERE);
}

async function ready(
	stranger: Person,
	path: string,
	body: unknown
): Promise<() => Promise<Response>> {
	await Promise.resolve();
	return () => stranger.post(path, body);
}

/** Status, headers and members of an answer, without what is random or made for it. */
async function shape(response: Response): Promise<string> {
	const text = await response.text();
	const json: unknown = text === '' ? {} : JSON.parse(text);
	const members = Object.entries(json as Record<string, unknown>).map(([name, value]) => [
		name,
		['status', 'code', 'kind', 'profile', 'state'].includes(name) ? value : String(value).length
	]);
	return JSON.stringify([response.status, [...response.headers.keys()], members]);
}

/** What was measured of pairs, in milliseconds. */
class Times {
	readonly #known: number[] = [];
	readonly #unknown: number[] = [];
	readonly #differences: number[] = [];

	add([known = 0, unknown = 0]: readonly number[]): void {
		this.#known.push(known);
		this.#unknown.push(unknown);
		this.#differences.push(known - unknown);
	}

	/** Medians, and the median of the differences with its 95 % interval by order statistics. */
	outcome(): string {
		const sorted = [...this.#differences].sort((a, b) => a - b);
		const half = 0.98 * Math.sqrt(sorted.length);
		const at = (rank: number) =>
			sorted[Math.min(Math.max(Math.round(rank), 0), sorted.length - 1)] ?? 0;
		const middle = sorted.length / 2;
		const text = (ms: number) => ms.toFixed(3);
		return (
			`medians ${text(median(this.#known))} and ${text(median(this.#unknown))} ms; ` +
			`difference ${text(at(middle))} ms, 95 % between ${text(at(middle - half))} and ${text(at(middle + half))}`
		);
	}
}

function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
