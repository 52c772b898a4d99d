/** Rate limits: every line of the table, by reaching it. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LIMITS, type LimitName } from '#lib/server/limit-table.ts';
import { prune } from '#lib/server/prune.ts';
import { withSecondFactor } from './code-app.ts';
import { Host } from './host.ts';
import { codeOf, newId, newKey, Person, random, someone } from './person.ts';

let host: Host;

beforeEach(async () => {
	host = await Host.open();
});

afterEach(async () => {
	await host.remove();
});

/** A mail server that is not there: nothing waits for it. */
const MAIL = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'keyhold@example.org' };

async function restart(variables: Record<string, string>): Promise<void> {
	const mails = Object.keys(variables).some((name) => name.startsWith('LIMIT_MAILS'));
	await host.stop();
	await host.start({ ...variables, ...(mails ? MAIL : {}) });
}

/** Starts with these limits, and with nothing counted so far. */
async function limitTo(variables: Record<string, string>): Promise<void> {
	await host.sql('delete from counters');
	await restart(variables);
}

/** One wrong proof for `email` from `address`. */
async function fail(email: string, address: string): Promise<Response> {
	const attacker = new Person(host, email, address);
	const response = await attacker.post('/api/v1/auth/challenge', { email, purpose: 1 });
	if (response.status !== 200) return response;
	const challenge = await attacker.challenge({ email, purpose: 1 });
	return await attacker.verify(attacker.signed(challenge, 1, { key: newKey() }));
}

async function askMail(email: string, address: string): Promise<Response> {
	return await new Person(host, undefined, address).post('/api/v1/recoveries/mails', { email });
}

/** One wrong code for the account of `person`, whose second factor is turned on for the first. */
async function mistype(person: Person, n: number): Promise<Response> {
	if (n === 1) await withSecondFactor(person, host);
	const browser = new Person(host, person.email, `198.51.${n}.7`);
	const challenge = await browser.challenge({ email: person.email, purpose: 1 });
	const proof = browser.signed(challenge, 1, { key: person.key });
	return await browser.verify(proof, { code: '0000000000' });
}

/** What is counted by each limit, done once by or against `person`. `n` makes networks differ. */
const TRIES: Record<LimitName, (person: Person, n: number) => Promise<Response>> = {
	requests: ({ address }) => new Person(host, undefined, address).send('/api/v1/account'),
	auth: ({ address }) =>
		new Person(host, undefined, address).post('/api/v1/auth/challenge', {
			email: 'a@b',
			purpose: 1
		}),
	commits: (person) => person.post(`/api/v1/vaults/${person.vault}/commits`, {}),
	reads: (person) => person.readSecrets([newId()]),
	reminders: (person) => person.post('/api/v1/account/reminders', { days: [] }),
	failuresHere: (person) => fail(person.email, '198.51.100.7'),
	failuresAccount: (person, n) => fail(person.email, `198.51.${n}.7`),
	failuresNetwork: (_person, n) => fail(`${n}@example.org`, '198.51.100.7'),
	failuresTotal: (_person, n) => fail(`${n}@example.org`, `198.51.${n}.7`),
	codesAccount: mistype,
	registrationsNetwork: () => new Person(host, undefined, '198.51.100.7').register(),
	registrationsTotal: (_person, n) => new Person(host, undefined, `198.51.${n}.7`).register(),
	mailsAddress: (_person, n) => askMail('nobody@example.org', `198.51.${n}.7`),
	mailsNetwork: (_person, n) => askMail(`${n}@example.org`, '198.51.100.7')
};

/** The same by and against others, where {@link TRIES} names who they are itself. */
const ELSEWHERE: Partial<Record<LimitName, () => Promise<Response>>> = {
	failuresHere: () => fail('bystander@example.org', '203.0.113.9'),
	failuresAccount: () => fail('bystander@example.org', '203.0.113.9'),
	failuresNetwork: () => fail('4@example.org', '203.0.113.9'),
	registrationsNetwork: () => new Person(host, undefined, '203.0.113.9').register(),
	mailsAddress: () => askMail('bystander@example.org', '203.0.113.9'),
	mailsNetwork: () => askMail('4@example.org', '203.0.113.9')
};

/** Those that refuse; the one that only warns is tested with what it must not do. */
const REFUSING = LIMITS.filter(({ warns }) => warns !== true);

