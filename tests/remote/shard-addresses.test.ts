/** Another email for an account, where the address belongs to another database than the account. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { movedAddresses } from '#lib/server/db/schema.ts';
import { shardOf } from '#lib/server/db/shard.ts';
import { eventsOf, lastOf } from '../server/asked.ts';
import { passwordSlotOf } from '../server/enrolled.ts';
import type { Host } from '../server/host.ts';
import { MINUTE_MS, UNLIMITED } from '../server/mailing.ts';
import { newKey } from '../server/material.ts';
import { codeOf, Person, sheet, someone } from '../server/person.ts';
import { smtpVariables, startSmtp, tokenIn } from '../smtp.ts';
import { SQLD_MISSING } from '../sqld/program.ts';
import { Divided, emailIn, homesOf, SHARDS } from './divided.ts';

const BY = { purpose: 2 };
/** Longer than an address stays claimed for who did not come. */
const LATER_MS = 11 * MINUTE_MS;

let divided: Divided;
let host: Host;
/** Of each one's password slot. */
const revisions = new Map<Person, number>();

beforeAll(async () => {
	divided = await Divided.open();
	host = await divided.host(UNLIMITED);
});

afterAll(async () => {
	await divided.remove();
});

/** Asks for the email; once it is there, the same person knows it. */
async function take(person: Person, email: string): Promise<Response> {
	const key = newKey();
	const slot = passwordSlotOf(person, { revision: (revisions.get(person) ?? 1) + 1, key });
	const response = await person.sendAccountCommit(
		person.accountCommitOf({ email, slots: [slot] }),
		BY
	);
	if (response.status === 200) {
		revisions.set(person, slot.revision);
		Object.assign(person, { email, key });
	}
	return response;
}

/** Whoever signs in by that address and that key. */
async function owns(person: Person, email: string): Promise<boolean> {
	const browser = Object.assign(new Person(host, email), {
		key: person.key,
		passwordSlot: person.passwordSlot
	});
	const challenge = await browser.challenge({ email, purpose: 1 });
	if ((await browser.verify(browser.signed(challenge, 1))).status !== 200) return false;
	return (await browser.getAccount()).email === email;
}

async function signInByKit(person: Person): Promise<void> {
	const challenge = await person.challenge({ locator: encode(person.locator), purpose: 1 });
	const signed = person.signed(challenge, 1, { key: person.recoveryKey });
	expect((await person.verify(signed)).status).toBe(200);
}

/** An address of database 1 that an account of database 0 had, and has no more. */
async function left(): Promise<string> {
	const [person, email] = [await someone(host, emailIn(0)), emailIn(1)];
	await take(person, email);
	await take(person, emailIn(0));
	return email;
}

/** Has `act` happen before the first write of that kind in one of the databases. */
function before(index: number, kind: string, act: () => Promise<unknown>): () => void {
	const { database } = host.server.shards.at(index);
	const write = database.write.bind(database);
	const restore = () => {
		database.write = write;
	};
	database.write = async (statements) => {
		if (statements.some((each) => 'toSQL' in each && each.toSQL().sql.startsWith(kind))) {
			restore();
			await act();
		}
		return await write(statements);
	};
	return restore;
}

