/** What `/metrics` tells, to whom, and that nothing in it comes from a request. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUDIT_EVENTS } from '#lib/api/activity.ts';
import { routes } from '#lib/api/routes.ts';
import { readEnv } from '#lib/server/env.ts';
import { WriteQueue } from '#lib/server/db/queue.ts';
import { Metrics, type Gauges } from '#lib/server/metrics.ts';
import { Host, KEY_A, ORIGIN } from './host.ts';
import { newKey, secret, sheet, someone, type Person } from './person.ts';

const TOKEN = 'a-token-of-this-test-0123456789abcdef';
const MARK = 'canary-7f3a';
const NOTHING: Gauges = {
	writesWaiting: 0,
	oldestWriteSeconds: 0,
	stored: { mailsWaiting: 0, oldestMailSeconds: 0, sessions: 0 }
};

let host: Host;
let person: Person;

beforeAll(async () => {
	host = await Host.open({ METRICS_TOKEN: TOKEN });
	person = await someone(host);
});

afterAll(async () => {
	await host.remove();
});

function asked(authorization?: string): Promise<Response> {
	const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
	return host.send('/metrics', { headers });
}

async function lines(): Promise<string[]> {
	const response = await asked(`Bearer ${TOKEN}`);
	expect(response.status).toBe(200);
	return (await response.text()).split('\n');
}

/** The number of one line; 0 if it is not there. */
async function valueOf(name: string): Promise<number> {
	const line = (await lines()).find((candidate) => candidate.startsWith(`${name} `));
	return Number(line?.slice(name.length + 1) ?? 0);
}

