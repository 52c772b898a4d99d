/**
 * The canary against the real server: its log, its numbers, the mails that it sends, its database,
 * the write-ahead log beside it, what a backup is made of and everything else in its directory, while
 * it runs and after it stopped, hold no mark in any form.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { perform } from '#lib/server/admin/perform.ts';
import { Host } from '../server/host.ts';
import { Person } from '../server/person.ts';
import { browserOf } from '../server/browser-of.ts';
import { smtpVariables, startSmtp, type SmtpCatcher } from '../smtp.ts';
import { filesIn } from './files.ts';
import { EMAIL, journey, type Journey } from './journey.ts';
import { found, needlesOf } from './needles.ts';

const TOKEN = 'a-token-of-this-test-0123456789abcdef';

describe('after an account, its keys, vaults and ways in were made, used and replaced', () => {
	let host: Host;
	let smtp: SmtpCatcher;
	let made: Journey;
	let numbers: string;
	let running: Map<string, Buffer>;
	let stopped: Map<string, Buffer>;
	/** What a backup encrypts once more. */
	let copy: Buffer;

	beforeAll(async () => {
		host = await Host.open();
		// The first account of a server needs its set-up code.
		await new Person(host).register();
		smtp = await startSmtp();
		// An address is not confirmed here, so mail begins when the account is there.
		const sendMail = async () => {
			await host.stop();
			await host.start({ METRICS_TOKEN: TOKEN, ...smtpVariables(smtp) });
		};
		made = await journey(browserOf(host), () => Date.now(), sendMail);
		await smtp.next(EMAIL);
		const headers = { authorization: `Bearer ${TOKEN}` };
		numbers = await (await host.send('/metrics', { headers })).text();
		for await (const event of perform(host.server, { command: 'backup' })) {
			if (event.event === 'copy') copy = readFileSync(event.path);
		}
		running = filesIn(host.directory);
		await host.stop();
		stopped = filesIn(host.directory);
	}, 120_000);

	afterAll(async () => {
		await host.remove();
		await smtp.stop();
	});

	test('no file of the running server holds a mark, its write-ahead log included', () => {
		expect([...running.keys()]).toContain('keyhold.db-wal');
		for (const [name, bytes] of running) expect(found(bytes, made.needles), name).toEqual([]);
	});

	test('no file of the stopped server holds a mark', () => {
		expect([...stopped.keys()]).toContain('keyhold.db');
		for (const [name, bytes] of stopped) expect(found(bytes, made.needles), name).toEqual([]);
	});

	test('nothing that goes into a backup holds a mark, or the email', () => {
		expect(copy.subarray(0, 15).toString()).toBe('SQLite format 3');
		expect(found(copy, [...made.needles, ...needlesOf('email', EMAIL)])).toEqual([]);
	});

	test('no line of its log holds a mark', () => {
		expect(host.lines.length).toBeGreaterThan(0);
		expect(found(host.lines.join('\n'), made.needles)).toEqual([]);
	});

	test('nothing that was sent or answered holds a mark', () => {
		expect(found(made.device.wire.sent(), made.needles)).toEqual([]);
		expect(found(made.device.wire.received(), made.needles)).toEqual([]);
	});

	test('no mail holds a mark', () => {
		expect(smtp.caught.map(({ mail }) => mail.subject)).not.toEqual([]);
		const mails = smtp.caught.map(({ raw, mail }) => [raw, mail.text, mail.html].join('\n'));
		expect(found(mails.join('\n'), made.needles)).toEqual([]);
	});

	test('the server’s numbers hold no mark, and no email', () => {
		expect(numbers).toContain('keyhold_events_total{event="password.changed"} 1');
		expect(found(numbers, [...made.needles, ...needlesOf('email', EMAIL)])).toEqual([]);
	});

	test('not even the email stands in a file or in the log', () => {
		const email = needlesOf('email', EMAIL);
		for (const [name, bytes] of [...running, ...stopped]) {
			expect(found(bytes, email), name).toEqual([]);
		}
		expect(found(host.lines.join('\n'), email)).toEqual([]);
	});
});
