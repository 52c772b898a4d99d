/** What the server does by itself, now and then. */
import { runErasures } from '#lib/server/erasures.ts';
import { errorFields } from '#lib/server/log.ts';
import { MailSender } from '#lib/server/mail/sender.ts';
import { prune } from '#lib/server/prune.ts';
import { runReminders } from '#lib/server/reminders.ts';
import { forgetHistory } from '#lib/server/retention.ts';
import type { Server } from '#lib/server/server.ts';

const PRUNE_EVERY_MS = 600_000;
const FORGET_EVERY_MS = 3_600_000;
const ERASE_EVERY_MS = 60_000;
const REMIND_EVERY_MS = 600_000;
const SHARE_EVERY_MS = 1_000;

/** Begins all of it. @returns what ends it at once, whatever it was waiting for. */
export function startTasks(server: Server): () => void {
	const ends = [
		every(PRUNE_EVERY_MS, server, 'pruning failed', prune),
		every(FORGET_EVERY_MS, server, 'forgetting the past failed', forgetHistory)
	];
	if (server.database.shared) {
		ends.push(
			every(SHARE_EVERY_MS, server, 'limits were not shared', ({ limits }) => limits.share())
		);
	}
	const { smtp } = server.env;
	if (smtp !== undefined) {
		// Without mail there would be no notices, so nothing is erased.
		ends.push(every(ERASE_EVERY_MS, server, 'erasing failed', runErasures));
		ends.push(every(REMIND_EVERY_MS, server, 'reminding failed', runReminders));
		const sender = new MailSender(server, smtp);
		sender.start();
		ends.push(() => {
			sender.stop();
		});
	}
	return () => {
		for (const end of ends) end();
	};
}

/** The next run begins that long after the last one ended, so no two of one task meet. */
function every(
	ms: number,
	server: Server,
	failure: string,
	task: (server: Server) => Promise<void>
): () => void {
	let ended = false;
	let timer: NodeJS.Timeout | undefined;
	const wait = () => {
		if (!ended) timer = setTimeout(run, ms).unref();
	};
	const run = () => {
		task(server)
			.catch((error: unknown) => {
				if (!ended) server.log.write('error', failure, errorFields(error));
			})
			.finally(wait);
	};
	wait();
	return () => {
		ended = true;
		clearTimeout(timer);
	};
}
