/** The second factor: what it keeps in, how often a code is good, and who counts the wrong ones. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SecondFactorState } from '#lib/api/second-factor.ts';
import { VerifyReply } from '#lib/api/auth.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { secondFactors } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import { seedPlace } from '#lib/server/places.ts';
import { newSecondFactor } from '#lib/server/second-factor.ts';
import { askSeed, turnOff, turnOn, withSecondFactor } from './code-app.ts';
import { Host } from './host.ts';
import { codeOf, newKey, parsed, Person, someone } from './person.ts';

const PATH = '/api/v1/account/second-factor';
const STEP_MS = 30_000;
const LIMITS = {
	LIMIT_AUTH: '100000/m',
	LIMIT_REQUESTS: '100000/m',
	LIMIT_REGISTRATIONS_NETWORK: '100000/h'
};

let host: Host;

// A clock that stands still: no step ends while a test is about it.
beforeAll(async () => {
	vi.useFakeTimers({ toFake: ['Date'] });
	host = await Host.open(LIMITS);
});

afterAll(async () => {
	await host.remove();
	vi.useRealTimers();
});

async function restart(variables: Record<string, string> = {}): Promise<void> {
	await host.stop();
	await host.start({ ...LIMITS, ...variables });
}

async function stateOf(person: Person) {
	return await parsed(SecondFactorState, await person.send(PATH));
}

async function eventsOf(person: Person) {
	const rows = await host.sql('select event from audit where account = ? order by id', [
		person.account
	]);
	return rows.map(({ event }) => event);
}

/** Someone with a second factor. */
async function member() {
	const person = await someone(host);
	return { person, ...(await withSecondFactor(person, host)) };
}

/** The same person in another browser, signed in nowhere. */
function elsewhere(person: Person, address?: string): Person {
	const browser = new Person(host, person.email, address);
	const { account, vault, passwordSlot, key, recoveryKey, locator } = person;
	return Object.assign(browser, { account, vault, passwordSlot, key, recoveryKey, locator });
}

/** Signs in by password with that code, in another browser. */
async function signIn(person: Person, code?: string, browser = elsewhere(person)) {
	const challenge = await browser.challenge({ email: person.email, purpose: 1 });
	return await browser.verify(browser.signed(challenge, 1), code === undefined ? {} : { code });
}

/** What a sign-in with each of these codes comes to, one after another. */
async function statuses(person: Person, codes: readonly (string | undefined)[]) {
	const seen: number[] = [];
	for (const code of codes) seen.push((await signIn(person, code)).status);
	return seen;
}

