/**
 * One of several databases that is away: its accounts wait for it, and those of the others do not
 * notice.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { Authenticator } from '../server/authenticator.ts';
import type { Host } from '../server/host.ts';
import { UNLIMITED } from '../server/mailing.ts';
import { Person, sheet, someone } from '../server/person.ts';
import { SQLD_MISSING } from '../sqld/program.ts';
import { Divided, emailIn, LAST } from './divided.ts';

const TOKEN = 'token-of-the-metrics-in-this-test';
const VARIABLES = { ...UNLIMITED, METRICS_TOKEN: TOKEN };
/** Longer than an answer of `/readyz` is repeated. */
const LATER_MS = 10_000;

/** The first answers for all of them where nothing leads a request to another. */
const AWAY = [LAST, 0];
const HERE = 1;

let divided: Divided;
let host: Host;
/** The index of the database that goes away. */
let index: number;
let here: Person;
let away: Person;
let passkey: Authenticator;

async function begin(alone: number): Promise<void> {
	index = alone;
	divided = await Divided.open(index);
	host = await divided.host(VARIABLES);
}

async function arrive(): Promise<void> {
	here = await someone(host, emailIn(HERE));
	away = await someone(host, emailIn(index));
	passkey = new Authenticator();
	const commit = here.accountCommitOf({ slots: [passkey.enrolled()] });
	expect((await here.sendAccountCommit(commit, { purpose: 3 })).status).toBe(200);
}

/** The same person, who goes to another process. */
function at(other: Host, person: Person): Person {
	return Object.assign(new Person(other, person.email), person, { host: other });
}

async function expectServed(person: Person): Promise<void> {
	await person.signIn();
	expect((await person.commit(person.commitOf({ sheets: [sheet()] }))).outcome).toBe('stored');
}

async function byPasskey(other: Host): Promise<number> {
	const browser = new Person(other);
	const challenge = await browser.challenge({ passkey: true, purpose: 1 });
	return (await browser.verify(passkey.proof(challenge, 1))).status;
}

async function byKit(other: Host): Promise<number> {
	const browser = new Person(other);
	const challenge = await browser.challenge({ locator: encode(here.locator), purpose: 1 });
	return (await browser.verify(browser.signed(challenge, 1, { key: here.recoveryKey }))).status;
}

/** In a browser that has a session of the database that is away. */
async function besideOldCookie(other: Host): Promise<number> {
	const browser = Object.assign(new Person(other, here.email), { cookie: away.cookie });
	const challenge = await browser.challenge({ email: here.email, purpose: 1 });
	return (await browser.verify(browser.signed(challenge, 1, { key: here.key }))).status;
}

/** Everything that is not of the database that is away goes on. */
async function expectOthersServed(other: Host): Promise<void> {
	const person = at(other, here);
	await expectServed(person);
	Object.assign(here, { seq: person.seq, head: person.head });
	expect(await byPasskey(other)).toBe(200);
	expect(await byKit(other)).toBe(200);
	expect(await besideOldCookie(other)).toBe(200);
	await someone(other, emailIn(HERE));
	other.ahead += LATER_MS;
	expect((await other.send('/readyz')).status).toBe(200);
	const authorization = `Bearer ${TOKEN}`;
	const metrics = await other.send('/metrics', { headers: { authorization } });
	expect(await metrics.text()).toContain('\nkeyhold_databases_away 1\n');
}

async function expectToldToWait(person: Person): Promise<void> {
	const answers = await Promise.all([
		person.send('/api/v1/account'),
		person.post('/api/v1/auth/challenge', { email: person.email, purpose: 1 }),
		person.post('/api/v1/auth/challenge', { locator: encode(person.locator), purpose: 1 }),
		person.post('/api/v1/auth/challenge', { slot: person.passwordSlot, purpose: 2 }),
		person.send('/api/v1/auth/session', { method: 'DELETE' }),
		new Person(person.host, emailIn(index)).register()
	]);
	for (const { status, headers } of answers) {
		expect(status).toBe(503);
		expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
	}
}

describe.skipIf(SQLD_MISSING).each(AWAY)('database %i of four, when it is away,', (alone) => {
	beforeAll(async () => {
		await begin(alone);
	});

	beforeEach(arrive);

	afterAll(async () => {
		await divided.remove();
	});

	test('hurts its own accounts only, and serves them again once it is back', async () => {
		await away.commit(away.commitOf({ sheets: [sheet()] }));
		await divided.last.kill();
		await expectToldToWait(away);
		await expectOthersServed(host);
		await divided.last.start();
		expect((await away.getVault()).manifest.seq).toBe(2);
		await expectServed(away);
		expect(host.exits).toBe(0);
	});

	test('and never answers, hurts its own accounts only', async () => {
		await divided.last.freeze();
		await expectOthersServed(host);
		divided.last.thaw();
		await expectServed(away);
	});

	test('while a process starts, keeps it from nothing but its accounts, and is opened later', async () => {
		await divided.last.kill();
		const started = await divided.host(VARIABLES);
		expect(started.lines.join()).toContain(`database ${index + 1} of 4: the libSQL server`);
		await expectOthersServed(started);
		const person = at(started, away);
		await expectToldToWait(person);
		await divided.last.start();
		const answers = async () => (await person.send('/api/v1/account')).status;
		await expect.poll(answers, { timeout: 60_000, interval: 100 }).toBe(200);
		await expectServed(person);
	});

	test('with all the others away, too, is a server that does not start', async () => {
		for (const door of divided.doors) door.shut = true;
		await expect(divided.host()).rejects.toThrow('the libSQL server does not answer');
		host.ahead += LATER_MS;
		expect((await host.send('/readyz')).status).toBe(503);
		for (const door of divided.doors) door.shut = false;
	});
});
