/**
 * Sends what waits in the queue, one mail at a time, apart from all requests: a mail server that is
 * down, or takes a connection and never answers, costs nobody but the mails their time. A mail that
 * was sent and could not be noted as sent goes out again, with the same Message-ID. Of several
 * processes on one database one sends a mail; if that one is killed, another does some time later.
 */
import { and, asc, eq, lte } from 'drizzle-orm';
import { createTransport, type Transporter } from 'nodemailer';
import type { Smtp } from '#lib/server/env.ts';
import { erasures, mails } from '#lib/server/db/schema-waiting.ts';
import { errorFields } from '#lib/server/log.ts';
import { NOBODY_MAIL, openMail } from '#lib/server/mail/queue.ts';
import type { Server } from '#lib/server/server.ts';

const LOOKS_EVERY_MS = 250;
/** After the database did not answer. */
const LOOKS_AGAIN_MS = 10_000;
const AT_ONCE = 20;
/** Between one try of a mail and the next: doubled each time, up to the last. */
const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 3_600_000;
const CONNECTS_WITHIN_MS = 15_000;
const SILENT_FOR_MS = 30_000;
const SENDS_WITHIN_MS = 60_000;
/** How long a mail is one process's alone, where several share a database: longer than it takes. */
const CLAIMED_FOR_MS = 120_000;
/** A mail server on this machine may have no certificate. */
const LOOPBACK = /^(localhost|127\.|\[?::1\]?$)/;

type MailRow = typeof mails.$inferSelect;

export class MailSender {
	readonly #server: Server;
	readonly #smtp: Smtp;
	readonly #transport: Transporter;
	readonly #stopping = new AbortController();
	#timer: NodeJS.Timeout | undefined;

	constructor(server: Server, smtp: Smtp) {
		this.#server = server;
		this.#smtp = smtp;
		this.#transport = createTransport(optionsOf(smtp.url));
	}

	/** Looks for mails that are due, from now on. */
	start(waitMs = LOOKS_EVERY_MS): void {
		this.#timer = setTimeout(() => {
			this.#round().then(
				() => {
					if (!this.#stopping.signal.aborted) this.start();
				},
				(error: unknown) => {
					if (this.#stopping.signal.aborted) return;
					this.#server.log.write('error', 'mails were not looked for', errorFields(error));
					this.start(LOOKS_AGAIN_MS);
				}
			);
		}, waitMs).unref();
	}

	/** Cuts a connection that is open; its mail stays in the queue. */
	stop(): void {
		clearTimeout(this.#timer);
		this.#stopping.abort();
		this.#transport.close();
	}

	async #round(): Promise<void> {
		const { database, now } = this.#server;
		const due = await database.orm
			.select()
			.from(mails)
			.where(lte(mails.dueAt, now()))
			.orderBy(asc(mails.dueAt))
			.limit(AT_ONCE);
		for (const row of due) {
			if (database.shared && !(await this.#claim(row))) continue;
			if (!(await this.#send(row)) || this.#stopping.signal.aborted) return;
		}
	}

	/** Whether it was nobody's: then it is nobody else's for a while. */
	async #claim({ id, dueAt }: MailRow): Promise<boolean> {
		const { database, now } = this.#server;
		const written = await database.write([
			database.orm
				.update(mails)
				.set({ dueAt: now() + CLAIMED_FOR_MS })
				.where(and(eq(mails.id, id), eq(mails.dueAt, dueAt)))
		]);
		return written.outcome === 'written' && written.results[0]?.rowsAffected === 1;
	}

	/** `false` after a fault: the next mail would meet it too, so it has time to pass. */
	async #send(row: MailRow): Promise<boolean> {
		const { log, now } = this.#server;
		let taken = false;
		if (row.expiresAt <= now()) {
			log.write('error', 'a mail was not sent in time');
		} else {
			try {
				taken = await this.#handOver(row);
			} catch (error) {
				if (this.#stopping.signal.aborted) return false;
				log.write('warn', 'a mail could not be sent', errorFields(error));
				await this.#putOff(row);
				return false;
			}
		}
		await this.#drop(row, taken);
		return true;
	}

	/** Whether the mail server took it; one to nobody goes nowhere. */
	async #handOver(row: MailRow): Promise<boolean> {
		const { to, subject, text, html } = openMail(this.#server, row.id, row.message);
		if (to === NOBODY_MAIL) return false;
		await this.#transport.sendMail({
			// As objects: a text would be read as a list of addresses.
			from: this.#smtp.from,
			to: { name: '', address: to },
			subject,
			text,
			html,
			messageId: `<${row.id}@${new URL(this.#server.env.origin).hostname}>`,
			headers: { 'Auto-Submitted': 'auto-generated' },
			signal: AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(SENDS_WITHIN_MS)])
		});
		return true;
	}

	/** At the latest until it has expired, so that the log says so then. */
	async #putOff({ id, tries, expiresAt }: MailRow): Promise<void> {
		const { database, now } = this.#server;
		const retryMs = Math.min(FIRST_RETRY_MS * 2 ** tries, LAST_RETRY_MS);
		const next = { tries: tries + 1, dueAt: Math.min(now() + retryMs, expiresAt) };
		await database.write([database.orm.update(mails).set(next).where(eq(mails.id, id))]);
	}

	/** An erasure waits for its notices to be taken; see erasures.ts. */
	async #drop({ id }: MailRow, taken: boolean): Promise<void> {
		const { database } = this.#server;
		const { orm } = database;
		const noticed = orm
			.update(erasures)
			.set({ waitingNotice: null })
			.where(eq(erasures.waitingNotice, id));
		await database.write([orm.delete(mails).where(eq(mails.id, id)), ...(taken ? [noticed] : [])]);
	}
}

/** What the address says of itself comes last: `?requireTLS=false` allows to send in the clear. */
function optionsOf(url: string) {
	return {
		url,
		requireTLS: !LOOPBACK.test(new URL(url).hostname) && url.startsWith('smtp:'),
		connectionTimeout: CONNECTS_WITHIN_MS,
		greetingTimeout: CONNECTS_WITHIN_MS,
		socketTimeout: SILENT_FOR_MS,
		socketCloseTimeout: 0,
		disableFileAccess: true,
		disableUrlAccess: true
	};
}