describe('turning it on', () => {
	test('takes a seed, a code made from it, and gives ten backup codes once', async () => {
		const person = await someone(host);
		expect(await stateOf(person)).toEqual({ on: false, backupCodes: 0 });
		const app = await askSeed(person, host);
		expect(await stateOf(person)).toEqual({ on: false, backupCodes: 0 });
		const reply = await turnOn(person, app.code());
		if (reply.outcome !== 'on') throw new Error(reply.outcome);
		expect(new Set(reply.backupCodes).size).toBe(10);
		expect(await stateOf(person)).toEqual({ on: true, backupCodes: 10 });
		expect(await eventsOf(person)).toContain('second-factor.on');
	});

	test('with another code changes nothing: signing in goes on without', async () => {
		const person = await someone(host);
		const app = await askSeed(person, host);
		expect(await turnOn(person, app.wrongCode())).toEqual({ outcome: 'wrong-code' });
		expect(await turnOn(person, '0000000000')).toEqual({ outcome: 'wrong-code' });
		expect((await signIn(person)).status).toBe(200);
	});

	test('takes the last seed that was asked for, and none before it', async () => {
		const person = await someone(host);
		const [first, second] = [await askSeed(person, host), await askSeed(person, host)];
		expect(await turnOn(person, first.code())).toEqual({ outcome: 'wrong-code' });
		expect((await turnOn(person, second.code())).outcome).toBe('on');
	});

	test('needs a seed that waits', async () => {
		const person = await someone(host);
		const response = await person.prove({ purpose: 2 }, PATH, { code: '000000' });
		expect(await codeOf(response)).toBe('not-found');
	});

	test('of one that is on is refused, and so is another seed: it stays as it is', async () => {
		const { person, app } = await member();
		await expect(askSeed(person, host)).rejects.toThrow('400');
		const again = await person.prove({ purpose: 2 }, PATH, { code: app.code() });
		expect(await codeOf(again)).toBe('not-found');
		expect(await statuses(person, [undefined, app.code()])).toEqual([401, 200]);
	});

	test('ends all other sessions', async () => {
		const person = await someone(host);
		const other = elsewhere(person);
		await other.signIn();
		await withSecondFactor(person, host);
		expect((await other.send('/api/v1/account')).status).toBe(401);
		expect((await person.send('/api/v1/account')).status).toBe(200);
	});

	test('stores neither the seed nor a backup code in the clear', async () => {
		const { person, app, backupCodes } = await member();
		const rows = [
			...(await host.sql('select hex(seed) from second_factors')),
			...(await host.sql('select hex(code_index) from backup_codes'))
		];
		const text = JSON.stringify(rows).toLowerCase();
		expect(text).not.toContain(Buffer.from(app.seed).toString('hex'));
		for (const code of backupCodes) {
			expect(text).not.toContain(Buffer.from(code).toString('hex'));
		}
		expect(host.lines.join('')).not.toContain(backupCodes[0]);
		expect(await stateOf(person)).toEqual({ on: true, backupCodes: 10 });
	});
});

describe('signing in with the password', () => {
	test('needs the code: without one, or with a wrong one, nothing is given', async () => {
		const { person, app } = await member();
		for (const code of [undefined, app.wrongCode(), '0123456789']) {
			const browser = elsewhere(person);
			const response = await signIn(person, code, browser);
			expect(response.status).toBe(401);
			expect(response.headers.get('set-cookie')).toBeNull();
			expect(await codeOf(response)).toBe('second-factor');
			expect((await browser.send('/api/v1/account')).status).toBe(401);
		}
		const response = await signIn(person, app.code());
		expect((await parsed(VerifyReply, response)).wrap).toEqual(person.wrap);
	});

	test('tells whoever has no password nothing of it, with a code or without', async () => {
		const { person, app } = await member();
		const thief = Object.assign(elsewhere(person), { key: newKey() });
		expect(await codeOf(await signIn(person, undefined, thief))).toBe('auth');
		expect(await codeOf(await signIn(person, app.code(), thief))).toBe('auth');
		expect((await signIn(person, app.code())).status).toBe(200);
	});

	test('uses its challenge up, whatever the code is', async () => {
		const { person, app } = await member();
		const browser = elsewhere(person);
		for (const code of [undefined, app.wrongCode()]) {
			const challenge = await browser.challenge({ email: person.email, purpose: 1 });
			const proof = browser.signed(challenge, 1);
			const first = await browser.verify(proof, code === undefined ? {} : { code });
			expect(await codeOf(first)).toBe('second-factor');
			expect(await codeOf(await browser.verify(proof, { code: app.code() }))).toBe('auth');
		}
	});

	test('counts no wrong code when a proof is sent again: a copy locks nobody out', async () => {
		const { person, app } = await member();
		const browser = elsewhere(person);
		const challenge = await browser.challenge({ email: person.email, purpose: 1 });
		const proof = browser.signed(challenge, 1);
		await browser.verify(proof, { code: app.wrongCode() });
		for (let n = 0; n < 15; n++) {
			expect(await codeOf(await browser.verify(proof, { code: app.wrongCode() }))).toBe('auth');
		}
		expect((await signIn(person, app.code())).status).toBe(200);
	});
});

