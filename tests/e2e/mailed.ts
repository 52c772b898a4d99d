/** What a browser test starts from where the server sends mail: a mail server of the run's own. */
import { removeFolder, startServer } from '../server-process.ts';
import { smtpVariables, startSmtp, type SmtpCatcher } from '../smtp.ts';
import { test as base, WIDE_LIMITS } from './fixtures.ts';

export { linkIn } from '../smtp.ts';

interface MailFixtures {
	readonly smtp: SmtpCatcher;
}

export const test = base.extend<object, MailFixtures>({
	smtp: [
		async ({}, use) => {
			const smtp = await startSmtp();
			await use(smtp);
			await smtp.stop();
		},
		{ scope: 'worker' }
	],

	server: [
		async ({ smtp }, use) => {
			const server = await startServer({ ...WIDE_LIMITS, ...smtpVariables(smtp) });
			await use(server);
			await server.stop();
			removeFolder(server.folder);
		},
		{ scope: 'worker' }
	]
});
