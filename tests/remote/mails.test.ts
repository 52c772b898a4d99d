/** Mails of several processes on one libSQL server, when the one that is about to send one is gone. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { compose } from '#lib/server/mail/compose.ts';
import { queued } from '#lib/server/mail/queue.ts';
import { Host } from '../server/host.ts';
import { UNLIMITED } from '../server/mailing.ts';
import { smtpVariables, startSmtp, type SmtpCatcher } from '../smtp.ts';
import { SQLD_MISSING } from '../sqld/program.ts';
import { Door, Sqld } from '../sqld/server.ts';

const CLAIMED = 'ada@example.org';
const LATER = 'grace@example.org';
const CLAIMED_FOR_MS = 120_000;

let sqld: Sqld;
let door: Door;
let silent: Server;
let smtp: SmtpCatcher;

beforeAll(async () => {
	sqld = await Sqld.primary();
	door = await Door.to(sqld);
	await sqld.makeNamespace('mails');
	silent = createServer((socket) => socket.on('error', () => undefined).resume());
	silent.listen(0, '127.0.0.1');
	await once(silent, 'listening');
	smtp = await startSmtp();
});

afterAll(async () => {
	await smtp.stop();
	silent.close();
	door.close();
	await sqld.remove();
});

async function put({ server }: Host, to: string): Promise<void> {
	const wording = { subject: 'News', lines: ['It is so.'] };
	await server.database.write(queued(server, compose(server, to, 'en', wording)));
}

async function open(url: string): Promise<Host> {
	const variables = { ...UNLIMITED, ...smtpVariables({ url }) };
	return await Host.open({ ...variables, DATABASE_URL: door.url('mails') });
}

describe.skipIf(SQLD_MISSING)('a mail of a process that is gone before it was sent', () => {
	test('is sent by another once it is nobody’s any more, and not before', async () => {
		const address = silent.address() as AddressInfo;
		const gone = await open(`smtp://127.0.0.1:${address.port}`);
		const connected = once(silent, 'connection');
		await put(gone, CLAIMED);
		await connected;
		// Cut off in the middle, it notes nothing of the mail: as if it had been killed.
		await gone.remove();
		const other = await open(smtp.url);
		const [row] = await other.sql('select tries, due_at from mails');
		expect(row?.['tries']).toBe(0);
		const claimedUntil = Number(row?.['due_at']);
		expect(claimedUntil).toBeGreaterThan(Date.now());

		// The later one overtakes it as long as it is claimed.
		other.ahead = claimedUntil - Date.now() - CLAIMED_FOR_MS / 2;
		await put(other, LATER);
		await smtp.next(LATER);
		expect(smtp.caught).toHaveLength(1);

		other.ahead = CLAIMED_FOR_MS;
		await smtp.next(CLAIMED);
		await vi.waitFor(async () => {
			expect(await other.sql('select id from mails')).toEqual([]);
		});
		expect(smtp.caught).toHaveLength(2);
		await other.remove();
	});
});
