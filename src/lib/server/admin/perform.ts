/**
 * What the host's command can do. None of it reads a vault or sets a password: the server side of the
 * program has no code that could.
 */
import { homeOfAddress } from '#lib/server/addresses.ts';
import { listAccounts } from '#lib/server/admin/accounts.ts';
import { check } from '#lib/server/admin/check.ts';
import { copyDatabase } from '#lib/server/admin/copies.ts';
import { ofEach } from '#lib/server/admin/each.ts';
import type { AdminEvent, AdminRequest, EventOf } from '#lib/server/admin/messages.ts';
import {
	deleteAccount,
	disableSecondFactor,
	endSessions,
	inviteOwner
} from '#lib/server/admin/owners.ts';
import { rewrap } from '#lib/server/admin/rewrap.ts';
import { StartError } from '#lib/server/errors.ts';
import { errorFields } from '#lib/server/log.ts';
import { problemIn } from '#lib/server/problem.ts';
import type { Server } from '#lib/server/server.ts';
import { needsSetupCode, setupCodeOf } from '#lib/server/setup-code.ts';
import { WrapError } from '#lib/server/wrap/wrapper.ts';

/**
 * The events of a request. Whoever asked may stop listening after any of them: what is done by then
 * stays done, and what was only for the listener goes.
 */
export async function* perform(server: Server, request: AdminRequest): AsyncGenerator<AdminEvent> {
	server.log.write('info', `admin: ${request.command}`);
	try {
		yield* eventsOf(server, request);
	} catch (error) {
		yield faultOf(server, error);
	}
}

function eventsOf(server: Server, request: AdminRequest): AsyncGenerator<AdminEvent> {
	switch (request.command) {
		case 'accounts':
			return ofEach(server, listAccounts);
		case 'invite':
			return ofOwner(server, request.email, inviteOwner);
		case 'setup-code':
			return one(() => setupCode(server));
		case 'disable-second-factor':
			return ofOwner(server, request.email, disableSecondFactor);
		case 'end-sessions':
			return ofOwner(server, request.email, endSessions);
		case 'delete-account':
			return ofOwner(server, request.email, deleteAccount);
		case 'rotate-keys':
			return ofEach(server, rewrap);
		case 'backup':
			return copyDatabase(server);
		case 'check':
			return ofEach(server, check);
	}
}

async function* one(event: () => Promise<AdminEvent>): AsyncGenerator<AdminEvent> {
	yield await event();
}

function ofOwner(
	server: Server,
	email: string,
	act: (server: Server, email: string) => Promise<AdminEvent>
): AsyncGenerator<AdminEvent> {
	return one(async () => act(await homeOfAddress(server, email), email));
}

async function setupCode(server: Server): Promise<EventOf<'setup-code'>> {
	return (await needsSetupCode(server))
		? { event: 'setup-code', code: setupCodeOf(server) }
		: { event: 'setup-code' };
}

/** Messages of our own errors hold no user data; of others only the kind is told. */
function faultOf(server: Server, error: unknown): EventOf<'fault'> {
	if (error instanceof StartError || error instanceof WrapError) {
		return { event: 'fault', code: 'failed', message: error.message };
	}
	const { code, message } = problemIn(error);
	if (code === 'malformed' || code === 'not-found' || code === 'taken' || code === 'closed') {
		return { event: 'fault', code: 'input', message };
	}
	if (code === 'busy') return { event: 'fault', code: 'failed', message };
	server.log.write('error', 'admin: failed', errorFields(error));
	return { event: 'fault', code: 'failed', message: 'something failed: the log says where' };
}
