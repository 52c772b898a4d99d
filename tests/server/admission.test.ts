/** Who may make an account: the set-up code of the first one, invitations, and what visitors are told. */
import { afterEach, describe, expect, test } from 'vitest';
import { RegisterRequest, ServerInfo } from '#lib/api/accounts.ts';
import { z } from '#lib/api/zod.ts';
import { decode } from '#lib/encoding/base64url.ts';
import { invite } from '#lib/server/invitations.ts';
import { smtpVariables, startSmtp, tokenIn } from '../smtp.ts';
import { Host } from './host.ts';
import { codeOf, newId, parsed, Person } from './person.ts';

const DAY_MS = 86_400_000;

let host: Host;

afterEach(async () => {
	await host.remove();
});

async function register(
	person: Person,
	more: Partial<z.output<typeof RegisterRequest>> = {}
): Promise<Response> {
	const request = { ...person.registration(), ...more };
	return await person.post('/api/v1/accounts', z.encode(RegisterRequest, request));
}

/** Without the set-up code that {@link Person} sends along. */
async function registerBare(
	person: Person,
	more: Partial<z.output<typeof RegisterRequest>> = {}
): Promise<Response> {
	const { account, email, slots, manifest, vault } = person.registration();
	const request = { account, email, slots, manifest, vault, ...more };
	return await person.post('/api/v1/accounts', z.encode(RegisterRequest, request));
}

async function info(): Promise<z.output<typeof ServerInfo>> {
	return await parsed(ServerInfo, await host.send('/api/v1/server'));
}

function codesInLog(): string[] {
	return host.lines.flatMap((line) => /"setupCode":"([^"]+)"/.exec(line)?.[1] ?? []);
}

describe('the first account of a server that others can reach', () => {
	test('needs the code that stands in the log', async () => {
		host = await Host.open();
		const [code] = codesInLog();
		expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{12}$/);
		expect(await info()).toEqual({ mail: false, registration: 'open', setupCode: true });
		expect(await codeOf(await registerBare(new Person(host)))).toBe('setup-code');
		const wrong = await registerBare(new Person(host), { setupCode: '000000000000' });
		expect(await codeOf(wrong)).toBe('setup-code');
		const right = await registerBare(new Person(host), { ...(code && { setupCode: code }) });
		expect(right.status).toBe(200);
	});

	test('is the only one that does, and the log names the code no more', async () => {
		host = await Host.open();
		await register(new Person(host));
		expect((await registerBare(new Person(host))).status).toBe(200);
		expect(await info()).toEqual({ mail: false, registration: 'open', setupCode: false });
		host.lines.length = 0;
		await host.stop();
		await host.start();
		expect(codesInLog()).toEqual([]);
	});

	test('has the same code after a restart, and another one on another server', async () => {
		host = await Host.open();
		await host.stop();
		await host.start();
		const [first, second] = codesInLog();
		expect(second).toBe(first);
		const other = await Host.open();
		expect(other.setupCode).not.toBe(first);
		await other.remove();
	});

	test('needs none on this machine alone', async () => {
		host = await Host.open({ ORIGIN: 'http://localhost:3000' });
		expect(codesInLog()).toEqual([]);
		const person = new Person(host, undefined, undefined, 'http://localhost:3000');
		expect((await registerBare(person)).status).toBe(200);
	});

	test('needs the code, and no invitation, where others need one', async () => {
		host = await Host.open({ REGISTRATION: 'invite' });
		expect(await info()).toEqual({ mail: false, registration: 'open', setupCode: true });
		expect((await register(new Person(host))).status).toBe(200);
		expect(await info()).toEqual({ mail: false, registration: 'invite', setupCode: false });
	});

	test('is not to be had with the code where registration is closed', async () => {
		host = await Host.open({ REGISTRATION: 'closed' });
		expect(codesInLog()).toEqual([]);
		expect(await codeOf(await register(new Person(host)))).toBe('closed');
		expect(await info()).toEqual({ mail: false, registration: 'closed', setupCode: false });
	});
});

describe('an invitation', () => {
	async function open(): Promise<void> {
		host = await Host.open({ REGISTRATION: 'invite' });
		await register(new Person(host));
	}

	async function invited(email: string) {
		const { url } = await invite(host.server, email);
		return decode(new URL(url).hash.replace('#invite=', ''));
	}

	test('makes one account, of its address', async () => {
		await open();
		const person = new Person(host);
		const invitation = await invited(person.email);
		expect(await codeOf(await register(new Person(host)))).toBe('link');
		expect(await codeOf(await register(new Person(host), { invitation }))).toBe('link');
		expect((await register(person, { invitation })).status).toBe(200);
		const again = new Person(host, person.email);
		expect(await codeOf(await register(again, { invitation }))).toBe('link');
		expect(await host.sql("select * from links where use = 'invite'")).toHaveLength(0);
	});

	test('makes one account of two who use it at the same moment', async () => {
		await open();
		const person = new Person(host);
		const invitation = await invited(person.email);
		const twin = new Person(host, person.email);
		const answers = await Promise.all([
			register(person, { invitation }),
			register(twin, { invitation })
		]);
		const statuses = answers.map(({ status }) => status).sort();
		expect(statuses[0]).toBe(200);
		expect(statuses[1]).toBeGreaterThanOrEqual(403);
	});

	test('is good for the address however it was typed, for seven days', async () => {
		await open();
		const person = new Person(host);
		const invitation = await invited(` ${person.email.toUpperCase()} `);
		host.ahead += 7 * DAY_MS;
		expect(await codeOf(await register(person, { invitation }))).toBe('link');
		host.ahead -= 3_600_000;
		expect((await register(person, { invitation })).status).toBe(200);
	});

	test('that is made up, or a link for something else, is none', async () => {
		await open();
		const invitation = new Uint8Array(32);
		expect(await codeOf(await register(new Person(host), { invitation }))).toBe('link');
	});

	test('is not needed, and not looked at, where registration is open', async () => {
		host = await Host.open();
		await register(new Person(host));
		const invitation = new Uint8Array(32);
		expect((await register(new Person(host), { invitation })).status).toBe(200);
	});

	test('stays good until its account was confirmed, where mail is sent', async () => {
		const smtp = await startSmtp();
		host = await Host.open({ REGISTRATION: 'invite', ...smtpVariables(smtp) });
		const [first, email] = [new Person(host), `${newId().toLowerCase()}@example.org`];
		await register(first);
		const confirmation = tokenIn(await smtp.next(first.email));
		await first.post('/api/v1/confirmations', { token: confirmation });
		const { mailed } = await invite(host.server, email);
		expect(mailed).toBe(true);
		const invitation = decode(tokenIn(await smtp.next(email)));
		for (let n = 0; n < 2; n++) {
			expect((await register(new Person(host, email), { invitation })).status).toBe(200);
		}
		const token = tokenIn(await smtp.next(email));
		expect((await new Person(host).post('/api/v1/confirmations', { token })).status).toBe(204);
		expect(await codeOf(await register(new Person(host, email), { invitation }))).toBe('link');
		await host.stop();
		await smtp.stop();
		await host.start();
	});
});
