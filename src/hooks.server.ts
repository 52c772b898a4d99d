/** Where the framework meets the server: it starts here, once, and never while pages are built. */
import type { Handle, HandleServerError, ServerInit } from '@sveltejs/kit';
import { building } from '$app/environment';
import { readEnv } from '#lib/server/env.ts';
import { handleRequest } from '#lib/server/handle.ts';
import { errorFields, openLog } from '#lib/server/log.ts';
import { startServer, type Server } from '#lib/server/server.ts';

let server: Server | undefined;

export const init: ServerInit = async () => {
	if (building) return;
	const env = readEnv();
	const log = openLog(env.logLevel);
	const exit = () => process.exit(1);
	const started = await startServer(env, { log, now: Date.now, exit });
	server = started;
	process.once('sveltekit:shutdown', () => {
		started.close().catch((error: unknown) => {
			log.write('error', 'the database did not close', errorFields(error));
		});
	});
};

export const handle: Handle = ({ event, resolve }) =>
	server === undefined ? resolve(event) : handleRequest(server, event, resolve);

/** The framework would print the whole error; its message may quote what a person sent. */
export const handleError: HandleServerError = ({ error, event, status }) => {
	if (status !== 404) {
		const { number } = event.locals;
		server?.log.write('error', 'failed', { number, status, ...errorFields(error) });
	}
};