describe('signing in with the recovery kit', () => {
	test('needs the code as well', async () => {
		const { person, app } = await member();
		const byKit = async (code?: string) => {
			const browser = elsewhere(person);
			const challenge = await browser.challenge({ locator: encode(person.locator), purpose: 1 });
			const proof = browser.signed(challenge, 1, { key: person.recoveryKey });
			return await browser.verify(proof, code === undefined ? {} : { code });
		};
		expect(await codeOf(await byKit())).toBe('second-factor');
		expect((await byKit(app.code())).status).toBe(200);
	});
});

describe('unlocking inside a session', () => {
	test('needs the code too: a wrap is not given for the password alone', async () => {
		const { person, app } = await member();
		const unlock = async (code?: string) => {
			const challenge = await person.challenge({ slot: person.passwordSlot, purpose: 8 });
			return await person.verify(person.signed(challenge, 8), code === undefined ? {} : { code });
		};
		expect(await codeOf(await unlock())).toBe('second-factor');
		expect((await parsed(VerifyReply, await unlock(app.code()))).wrap).toEqual(person.wrap);
	});
});

describe('a proof that travels with its request', () => {
	test('carries no code: its session passed the second factor when it began', async () => {
		const { person } = await member();
		const response = await person.prove({ purpose: 2 }, '/api/v1/account/sessions');
		expect(response.status).toBe(204);
	});
});

describe('a code of the app', () => {
	/** What codes of these steps from now come to, long after it was turned on. */
	async function inOrder(...steps: readonly number[]): Promise<number[]> {
		const { person, app } = await member();
		host.ahead += 3 * STEP_MS;
		const codes = steps.map((step) => app.code(step));
		const seen = await statuses(person, codes);
		host.ahead -= 3 * STEP_MS;
		return seen;
	}

	test('is good one step early and one step late, and no further', async () => {
		expect(await inOrder(-2, 2, -1, 0, 1)).toEqual([401, 401, 200, 200, 200]);
	});

	test('is good once, and an earlier one never after it', async () => {
		expect(await inOrder(0, 0, -1, 1)).toEqual([200, 401, 401, 200]);
	});

	test('that turned it on does not sign in', async () => {
		const person = await someone(host);
		const app = await askSeed(person, host);
		const code = app.code(1);
		await turnOn(person, code);
		expect((await signIn(person, code)).status).toBe(401);
	});

	test('is good for one of many who send it at the same moment', async () => {
		const { person, app } = await member();
		const code = app.code();
		const tries = Array.from({ length: 8 }, () => signIn(person, code));
		const answers = (await Promise.all(tries)).map(({ status }) => status);
		expect(answers.filter((status) => status === 200)).toHaveLength(1);
	});

	test('is good once over a restart too', async () => {
		const { person, app } = await member();
		const code = app.code();
		expect((await signIn(person, code)).status).toBe(200);
		await restart();
		expect((await signIn(person, code)).status).toBe(401);
	});
});

describe('a backup code', () => {
	test('is good once, each of the ten', async () => {
		const { person, backupCodes } = await member();
		for (const [index, code] of backupCodes.entries()) {
			expect(await statuses(person, [code, code])).toEqual([200, 401]);
			const { backupCodes: left } = await stateOf(person);
			expect(left).toBe(9 - index);
			await host.sql('delete from counters');
		}
	});

	test('is good for one of many who send it at the same moment', async () => {
		const { person, backupCodes } = await member();
		const tries = Array.from({ length: 8 }, () => signIn(person, backupCodes[0]));
		const answers = (await Promise.all(tries)).map(({ status }) => status);
		expect(answers.filter((status) => status === 200)).toHaveLength(1);
		expect((await stateOf(person)).backupCodes).toBe(9);
	});

	test("of another account is none of this one's", async () => {
		const [{ person }, { backupCodes }] = [await member(), await member()];
		expect((await signIn(person, backupCodes[0])).status).toBe(401);
	});

	test('is worth nothing once the second factor was turned off and on again', async () => {
		const { person, app, backupCodes } = await member();
		expect(await turnOff(person, app.code())).toEqual({ outcome: 'off' });
		await withSecondFactor(person, host);
		expect((await signIn(person, backupCodes[0])).status).toBe(401);
	});
});

