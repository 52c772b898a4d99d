/** Where the framework meets the server: it starts here, once, and never while pages are built. */
import type { Handle, HandleServerError, ServerInit } from '@sveltejs/kit';
import { building } from '$app/environment';
import { readEnv } from '#lib/server/env.ts';
import { handleRequest } from '#lib/server/handle.ts';
import { errorFields, openLog, type Log } from '#lib/server/log.ts';
import { startServer, type Server } from '#lib/server/server.ts';

let server: Server | undefined;

export const init: ServerInit = async () => {
	if (building) return;
	const env = readEnv();
	const log = openLog(env.logLevel);
	const exit = () => process.exit(1);
	endOnFault(log, exit);
	const started = await startServer(env, { log, now: Date.now, exit });
	server = started;
	process.once('sveltekit:shutdown', () => {
		started.close().catch((error: unknown) => {
			log.write('error', 'the database did not close', errorFields(error));
		});
	});
};

/**
 * The last resort. Node would print the whole error and what it says; what is left then is in an
 * unknown state, so the process ends all the same. What was acknowledged is on the disk.
 */
function endOnFault(log: Log, exit: () => void): void {
	process.on('uncaughtException', (error) => {
		log.write('fatal', 'ended by a fault that nothing caught', errorFields(error));
		exit();
	});
}

export const handle: Handle = ({ event, resolve }) =>
	server === undefined ? resolve(event) : handleRequest(server, event, resolve);

/** The framework would print the whole error; its message may quote what a person sent. */
export const handleError: HandleServerError = ({ error, event, status }) => {
	if (status !== 404) {
		const { number } = event.locals;
		server?.log.write('error', 'failed', { number, status, ...errorFields(error) });
	}
};