describe('/metrics', () => {
	test('is no address where no token is set', async () => {
		const other = await Host.open();
		const headers = { authorization: `Bearer ${TOKEN}` };
		expect((await other.send('/metrics', { headers })).status).toBe(404);
		await other.remove();
	});

	test.each([
		['nothing', undefined],
		['another token', `Bearer ${TOKEN.replace('0', '1')}`],
		['the beginning of the token', `Bearer ${TOKEN.slice(0, -1)}`],
		['more than the token', `Bearer ${TOKEN}x`],
		['the token by another scheme', `Basic ${TOKEN}`],
		['an empty token', 'Bearer ']
	])('tells whoever shows %s nothing', async (_what, authorization) => {
		const response = await asked(authorization);
		expect(response.status).toBe(401);
		expect(response.headers.get('www-authenticate')).toBe('Bearer');
		expect(await response.text()).not.toContain('keyhold_');
	});

	test('is Prometheus’ text format, kept by nobody', async () => {
		const response = await asked(`Bearer ${TOKEN}`);
		expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
		expect(response.headers.get('cache-control')).toBe('no-store');
		const SAMPLE = /^[a-z_]+(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? [\d.e+-]+$/;
		const COMMENT = /^# (HELP|TYPE) [a-z_]+ .+$/;
		for (const line of (await response.text()).trimEnd().split('\n')) {
			expect(line).toMatch(line.startsWith('#') ? COMMENT : SAMPLE);
		}
	});

	test('counts requests by route and status', async () => {
		const name = 'keyhold_requests_total{method="GET",route="/api/v1/vaults/:vault",status="200"}';
		const before = await valueOf(name);
		await person.send(`/api/v1/vaults/${person.vault}`);
		expect(await valueOf(name)).toBe(before + 1);
	});

	test('counts a commit, and one that came too late', async () => {
		const name = (outcome: string) => `keyhold_commits_total{of="vault",outcome="${outcome}"}`;
		const [stored, lost] = [await valueOf(name('stored')), await valueOf(name('conflict'))];
		const commit = person.commitOf({ sheets: [sheet()], secrets: [secret()] });
		expect((await person.commit(commit)).outcome).toBe('stored');
		expect((await person.commit(commit)).outcome).toBe('conflict');
		expect(await valueOf(name('stored'))).toBe(stored + 1);
		expect(await valueOf(name('conflict'))).toBe(lost + 1);
	});

	test('counts each security event, by its stable name', async () => {
		const name = (event: string) => `keyhold_events_total{event="${event}"}`;
		const names = ['sign-in', 'sign-in.failed', 'secret.read', 'vault.commit'];
		const values = async () => Promise.all(names.map(async (event) => await valueOf(name(event))));
		const before = await values();
		const written = secret();
		await person.commit(person.commitOf({ sheets: [sheet()], secrets: [written] }));
		await person.readSecrets([written.item]);
		await person.signIn();
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		await person.verify(person.signed(challenge, 1, { key: newKey() }));
		const [signedIn = 0, failed = 0, read = 0, commits = 0] = await values();
		expect([signedIn, failed, read, commits]).toEqual(before.map((count) => count + 1));
	});

	test('counts no event of a write that came too late', async () => {
		const name = 'keyhold_events_total{event="vault.commit"}';
		const commit = person.commitOf({ sheets: [sheet()] });
		expect((await person.commit(commit)).outcome).toBe('stored');
		const before = await valueOf(name);
		expect((await person.commit(commit)).outcome).toBe('conflict');
		expect(await valueOf(name)).toBe(before);
	});

	test('has a line for each event from the start', () => {
		const text = new Metrics(false).text(NOTHING);
		for (const event of AUDIT_EVENTS) {
			expect(text).toContain(`keyhold_events_total{event="${event}"} 0\n`);
		}
	});

	test('counts the sessions that go on', async () => {
		const before = await valueOf('keyhold_sessions');
		await someone(host);
		expect(await valueOf('keyhold_sessions')).toBe(before + 1);
	});

	test('counts the mails that wait, and tells how long the oldest has', async () => {
		const [now, expires] = [Date.now(), 3 * 86_400_000];
		await host.sql(
			"insert into mails (id, message, tries, due_at, expires_at) values ('x', x'00', 0, ?, ?)",
			[now, now - 60_000 + expires]
		);
		expect(await valueOf('keyhold_mails_waiting')).toBe(1);
		expect(await valueOf('keyhold_oldest_mail_seconds')).toBeGreaterThanOrEqual(60);
		await host.sql('delete from mails');
		expect(await valueOf('keyhold_oldest_mail_seconds')).toBe(0);
	});

	test('tells how late the event loop runs', async () => {
		const look = () => new Promise((resolve) => setTimeout(resolve, 100));
		await look();
		const until = performance.now() + 200;
		while (performance.now() < until);
		await look();
		expect(await valueOf('keyhold_event_loop_delay_seconds{quantile="1"}')).toBeGreaterThan(0.1);
	});

	test('has no label from a request, whatever is sent', async () => {
		await person.send(`/api/v1/${MARK}`);
		await person.send(`/api/v1/vaults/${MARK}?${MARK}=1`, { method: MARK });
		await person.post('/api/v1/auth/challenge', { email: `${MARK}@example.org`, purpose: 1 });
		await host.send('/api/v1/account', {
			headers: { 'user-agent': MARK, cookie: `__Host-keyhold=${MARK}` }
		});
		const text = (await lines()).join('\n');
		for (const needle of [MARK, person.account, person.vault, 'example.org', '192.0.2']) {
			expect(text).not.toContain(needle);
		}
		const known = new Set<string>(Object.values(routes).map(({ path }) => path));
		for (const [, route] of text.matchAll(/route="([^"]+)"/g)) expect(known).toContain(route);
	});
});

describe('the numbers of a moment', () => {
	test('are those of the write queue too', () => {
		const text = new Metrics(false).text({
			...NOTHING,
			writesWaiting: 3,
			oldestWriteSeconds: 1.5
		});
		expect(text).toContain('\nkeyhold_writes_waiting 3\n');
		expect(text).toContain('\nkeyhold_oldest_write_seconds 1.5\n');
	});

	test('are those alone that do not come from the database while it does not answer', () => {
		const text = new Metrics(false).text({ ...NOTHING, stored: undefined });
		expect(text).toContain('\nkeyhold_writes_waiting 0\n');
		expect(text).not.toMatch(/keyhold_(sessions|mails|oldest_mail)/);
	});
});

describe('the histogram', () => {
	test('counts an answer in its bucket and in all above it', () => {
		const metrics = new Metrics(false);
		metrics.answered(routes.server, 200, 20);
		metrics.answered(routes.server, 200, 600_000);
		const of = (name: string, le: string) =>
			`keyhold_request_seconds_${name}{method="GET",route="/api/v1/server"${le}}`;
		const text = metrics.text(NOTHING).split('\n');
		expect(text).toContain(`${of('bucket', ',le="0.01"')} 0`);
		expect(text).toContain(`${of('bucket', ',le="0.025"')} 1`);
		expect(text).toContain(`${of('bucket', ',le="30"')} 1`);
		expect(text).toContain(`${of('bucket', ',le="+Inf"')} 2`);
		expect(text).toContain(`${of('sum', '')} 600.02`);
		expect(text).toContain(`${of('count', '')} 2`);
	});
});

describe('the write queue', () => {
	test('tells how many wait and how old the oldest is', async () => {
		const queue = new WriteQueue();
		expect(queue.queued()).toEqual({ waiting: 0, oldestMs: 0 });
		let finish = () => {};
		const slow = queue.run(() => new Promise<void>((resolve) => (finish = resolve)));
		const next = queue.run(() => Promise.resolve());
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(queue.queued().waiting).toBe(2);
		expect(queue.queued().oldestMs).toBeGreaterThan(10);
		finish();
		await Promise.all([slow, next]);
		await queue.close();
		expect(queue.queued()).toEqual({ waiting: 0, oldestMs: 0 });
	});
});

test.each(['short', `${'x'.repeat(32)} x`, 'x'.repeat(257)])(
	'the environment refuses a token that is guessed or no header holds: %s',
	(token) => {
		const variables = { ORIGIN, ENCRYPTION_KEYS: KEY_A, METRICS_TOKEN: token };
		expect(() => readEnv(variables)).toThrow('METRICS_TOKEN');
	}
);
