/** The queue and its loop: what happens to mails when the mail server, or this one, is not there. */
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compose, type Wording } from '#lib/server/mail/compose.ts';
import { queued } from '#lib/server/mail/queue.ts';
import { freePort } from '../server-process.ts';
import { smtpVariables, startSmtp, type SmtpCatcher } from '../smtp.ts';
import { Host } from './host.ts';
import { Person } from './person.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const TO = 'ada@example.org';

let host: Host;
let smtp: SmtpCatcher | undefined;

beforeEach(() => {
	smtp = undefined;
});

afterEach(async () => {
	await host.remove();
	await smtp?.stop();
});

async function put(to = TO, wording: Wording = { subject: 'News', lines: ['It is so.'] }) {
	const { server } = host;
	await server.database.write(queued(server, compose(server, to, 'en', wording)));
}

/** The row of the mail that waits, once `holds` is true of it. */
async function row(holds: (row: { tries: number; dueAt: number }) => boolean) {
	for (;;) {
		const [found] = await host.sql('select tries, due_at from mails');
		const seen = { tries: Number(found?.['tries']), dueAt: Number(found?.['due_at']) };
		if (holds(seen)) return seen;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

function lines(message: string): string[] {
	return host.lines.filter((line) => line.includes(message));
}

describe('while the mail server is down', () => {
	test('requests are answered as ever, and mails go out when it is back', async () => {
		const port = await freePort();
		host = await Host.open(smtpVariables({ url: `smtp://127.0.0.1:${port}` }));
		const person = new Person(host);
		expect((await person.register()).status).toBe(200);
		await row(({ tries }) => tries === 1);
		smtp = await startSmtp(port);
		host.ahead += MINUTE_MS;
		expect((await smtp.next(person.email)).mail.subject).toBe('Confirm your Keyhold account');
		await row(({ tries }) => Number.isNaN(tries));
	});

	test('a mail is tried after 1, 2, 4 minutes and so on, at least every hour', async () => {
		host = await Host.open(smtpVariables({ url: `smtp://127.0.0.1:${await freePort()}` }));
		await put();
		const waits: number[] = [];
		for (let tries = 1; tries <= 8; tries++) {
			const { dueAt } = await row((seen) => seen.tries === tries);
			waits.push(Math.round((dueAt - Date.now() - host.ahead) / MINUTE_MS));
			host.ahead = dueAt - Date.now();
		}
		expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
	});

	test('the log says so, and names nobody', async () => {
		host = await Host.open(smtpVariables({ url: `smtp://127.0.0.1:${await freePort()}` }));
		await put();
		await row(({ tries }) => tries === 1);
		expect(lines('a mail could not be sent')).toHaveLength(1);
		expect(host.lines.join('')).not.toContain(TO);
	});

	test('a mail is given up after three days, and the log says so', async () => {
		host = await Host.open(smtpVariables({ url: `smtp://127.0.0.1:${await freePort()}` }));
		await put();
		await row(({ tries }) => tries === 1);
		await host.sql('update mails set tries = 20, due_at = expires_at - 1000');
		host.ahead += 3 * DAY_MS - 500;
		await row(({ tries }) => tries === 21 || Number.isNaN(tries));
		host.ahead += 1_000;
		await row(({ tries }) => Number.isNaN(tries));
		expect(lines('a mail was not sent in time')).toHaveLength(1);
	});
});

describe('a mail server that refuses', () => {
	test.each([451, 550])('with %i is asked again, and other mails are not held up', async (code) => {
		smtp = await startSmtp();
		host = await Host.open(smtpVariables(smtp));
		smtp.refuse(code);
		await put();
		await row(({ tries }) => tries === 1);
		smtp.refuse(undefined);
		await put('grace@example.org');
		await smtp.next('grace@example.org');
		expect(smtp.caught).toHaveLength(1);
		host.ahead += HOUR_MS;
		await smtp.next(TO);
	});
});

describe('a mail server that takes a connection and says nothing', () => {
	test('holds up no request, and no stop: its connection is cut, the mail stays', async () => {
		const sockets: Socket[] = [];
		const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
		await once(silent, 'listening');
		const address = silent.address();
		const port = typeof address === 'object' && address !== null ? address.port : 0;
		host = await Host.open(smtpVariables({ url: `smtp://127.0.0.1:${port}` }));
		const connected = once(silent, 'connection');
		const person = new Person(host);
		expect((await person.register()).status).toBe(200);
		await connected;
		expect((await new Person(host).post('/api/v1/recoveries/mails', { email: TO })).status).toBe(
			204
		);
		const [socket] = sockets;
		if (socket === undefined) throw new Error('nobody came');
		const cut = once(socket.on('error', () => {}).resume(), 'close');
		await host.stop();
		await cut;
		// A stop that had waited for the answer would have counted the try.
		const waiting = await host.sql('select tries from mails');
		expect(waiting.map((each) => each['tries'])).toEqual([0, 0]);
		silent.close();
		smtp = await startSmtp();
		// On a libSQL server another process could be sending it: two minutes later none is.
		host.ahead += 2 * MINUTE_MS;
		await host.start(smtpVariables(smtp));
		await smtp.next(person.email);
	});
});

describe('mails that wait', () => {
	test('are sent after a restart, each once', async () => {
		host = await Host.open(smtpVariables({ url: `smtp://127.0.0.1:${await freePort()}` }));
		await put();
		await put('grace@example.org');
		await host.stop();
		smtp = await startSmtp();
		host.ahead += HOUR_MS;
		await host.start(smtpVariables(smtp));
		await smtp.next(TO);
		await smtp.next('grace@example.org');
		await row(({ tries }) => Number.isNaN(tries));
		expect(smtp.caught).toHaveLength(2);
	});

	test('are not held up by one that was changed in the database', async () => {
		smtp = await startSmtp();
		host = await Host.open(smtpVariables({ url: `smtp://127.0.0.1:${await freePort()}` }));
		await put('grace@example.org');
		await host.stop();
		await host.start();
		await host.sql("update mails set message = x'00'");
		await host.stop();
		host.ahead += HOUR_MS;
		await host.start(smtpVariables(smtp));
		await put();
		await smtp.next(TO);
		expect(lines('WrapError').length).toBeGreaterThan(0);
	});

	test('are not to be read in the database', async () => {
		host = await Host.open();
		await put(TO, { subject: 'Mark7f3a', lines: ['Mark7f3b'] });
		const [found] = await host.sql('select message from mails');
		const text = Buffer.from(found?.['message'] as ArrayBuffer).toString('latin1');
		for (const mark of [TO, 'Mark7f3a', 'Mark7f3b']) expect(text).not.toContain(mark);
	});
});

describe('whoever puts more than words into a mail', () => {
	const HOSTILE = 'a\r\nBcc: victim@example.org\r\n\r\n<img src=x>\u2028\u202e<a href="//evil">';

	test('adds no header, no recipient, no line and no element', async () => {
		smtp = await startSmtp();
		host = await Host.open(smtpVariables(smtp));
		await put(TO, { subject: HOSTILE, lines: [HOSTILE, '.\r\n.\r\nQUIT'] });
		const { to, mail, raw } = await smtp.next(TO);
		expect(to).toEqual([TO]);
		expect(mail.headers.map(({ key }) => key).sort()).toEqual([
			'auto-submitted',
			'content-type',
			'date',
			'from',
			'message-id',
			'mime-version',
			'subject',
			'to'
		]);
		expect(mail.subject).toBe('a Bcc: victim@example.org <img src=x> <a href="//evil">');
		expect(mail.html).not.toMatch(/<img|<a /);
		expect(raw).not.toMatch(/^Bcc:/im);
	});

	test.each([
		'a,victim@example.org',
		'<victim@example.org',
		'a;b@example.org',
		'"x"@example.org',
		'(victim)@example.org',
		'a@[127.0.0.1]'
	])('into an address has nothing sent: %s', async (address) => {
		smtp = await startSmtp();
		host = await Host.open(smtpVariables(smtp));
		await put(address);
		await put();
		await smtp.next(TO);
		await row(({ tries }) => Number.isNaN(tries));
		expect(smtp.caught).toHaveLength(1);
	});
});
