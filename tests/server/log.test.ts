/** The log holds what it is meant to hold, whatever a person sends. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from '#lib/api/zod.ts';
import { errorFields, openLog } from '#lib/server/log.ts';
import { decode } from '#lib/encoding/base64url.ts';
import { Host } from './host.ts';
import { codeOf, Person, secret, sheet, someone } from './person.ts';

const MARK = 'canary-7f3a';

let host: Host;

beforeAll(async () => {
	host = await Host.open();
});

afterAll(async () => {
	await host.remove();
});

/** A text in every form in which it might be written down. */
function forms(text: string): Buffer[] {
	const bytes = Buffer.from(text);
	const base64 = [0, 1, 2].map((shift) =>
		Buffer.concat([Buffer.alloc(shift), bytes])
			.toString('base64')
			.slice(4, -4)
	);
	return [
		bytes,
		Buffer.from(text, 'utf16le'),
		Buffer.from(bytes.toString('hex')),
		Buffer.from(bytes.toString('hex').toUpperCase()),
		...base64.map((form) => Buffer.from(form)),
		...base64.map((form) => Buffer.from(form.replaceAll('+', '-').replaceAll('/', '_')))
	];
}

describe('a mark sent in every field', () => {
	test('stands in no line of the log, in no form', async () => {
		const person = await someone(host, `${MARK}@example.org`);
		await person.commit(person.commitOf({ sheets: [sheet()], secrets: [secret()] }));
		const nasty = new Person(host, `${MARK}@example.org`);
		await nasty.register();
		await nasty.post('/api/v1/auth/challenge', { email: `${MARK} ${MARK}@x`, purpose: 1 });
		await nasty.post(`/api/v1/auth/verify`, { token: MARK, signature: MARK, [MARK]: MARK });
		await nasty.post(`/api/v1/vaults/${MARK}/secrets?${MARK}=1`, { [MARK]: 1 });
		await host.send(`/api/v1/${MARK}`, {
			headers: { cookie: `__Host-keyhold=${MARK}`, authorization: MARK, 'user-agent': MARK }
		});
		await host.sql("update accounts set email = x'00'");
		expect((await person.send('/api/v1/account')).status).toBe(500);
		const log = Buffer.from(host.lines.join(''));
		expect(log.length).toBeGreaterThan(0);
		for (const form of forms(MARK)) expect(log.includes(form)).toBe(false);
	});

	test('stands in no file of the data directory, in no form', async () => {
		await host.stop();
		for (const name of readdirSync(host.directory)) {
			const bytes = readFileSync(join(host.directory, name));
			for (const form of forms(MARK)) expect(bytes.includes(form)).toBe(false);
		}
		await host.start();
	});

	test('comes back in no problem', async () => {
		const person = new Person(host);
		const answers = [
			await person.post('/api/v1/auth/challenge', { email: MARK, purpose: 1 }),
			await person.post(`/api/v1/auth/verify`, { [MARK]: MARK }),
			await person.send(`/api/v1/${MARK}`),
			await person.send(`/api/v1/account?${MARK}`)
		];
		for (const answer of answers) expect(await answer.text()).not.toContain(MARK);
	});
});

describe('a line', () => {
	const Line = z.looseObject({ msg: z.string() });

	function lines() {
		return host.lines.map((line) => z.parse(Line, JSON.parse(line)));
	}

	test('of a request names its route by pattern, and its outcome', async () => {
		const person = await someone(host);
		host.lines.length = 0;
		await person.send(`/api/v1/vaults/${person.vault}`);
		const line = lines().find(({ msg }) => msg === 'request');
		expect(line).toMatchObject({ method: 'GET', route: '/api/v1/vaults/:vault', status: 200 });
	});

	test('of a failure has the number that the problem has', async () => {
		const person = await someone(host);
		await host.sql("update vaults set manifest = x'00' where account = ?", [person.account]);
		host.lines.length = 0;
		const response = await person.send(`/api/v1/vaults/${person.vault}`);
		const { number } = z.parse(
			z.looseObject({ number: z.string() }),
			await response.clone().json()
		);
		expect(await codeOf(response)).toBe('failed');
		const line = lines().find(({ msg }) => msg === 'failed');
		expect(line).toMatchObject({ number, error: 'WrapError' });
	});

	test('has no field that is not on the list', () => {
		const written: string[] = [];
		const log = openLog('debug', { write: (line) => written.push(line) });
		const fields = { code: 'auth', email: MARK, body: { password: MARK } };
		log.write('info', 'event', fields);
		expect(written.join('')).toContain('"code":"auth"');
		expect(written.join('')).not.toContain(MARK);
	});
});

describe('errorFields', () => {
	test('keeps class, code and place', () => {
		const error = Object.assign(new TypeError('bad'), { code: 'E_BAD' });
		const { error: name, frames } = errorFields(error);
		expect(name).toBe('TypeError E_BAD');
		expect(frames?.[0]).toMatch(/^at .*log\.test\.ts/);
	});

	test.each([
		`bad ${MARK}`,
		`bad\n    at ${MARK}`,
		`${MARK}\n    at ${MARK} (file.ts:1:1)\n\n    at ${MARK}`,
		`\n    at ${MARK}\r\n    at ${MARK}`
	])('writes nothing of a message, even if it looks like a place: %j', (message) => {
		const error = Object.assign(new TypeError(message), { query: MARK });
		const { frames } = errorFields(error);
		expect(JSON.stringify(errorFields(error))).not.toContain(MARK);
		expect(frames?.[0]).toMatch(/^at .*log\.test\.ts/);
	});

	test('writes no place of an error whose message was changed after it was thrown', () => {
		const error = new TypeError(`bad\n    at ${MARK}`);
		expect(error.stack).toContain(MARK);
		error.message = 'good';
		expect(JSON.stringify(errorFields(error))).not.toContain(MARK);
	});

	test('writes nothing of a name or code that is more than a word', () => {
		const error = Object.assign(new Error('bad'), { code: `E\n${MARK} x`, name: `Error ${MARK}` });
		expect(JSON.stringify(errorFields(error))).not.toContain(MARK);
	});

	test('takes anything', () => {
		expect(errorFields(MARK)).toEqual({ error: 'string' });
		expect(errorFields(undefined)).toEqual({ error: 'undefined' });
	});
});

test('a token is nowhere in the data directory: not as text, not as the bytes that it names', async () => {
	const person = await someone(host);
	const token = person.cookie.replace('__Host-keyhold=', '');
	const hash = createHash('sha256').update(token).digest();
	const bytes = Buffer.from(decode(token));
	await host.stop();
	const files = readdirSync(host.directory).map((name) => readFileSync(join(host.directory, name)));
	// The session itself is there.
	expect(files.some((file) => file.includes(hash))).toBe(true);
	for (const form of [...forms(token), bytes, Buffer.from(bytes.toString('hex'))]) {
		expect(files.some((file) => file.includes(form))).toBe(false);
	}
	await host.start();
});