describe.each(REFUSING)('$variable: $counts', ({ name, variable }) => {
	test('refuses the try after the last, says when to come back, and counts no others', async () => {
		const [person, bystander] = [await someone(host), await someone(host)];
		await limitTo({ [variable]: '3/10m' });
		for (let n = 1; n <= 3; n++) expect((await TRIES[name](person, n)).status).not.toBe(429);
		const refused = await TRIES[name](person, 4);
		expect(refused.status).toBe(429);
		expect(await codeOf(refused)).toBe('limited');
		const seconds = Number(refused.headers.get('retry-after'));
		expect(seconds).toBeGreaterThan(590);
		expect(seconds).toBeLessThanOrEqual(600);
		if (name.endsWith('Total')) return;
		Object.assign(bystander, { address: '203.0.113.9' });
		const elsewhere = await (ELSEWHERE[name]?.() ?? TRIES[name](bystander, 4));
		expect(elsewhere.status).not.toBe(429);
	});
});

describe.each(REFUSING.filter(({ kept }) => kept === 'database'))(
	'$variable',
	({ name, variable }) => {
		test('survives a restart, and ends with its window', async () => {
			const person = await someone(host);
			await limitTo({ [variable]: '2/10m' });
			for (let n = 1; n <= 2; n++) await TRIES[name](person, n);
			await restart({ [variable]: '2/10m' });
			expect((await TRIES[name](person, 3)).status).toBe(429);
			host.ahead += 600_001;
			expect((await TRIES[name](person, 3)).status).not.toBe(429);
		});
	}
);

describe('wrong proofs', () => {
	test('for an unknown email are counted as for a known one', async () => {
		const person = await someone(host);
		await restart({ LIMIT_FAILURES_HERE: '3/10m' });
		const statuses = async (email: string) => {
			const seen: number[] = [];
			for (let n = 0; n < 5; n++) seen.push((await fail(email, '198.51.100.7')).status);
			return seen;
		};
		expect(await statuses('nobody@example.org')).toEqual(await statuses(person.email));
	});

	test('many at once get no further than as many one after another', async () => {
		const person = await someone(host);
		await restart({ LIMIT_FAILURES_HERE: '5/10m' });
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const tries = Array.from({ length: 40 }, () =>
			new Person(host).verify(person.signed(challenge, 1, { key: newKey() }))
		);
		const statuses = (await Promise.all(tries)).map(({ status }) => status);
		expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5);
		const right = await new Person(host).verify(person.signed(challenge, 1));
		expect(right.status).toBe(429);
	});

	test('from one network do not keep the owner out elsewhere', async () => {
		const person = await someone(host);
		// So far from the limit that what is counted in memory gets no row: processes share it by the second.
		await restart({ LIMIT_FAILURES_HERE: '3/10m', LIMIT_AUTH: '10000/10m' });
		for (let n = 0; n < 30; n++) await fail(person.email, '198.51.100.7');
		const [row] = await host.sql('select max(count) from counters');
		expect(Number(row?.[0])).toBe(3);
		await person.signIn();
	});

	test('are not what a right one is: signing in often is never limited', async () => {
		const person = await someone(host);
		await restart({ LIMIT_FAILURES_HERE: '2/10m', LIMIT_FAILURES_ACCOUNT: '2/10m' });
		for (let n = 0; n < 5; n++) await person.signIn();
	});

	test('leave a row in the audit log, and the one that uses a limit up another', async () => {
		const person = await someone(host);
		await restart({ LIMIT_FAILURES_HERE: '3/10m' });
		for (let n = 0; n < 5; n++) await fail(person.email, '198.51.100.7');
		const rows = await host.sql(
			"select event, detail from audit where account = ? and event like '%.%ed' order by id",
			[person.account]
		);
		expect(rows.map((row) => [row['event'], row['detail']])).toEqual([
			['sign-in.failed', null],
			['sign-in.failed', null],
			['sign-in.failed', null],
			['proof.limited', 'failuresHere']
		]);
	});
});