describe.skipIf(SQLD_MISSING)('an account that takes an address of another database', () => {
	test('stays where it is, is found by it, and goes on as before', async () => {
		const [person, email] = [await someone(host, emailIn(0)), emailIn(1)];
		expect((await take(person, email)).status).toBe(200);
		expect(await homesOf(host, person)).toEqual([0]);
		expect(await owns(person, email)).toBe(true);
		expect((await person.commit(person.commitOf({ sheets: [sheet()] }))).outcome).toBe('stored');
		const { findings } = await lastOf(host, { command: 'check' }, 'checked');
		expect(findings).toBe(0);
	});

	test('leaves its old one free for somebody else', async () => {
		const email = emailIn(0);
		const person = await someone(host, email);
		await take(person, emailIn(1));
		const next = await someone(host, email);
		expect(await homesOf(host, next)).toEqual([0]);
	});

	test('keeps it from everybody else: who registers, and who asks for it', async () => {
		const [person, other] = [await someone(host, emailIn(0)), await someone(host, emailIn(2))];
		const email = emailIn(1);
		await take(person, email);
		expect(await codeOf(await new Person(host, email).register())).toBe('taken');
		host.ahead += LATER_MS;
		await other.signIn();
		expect(await codeOf(await take(other, email))).toBe('taken');
		expect(await owns(person, email)).toBe(true);
	});

	test('is refused one that has an account there', async () => {
		const [person, other] = [await someone(host, emailIn(0)), await someone(host, emailIn(1))];
		expect(await codeOf(await take(person, other.email))).toBe('taken');
		expect(await owns(other, other.email)).toBe(true);
	});

	test('may go back to the one that it had', async () => {
		const first = emailIn(0);
		const person = await someone(host, first);
		for (const email of [emailIn(1), emailIn(2), first]) {
			expect((await take(person, email)).status).toBe(200);
			expect(await owns(person, email)).toBe(true);
		}
		expect(await homesOf(host, person)).toEqual([0]);
	});

	test('is found by the host, and deleted', async () => {
		const [person, email] = [await someone(host, emailIn(0)), emailIn(3)];
		await take(person, email);
		await lastOf(host, { command: 'delete-account', email }, 'account-deleted');
		expect(await homesOf(host, person)).toEqual([]);
	});
});

describe.skipIf(SQLD_MISSING)('an address that such an account has left', () => {
	test('is good for a new account, in the database that it came to belong to', async () => {
		const person = await someone(host, await left());
		expect(await homesOf(host, person)).toEqual([0]);
		expect(await owns(person, person.email)).toBe(true);
	});

	test.each([1, 2])('is good for one of database %i, ten minutes later', async (index) => {
		const [email, person] = [await left(), await someone(host, emailIn(index))];
		expect(await codeOf(await take(person, email))).toBe('taken');
		host.ahead += LATER_MS;
		await person.signIn();
		expect((await take(person, email)).status).toBe(200);
		expect(await owns(person, email)).toBe(true);
		expect(await homesOf(host, person)).toEqual([index]);
	});
});

describe.skipIf(SQLD_MISSING)('a challenge', () => {
	const ask = (email: string) => new Person(host).challenge({ email, purpose: 1 });

	test('does not tell the database that made it, whether the address was claimed or not', async () => {
		const [person, email] = [await someone(host, emailIn(0)), emailIn(1)];
		expect((await take(person, email)).status).toBe(200);
		for (const asked of [email, emailIn(1)]) {
			const seen = new Set<number>();
			for (let tries = 0; tries < 40; tries++) {
				seen.add(shardOf((await ask(asked)).challenge, SHARDS));
			}
			expect(seen.size).toBeGreaterThan(1);
		}
	});

	test('for an address that was claimed and left is what it was before', async () => {
		const [person, email] = [await someone(host, emailIn(0)), emailIn(1)];
		const of = async () => {
			const { account, slot, salt, profile } = await ask(email);
			return { account, slot, salt, profile };
		};
		const first = await of();
		for (const next of [email, emailIn(0)]) {
			expect((await take(person, next)).status).toBe(200);
		}
		expect(await of()).toEqual(first);
	});

	test('that no database made is refused', async () => {
		const person = await someone(host, emailIn(2));
		const challenge = await person.challenge({ email: person.email, purpose: 1 });
		const signed = person.signed(challenge, 1);
		const token = challenge.token.with(-1, (challenge.token.at(-1) ?? 0) ^ 1);
		expect(await codeOf(await person.verify({ ...signed, token }))).toBe('auth');
	});
});

