/**
 * Wraps everything again that is not under the first of ENCRYPTION_KEYS, so that the others can be
 * removed. It goes in small writes while the server serves, and how far it came is in the values
 * themselves: one that was interrupted goes on when it is asked for again.
 */
import { and, eq, ne } from 'drizzle-orm';
import type { AdminEvent, EventOf } from '#lib/server/admin/messages.ts';
import {
	pagesOf,
	wrappedTables,
	type StoredValue,
	type WrappedTable
} from '#lib/server/admin/wrapped-values.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { encryptionKeys } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import type { Server } from '#lib/server/server.ts';
import { keyName } from '#lib/server/wrap/encryption-keys.ts';
import { WrapError, type Wrapped } from '#lib/server/wrap/wrapper.ts';

interface Tally {
	values: number;
	rewrapped: number;
	/** Values that no key opens: they stay as they are, and so do the keys. */
	unopened: number;
}

/** @throws {ServerError} `busy`: what was wrapped by then stays so. */
export async function* rewrap(server: Server): AsyncGenerator<AdminEvent> {
	const [first = '', ...others] = server.env.encryptionKeys.map(keyName);
	let rewrapped = 0;
	for (;;) {
		const pass: Tally = { values: 0, rewrapped: 0, unopened: 0 };
		yield* goThrough(server, pass);
		rewrapped += pass.rewrapped;
		// A pass that found nothing to do shows that the one before left nothing behind.
		if (pass.rewrapped > 0) continue;
		const removable = pass.unopened === 0 ? others : [];
		if (pass.unopened === 0) await forgetOthers(server, first);
		yield {
			event: 'keys-rotated',
			...pass,
			rewrapped,
			first,
			removable
		} satisfies EventOf<'keys-rotated'>;
		return;
	}
}

async function* goThrough(server: Server, pass: Tally): AsyncGenerator<EventOf<'progress'>> {
	for (const table of wrappedTables()) {
		// Each of these proves a key, and is wrapped with that very key.
		if (table.table === encryptionKeys) continue;
		for await (const page of pagesOf(server, table)) {
			await rewrapPage(server, table, page, pass);
			yield { event: 'progress', table: table.name, values: pass.values };
		}
	}
}

async function rewrapPage(
	server: Server,
	{ table }: WrappedTable,
	page: readonly StoredValue[],
	pass: Tally
): Promise<void> {
	const { database, wrapper } = server;
	const statements: Statement[] = [];
	for (const { place, token, column, key, own } of page) {
		pass.values++;
		if (wrapper.isCurrent(token)) continue;
		const again = wrapAgain(server, place, token);
		if (again === undefined) {
			pass.unopened++;
			continue;
		}
		// What was written meanwhile is under the first key already, and must stay.
		statements.push(
			database.orm
				.update(table)
				.set({ [key]: again })
				.where(and(own, eq(column, token)))
		);
	}
	if (statements.length === 0) return;
	const { outcome } = await database.write(statements);
	if (outcome !== 'written') throw new ServerError('failed', 'values could not be wrapped again');
	pass.rewrapped += statements.length;
}

function wrapAgain(
	{ wrapper }: Server,
	place: StoredValue['place'],
	token: Wrapped
): Wrapped | undefined {
	try {
		return wrapper.wrap(place, wrapper.unwrap(place, token));
	} catch (error) {
		if (error instanceof WrapError) return undefined;
		throw error;
	}
}

/** From now on the database needs the first key alone, and starts without the others. */
async function forgetOthers({ database }: Server, first: string): Promise<void> {
	await database.write([database.orm.delete(encryptionKeys).where(ne(encryptionKeys.name, first))]);
}
