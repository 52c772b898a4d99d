/** The accounts, as the host may see them: who they are and what they take, never what is in them. */
import { and, asc, eq, sql, type SQL } from 'drizzle-orm';
import { fromUtf8 } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { EventOf } from '#lib/server/admin/messages.ts';
import { accounts, secondFactors, secrets, sheets, vaults } from '#lib/server/db/schema.ts';
import { accountPlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';
import { WrapError, type Wrapped } from '#lib/server/wrap/wrapper.ts';

type Account = Pick<typeof accounts.$inferSelect, 'id' | 'email' | 'createdAt'>;

/** One event for each account, the oldest first. */
export async function* listAccounts(server: Server): AsyncGenerator<EventOf<'account'>> {
	const rows = await server.database.orm
		.select({ id: accounts.id, email: accounts.email, createdAt: accounts.createdAt })
		.from(accounts)
		.orderBy(asc(accounts.createdAt), asc(accounts.id));
	for (const row of rows) yield await describe(server, row);
}

async function describe(
	server: Server,
	{ id, email, createdAt }: Account
): Promise<EventOf<'account'>> {
	const { database, sessions } = server;
	const { orm } = database;
	const [factors, [sizes]] = await database.snapshot([
		orm
			.select({ account: secondFactors.account })
			.from(secondFactors)
			.where(and(eq(secondFactors.account, id), eq(secondFactors.on, true))),
		orm
			.select({
				keys: sum(sql`${vaults.secretCount}`),
				manifests: sum(sql`length(${vaults.manifest})`),
				sheets: blobBytes(sheets, id),
				secrets: blobBytes(secrets, id)
			})
			.from(vaults)
			.where(eq(vaults.account, id))
	]);
	const address = addressIn(server, id, email);
	return {
		event: 'account',
		...(address === undefined ? {} : { email: address }),
		createdAtMs: createdAt,
		sessions: (await sessions.list(id)).length,
		secondFactor: factors.length > 0,
		keys: sizes?.keys ?? 0,
		bytes: (sizes?.manifests ?? 0) + (sizes?.sheets ?? 0) + (sizes?.secrets ?? 0)
	};
}

/** The others are still worth listing where one was changed. */
function addressIn({ wrapper }: Server, account: Id, email: Wrapped): string | undefined {
	try {
		return fromUtf8(wrapper.unwrap(accountPlace(account, 'email'), email));
	} catch (error) {
		if (error instanceof WrapError) return undefined;
		throw error;
	}
}

function blobBytes(table: typeof sheets | typeof secrets, account: Id) {
	const total = sum(sql`length(${table.blob})`);
	return sql<number>`(select ${total} from ${table} where ${table.account} = ${account})`;
}

function sum(value: SQL) {
	return sql<number>`coalesce(sum(${value}), 0)`;
}
