/** The built server with mail: what it sends, and that it waits for no mail server. */
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { z } from '#lib/api/zod.ts';
import { RegisterRequest } from '#lib/api/accounts.ts';
import { Person } from '../server/person.ts';
import { removeFolder, startServer, type ServerProcess } from '../server-process.ts';
import { linkIn, smtpVariables, startSmtp, type SmtpCatcher } from '../smtp.ts';

let server: ServerProcess | undefined;
let smtp: SmtpCatcher | undefined;

afterEach(async () => {
	await server?.stop();
	if (server !== undefined) removeFolder(server.folder);
	await smtp?.stop();
	server = smtp = undefined;
});

/** Registers at a server of another process. @returns the address. */
async function register({ origin, port }: ServerProcess): Promise<string> {
	const person = new Person({ send: () => Promise.reject(new Error('not sent here')) });
	const body = JSON.stringify(z.encode(RegisterRequest, person.registration()));
	const headers = { origin, 'content-type': 'application/json' };
	const sent = request({ port, method: 'POST', path: '/api/v1/accounts', headers });
	sent.end(body);
	const [response] = (await once(sent, 'response')) as [{ statusCode?: number; resume(): void }];
	response.resume();
	expect(response.statusCode).toBe(200);
	return person.email;
}

test('a mail server that never answers holds up no request and no stop; its mail goes out later', async () => {
	const silent = createServer((socket) => socket.on('error', () => {}).resume());
	silent.listen(0, '127.0.0.1');
	await once(silent, 'listening');
	const address = silent.address();
	const port = typeof address === 'object' && address !== null ? address.port : 0;
	server = await startServer(smtpVariables({ url: `smtp://127.0.0.1:${port}` }));
	const { folder } = server;
	const connected = once(silent, 'connection');
	const email = await register(server);
	await connected;
	// Ending by itself is 0; one that had to be cut off after its patience is 1.
	expect(await server.stop()).toBe(0);
	silent.close();
	await once(silent, 'close');
	smtp = await startSmtp(port);
	server = await startServer(smtpVariables(smtp), folder);
	const { origin, pathname } = linkIn(await smtp.next(email));
	// Another port than before, and the link is of the address at which it was asked for.
	expect([new URL(origin).hostname, pathname]).toEqual(['localhost', '/confirm']);
});
