/** Challenges: what someone without an account can tell from them, which is nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ChallengeReply } from '#lib/api/auth.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { Host } from './host.ts';
import { codeOf, newId, parsed, Person, random, someone } from './person.ts';

let host: Host;
let person: Person;

beforeAll(async () => {
	host = await Host.open();
	person = await someone(host);
});

afterAll(async () => {
	await host.remove();
});

/** Everything about a reply that someone outside can tell, but the random values themselves. */
async function shapeOf(response: Response) {
	const reply = await parsed(ChallengeReply, response);
	const lengths = Object.entries(reply).map(([name, value]) => [
		name,
		typeof value === 'number' ? 'number' : value.length
	]);
	const { kind, profile } = reply;
	return { status: response.status, headers: [...response.headers], lengths, kind, profile };
}

describe('a challenge', () => {
	test('for an email without an account looks like one for an email with one', async () => {
		const ask = (email: string) => person.post('/api/v1/auth/challenge', { email, purpose: 1 });
		const known = await shapeOf(await ask(person.email));
		expect(await shapeOf(await ask('nobody@example.org'))).toEqual(known);
	});

	test('for an unknown locator looks like one for a known one', async () => {
		const ask = (locator: Uint8Array) =>
			person.post('/api/v1/auth/challenge', { locator: encode(locator), purpose: 1 });
		const known = await shapeOf(await ask(person.locator));
		expect(await shapeOf(await ask(random(16)))).toEqual(known);
	});

	test('for an email without an account keeps its ids and salt, also over a restart', async () => {
		const ask = async () => {
			const { account, slot, salt } = await person.challenge({
				email: 'still-nobody@example.org',
				purpose: 1
			});
			return { account, slot, salt };
		};
		const first = await ask();
		await host.stop();
		await host.start();
		expect(await ask()).toEqual(first);
	});

	test('gives two unknown emails different ids and salts', async () => {
		const first = await person.challenge({ email: 'a@example.org', purpose: 1 });
		const second = await person.challenge({ email: 'b@example.org', purpose: 1 });
		expect(first.account).not.toBe(second.account);
		expect(first.salt).not.toEqual(second.salt);
	});

	test('finds the account however the email was typed', async () => {
		const { account } = await person.challenge({
			email: `  ${person.email.toUpperCase()} `,
			purpose: 1
		});
		expect(account).toBe(person.account);
	});

	test.each(['a@b@c', 'no at sign', 'a\u0000@b', '\ud800@b', `${'a'.repeat(255)}@b`])(
		'is refused for "%s"',
		async (email) => {
			const response = await person.post('/api/v1/auth/challenge', { email, purpose: 1 });
			expect(await codeOf(response)).toBe('malformed');
		}
	);

	test.each([5, 8])('of purpose %i needs a session', async (purpose) => {
		const stranger = new Person(host);
		const response = await stranger.post('/api/v1/auth/challenge', {
			slot: person.passwordSlot,
			purpose
		});
		expect(await codeOf(response)).toBe('auth');
	});

	test("of another account's slot is not to be had", async () => {
		const other = await someone(host);
		const request = { slot: other.passwordSlot, purpose: 8 };
		expect(await codeOf(await person.post('/api/v1/auth/challenge', request))).toBe('not-found');
		expect(
			await codeOf(await person.post('/api/v1/auth/challenge', { ...request, slot: newId() }))
		).toBe('not-found');
	});
});