describe.skipIf(SQLD_MISSING)('the check of the host', () => {
	const LOST = [
		['is gone', 2],
		['names a third one', 4]
	] as const;

	test.each(LOST)('names who is led elsewhere, because a row %s', async (how, led) => {
		const [person, email] = [await someone(host, emailIn(0)), emailIn(1)];
		await take(person, email);
		const { database, keys } = host.server.shards.at(1);
		const own = eq(movedAddresses.emailIndex, keys.index('email', utf8(email)));
		const { orm } = database;
		const write = (shard: number | undefined) =>
			database.write([
				shard === undefined
					? orm.delete(movedAddresses).where(own)
					: orm.update(movedAddresses).set({ shard }).where(own)
			]);
		await write(how === 'is gone' ? undefined : led - 1);
		const heard = await eventsOf(host, { command: 'check' });
		expect(heard.filter(({ event }) => event === 'finding')).toEqual([
			{
				event: 'finding',
				where: `database 1, accounts ${person.account}`,
				what: `its email leads to database ${led}, not here`
			}
		]);
		expect(await owns(person, email)).toBe(false);
		host.ahead += LATER_MS;
		await signInByKit(person);
		expect((await take(person, email)).status).toBe(200);
		const { findings } = await lastOf(host, { command: 'check' }, 'checked');
		expect(findings).toBe(0);
	});
});

describe.skipIf(SQLD_MISSING)('one address for several at the same moment', () => {
	test('comes to one of them, and leads to that one', async () => {
		for (let round = 0; round < 4; round++) {
			const email = emailIn(1);
			const movers = await Promise.all([0, 1, 2, 3].map((index) => someone(host, emailIn(index))));
			const newcomer = new Person(host, email);
			const people = [newcomer, ...movers];
			const answers = await Promise.all([
				newcomer.register(),
				...movers.map((person) => take(person, email))
			]);
			const winners = people.filter((_, index) => answers[index]?.status === 200);
			expect(winners).toHaveLength(1);
			const owners = [];
			for (const person of people) if (await owns(person, email)) owners.push(person);
			expect(owners).toEqual(winners);
		}
	});

	test('does not come to who registers, if it was claimed since that was allowed', async () => {
		const [email, mover] = [emailIn(1), await someone(host, emailIn(0))];
		const restore = before(1, 'insert into "accounts"', () => take(mover, email));
		const answer = await new Person(host, email).register();
		restore();
		expect(await codeOf(answer)).toBe('taken');
		expect(await owns(mover, email)).toBe(true);
	});

	test('is not claimed, if somebody registered since that was allowed', async () => {
		const [mover, newcomer] = [await someone(host, emailIn(0)), new Person(host, emailIn(1))];
		const restore = before(1, 'insert into "moved_addresses"', () => newcomer.register());
		const answer = await take(mover, newcomer.email);
		restore();
		expect(await codeOf(answer)).toBe('taken');
		expect(await owns(newcomer, newcomer.email)).toBe(true);
	});

	test('is not claimed, if another claimed it since that was allowed', async () => {
		const [first, second] = [await someone(host, emailIn(2)), await someone(host, emailIn(3))];
		const email = await left();
		host.ahead += LATER_MS;
		for (const person of [first, second]) await person.signIn();
		const restore = before(1, 'update "moved_addresses"', () => take(first, email));
		const answer = await take(second, email);
		restore();
		expect(await codeOf(answer)).toBe('taken');
		expect(await owns(first, email)).toBe(true);
	});

	test('does not come to who waits for the link in a mail, once another has it', async () => {
		const smtp = await startSmtp();
		const mailing = await divided.host({ ...UNLIMITED, ...smtpVariables(smtp) });
		const email = emailIn(1);
		const waiting = new Person(mailing, email);
		await waiting.register();
		const token = tokenIn(await smtp.next(email));
		const quick = await someone(host, emailIn(2));
		expect((await take(quick, email)).status).toBe(200);
		expect(await codeOf(await waiting.post('/api/v1/confirmations', { token }))).toBe('link');
		expect(await owns(quick, email)).toBe(true);
		await mailing.stop();
		await smtp.stop();
	});
});