describe('a network', () => {
	test('is not changed by another address of the same /64, or another user agent', async () => {
		await restart({ LIMIT_AUTH: '2/10m' });
		const ask = (address: string, agent: string) =>
			new Person(host, undefined, address).post(
				'/api/v1/auth/challenge',
				{ email: 'a@b', purpose: 1 },
				{ headers: { 'user-agent': agent, 'x-forwarded-for': '203.0.113.1' } }
			);
		await ask('2001:db8::1', 'a');
		await ask('2001:db8::2', 'b');
		expect((await ask('2001:db8::ffff:1', 'c')).status).toBe(429);
	});

	test.each([
		[
			'LIMIT_REGISTRATIONS_NETWORK',
			(address: string) => new Person(host, undefined, address).register()
		],
		['LIMIT_MAILS_NETWORK', (address: string) => askMail(`${newId()}@example.org`, address)]
	])(
		'of a customer with a whole /48 is one to %s: it uses up nothing of all',
		async (name, ask) => {
			await limitTo({ [name]: '3/h' });
			const statuses: number[] = [];
			for (let n = 0; n < 9; n++) {
				statuses.push((await ask(`2001:db8:7:${n.toString(16)}::1`)).status);
			}
			expect(statuses.filter((status) => status === 429)).toHaveLength(6);
			expect((await ask('2001:db8:8::1')).status).not.toBe(429);
		}
	);

	test('stands nowhere in the database or the log', async () => {
		await fail('nobody@example.org', '198.51.100.7');
		const rows = await host.sql('select hex(key) as key from counters');
		const text = `${JSON.stringify(rows)}${host.lines.join('')}`;
		expect(text).not.toContain('198.51.100');
		expect(text).not.toContain(Buffer.from('198.51.100').toString('hex').toUpperCase());
	});
});

describe('a clock that jumps', () => {
	const YEAR_MS = 365 * 86_400_000;

	test('forward ends the windows, and is no other loss', async () => {
		const person = await someone(host);
		await limitTo({ LIMIT_FAILURES_HERE: '2/10m' });
		for (let n = 0; n < 2; n++) await fail(person.email, '198.51.100.7');
		expect((await fail(person.email, '198.51.100.7')).status).toBe(429);
		host.ahead += YEAR_MS;
		expect((await fail(person.email, '198.51.100.7')).status).toBe(401);
	});

	test('a little back gives nobody new tries', async () => {
		const person = await someone(host);
		await limitTo({ LIMIT_FAILURES_HERE: '2/10m' });
		for (let n = 0; n < 2; n++) await fail(person.email, '198.51.100.7');
		host.ahead -= 300_000;
		expect((await fail(person.email, '198.51.100.7')).status).toBe(429);
	});

	test('far ahead and is put right keeps nobody out until it would be there again', async () => {
		const person = await someone(host);
		await limitTo({ LIMIT_FAILURES_HERE: '2/10m' });
		host.ahead = YEAR_MS;
		for (let n = 0; n < 2; n++) await fail(person.email, '198.51.100.7');
		expect((await fail(person.email, '198.51.100.7')).status).toBe(429);
		host.ahead = 0;
		for (let n = 0; n < 2; n++) {
			expect((await fail(person.email, '198.51.100.7')).status).toBe(401);
		}
		expect((await fail(person.email, '198.51.100.7')).status).toBe(429);
	});
});

test('windows that are over are forgotten', async () => {
	await fail('nobody@example.org', '198.51.100.7');
	host.ahead += 86_400_001;
	await prune(host.server);
	expect(await host.sql('select * from counters')).toHaveLength(0);
});

test('a settings commit counts as a commit', async () => {
	const person = await someone(host);
	await restart({ LIMIT_COMMITS: '1/10m' });
	await person.commitAccount(random(1_105));
	const response = await person.post(`/api/v1/vaults/${person.vault}/commits`, {});
	expect(response.status).toBe(429);
});

describe('a client that asks for the description of the interface again and again', () => {
	test('is refused like one that asks for anything else', async () => {
		await restart({ LIMIT_REQUESTS: '2/10m' });
		const ask = () => host.send('/api/v1/openapi.json');
		expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
		const refused = await ask();
		expect([refused.status, await codeOf(refused)]).toEqual([429, 'limited']);
		expect((await host.send('/api/v1/account')).status).toBe(429);
	});
});

describe('whoever is refused by a limit that is kept in memory', () => {
	test.each([60_000, 540_000, 599_000])(
		'is told the true end of the window after %i ms of it',
		async (gone) => {
			const begun = 1_800_000_000_000;
			vi.useFakeTimers({ toFake: ['Date', 'performance'], now: begun });
			await restart({ LIMIT_AUTH: '1/10m' });
			const ask = () =>
				new Person(host).post('/api/v1/auth/challenge', { email: 'a@b', purpose: 1 });
			expect((await ask()).status).toBe(200);
			vi.setSystemTime(begun + gone);
			const refused = await ask();
			expect(refused.status).toBe(429);
			expect(refused.headers.get('retry-after')).toBe(String((600_000 - gone) / 1000));
			vi.setSystemTime(begun + 600_000);
			expect((await ask()).status).toBe(200);
			vi.useRealTimers();
		}
	);
});