describe('wrong codes', () => {
	test('are counted for the account, from all networks together', async () => {
		const { person, app } = await member();
		const seen: number[] = [];
		for (let n = 0; n < 11; n++) {
			const browser = elsewhere(person, `198.51.${n}.7`);
			seen.push((await signIn(person, app.wrongCode(), browser)).status);
		}
		expect(seen).toEqual([...Array<number>(10).fill(401), 429]);
	});

	test('keep the right one out as well, say until when, and are forgiven by no restart', async () => {
		const { person, app } = await member();
		await statuses(person, Array<string>(10).fill(app.wrongCode()));
		await restart();
		const refused = await signIn(person, app.code());
		expect(await codeOf(refused)).toBe('limited');
		expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
		host.ahead += 15 * 60_000;
		expect((await signIn(person, app.code())).status).toBe(200);
		host.ahead = 0;
	});

	test('keep nobody else out, and not the owner inside a session', async () => {
		const [{ person, app }, other] = [await member(), await member()];
		await statuses(person, Array<string>(10).fill(app.wrongCode()));
		expect((await signIn(other.person, other.app.code())).status).toBe(200);
		expect((await person.prove({ purpose: 2 }, '/api/v1/account/sessions')).status).toBe(204);
	});

	test('many at once get no further than as many one after another', async () => {
		const { person, app } = await member();
		const tries = Array.from({ length: 30 }, () => signIn(person, app.wrongCode()));
		const answers = (await Promise.all(tries)).map(({ status }) => status);
		expect(answers.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
		expect((await signIn(person, app.code())).status).toBe(429);
	});

	test('are none of the right ones: signing in often is never limited', async () => {
		const { person, backupCodes } = await member();
		await restart({ LIMIT_CODES_ACCOUNT: '2/15m' });
		expect(await statuses(person, backupCodes)).toEqual(Array(10).fill(200));
		await restart();
	});

	test('count to turn it off, too', async () => {
		const { person, app } = await member();
		for (let n = 0; n < 10; n++) {
			expect(await turnOff(person, app.wrongCode())).toEqual({ outcome: 'wrong-code' });
		}
		const path = `${PATH}/removals`;
		const response = await person.prove({ purpose: 2 }, path, { code: app.code() });
		expect(await codeOf(response)).toBe('limited');
		expect((await stateOf(person)).on).toBe(true);
	});

	test('leave a row in the audit log each, and the one that uses the limit up another', async () => {
		const { person, app } = await member();
		await restart({ LIMIT_CODES_ACCOUNT: '2/15m' });
		await statuses(person, [undefined, app.wrongCode(), app.wrongCode(), app.code()]);
		const rows = await host.sql(
			"select event, detail from audit where account = ? and event like '%.%ed' order by id",
			[person.account]
		);
		await restart();
		expect(rows.slice(-5).map(({ event, detail }) => [event, detail])).toEqual([
			['second-factor.failed', 'missing'],
			['second-factor.failed', 'wrong'],
			['second-factor.failed', 'wrong'],
			['proof.limited', 'codesAccount'],
			['proof.refused', 'limited']
		]);
	});
});

describe('a good code whose sign-in the database was too busy for', () => {
	test('is no try, and good afterwards', async () => {
		const { person, backupCodes } = await member();
		await restart({ LIMIT_CODES_ACCOUNT: '1/15m' });
		const { database } = host.server;
		const write = database.write.bind(database);
		let calls = 0;
		const busy = vi.spyOn(database, 'write').mockImplementation((statements) => {
			if (++calls <= 2) return write(statements);
			return Promise.reject(new ServerError('busy', 'the write queue is full', 2));
		});
		expect((await signIn(person, backupCodes[0])).status).toBe(503);
		busy.mockRestore();
		expect((await signIn(person, backupCodes[0])).status).toBe(200);
		await restart();
	});
});

describe('turning it off', () => {
	test('takes a code of the app or a backup code; then none is asked for', async () => {
		for (const kind of ['app', 'backup'] as const) {
			const { person, app, backupCodes } = await member();
			const code = kind === 'app' ? app.code() : (backupCodes[3] ?? '');
			expect(await turnOff(person, code)).toEqual({ outcome: 'off' });
			expect(await stateOf(person)).toEqual({ on: false, backupCodes: 0 });
			expect((await signIn(person)).status).toBe(200);
			expect(await eventsOf(person)).toContain('second-factor.off');
		}
	});

	test('ends all other sessions', async () => {
		const { person, app, backupCodes } = await member();
		const other = elsewhere(person);
		expect((await signIn(person, backupCodes[0], other)).status).toBe(200);
		expect(await turnOff(person, app.code())).toEqual({ outcome: 'off' });
		expect((await other.send('/api/v1/account')).status).toBe(401);
		expect((await person.send('/api/v1/account')).status).toBe(200);
	});

	test('is nothing where it is off', async () => {
		const person = await someone(host);
		await askSeed(person, host);
		const response = await person.prove({ purpose: 2 }, `${PATH}/removals`, { code: '000000' });
		expect(await codeOf(response)).toBe('not-found');
	});
});

describe('a sign-in that began before it was turned on', () => {
	test('does not end after it: the write looks again', async () => {
		const person = await someone(host);
		const app = await askSeed(person, host);
		const browser = elsewhere(person);
		const challenge = await browser.challenge({ email: person.email, purpose: 1 });
		const { database } = host.server;
		const write = database.write.bind(database);
		let calls = 0;
		const between = vi.spyOn(database, 'write').mockImplementation(async (statements) => {
			if (++calls === 2) {
				between.mockRestore();
				await turnOn(person, app.code());
			}
			return await write(statements);
		});
		const response = await browser.verify(browser.signed(challenge, 1));
		expect(await codeOf(response)).toBe('auth');
		expect((await stateOf(person)).on).toBe(true);
	});
});

describe('turning it on', () => {
	/** Does something between the reading of the seed that waits and the write that turns it on. */
	async function inBetween(act: () => Promise<unknown>, turn: () => Promise<unknown>) {
		const { database } = host.server;
		const write = database.write.bind(database);
		database.write = async (statements) => {
			if (
				statements.some(
					(each) => 'toSQL' in each && each.toSQL().sql.includes('insert into "backup_codes"')
				)
			) {
				database.write = write;
				await act();
			}
			return await write(statements);
		};
		try {
			return await turn();
		} finally {
			database.write = write;
		}
	}

	test('works while the host rotates its keys, though the seed was wrapped again', async () => {
		const person = await someone(host);
		await person.signIn();
		const app = await askSeed(person, host);
		const { database, wrapper } = host.server;
		const seed = wrapper.wrap(seedPlace(person.account), app.seed);
		const own = eq(secondFactors.account, person.account);
		const wrapAgain = async () =>
			await database.write([database.orm.update(secondFactors).set({ seed }).where(own)]);
		const on = await inBetween(wrapAgain, () => turnOn(person, app.code()));
		expect(on).toMatchObject({ outcome: 'on' });
	});

	test('turns no other seed on than the one that the code is of', async () => {
		const person = await someone(host);
		await person.signIn();
		const app = await askSeed(person, host);
		const another = async () => await newSecondFactor(host.server, person.account);
		await inBetween(another, async () => {
			const response = await person.prove({ purpose: 2 }, PATH, { code: app.code() });
			expect(await codeOf(response)).toBe('not-found');
		});
		expect(await stateOf(person)).toEqual({ on: false, backupCodes: 0 });
	});
});
