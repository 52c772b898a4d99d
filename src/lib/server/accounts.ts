/** A new account: everything of it in one batch. Norm: docs/protocol.md, 10. */
import { and, eq } from 'drizzle-orm';
import type { RegisterRequest } from '#lib/api/accounts.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { claimAddress } from '#lib/server/addresses.ts';
import { record } from '#lib/server/audit.ts';
import { headOf, NO_HEAD, sha256 } from '#lib/server/chain.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { accountChain, accounts, slots } from '#lib/server/db/schema.ts';
import { links, registrations } from '#lib/server/db/schema-waiting.ts';
import { languageOf } from '#lib/server/mail/language.ts';
import { accountPlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';
import { slotRow } from '#lib/server/slots.ts';
import { newVaultStatements } from '#lib/server/vaults.ts';

/** Everything that is born with an account has this seq, generation and revision. */
const FIRST = 1;

/** Makes an account, once. @returns whether it did: not if the email or an id is taken. */
export async function makeAccount(
	server: Server,
	email: string,
	request: RegisterRequest
): Promise<boolean> {
	const claimed = await claimAddress(server, request.account, email);
	if (claimed === undefined) return false;
	const made = [...newAccount(server, email, request), ...claimed];
	return (await server.database.write(made)).outcome === 'written';
}

/** Whatever else waited or was handed out for the address goes. */
function newAccount(server: Server, email: string, request: RegisterRequest): Statement[] {
	const { orm } = server.database;
	const emailIndex = server.keys.index('email', utf8(email));
	return [
		...accountStatements(server, email, request),
		...newVaultStatements(server, request.account, request.vault),
		orm.delete(registrations).where(eq(registrations.emailIndex, emailIndex)),
		orm.delete(links).where(and(eq(links.use, 'invite'), eq(links.emailIndex, emailIndex))),
		...record(server, request.account, [{ event: 'account.made' }])
	];
}

function accountStatements(server: Server, email: string, request: RegisterRequest): Statement[] {
	const { orm } = server.database;
	const { account, manifest } = request;
	const hash = sha256(manifest);
	const wrap = (column: 'email' | 'manifest', bytes: Uint8Array) =>
		server.wrapper.wrap(accountPlace(account, column), bytes);
	return [
		orm.insert(accounts).values({
			id: account,
			emailIndex: server.keys.index('email', utf8(email)),
			email: wrap('email', utf8(email)),
			generation: FIRST,
			seq: FIRST,
			head: headOf(NO_HEAD, hash),
			manifest: wrap('manifest', manifest),
			language: languageOf(request.language),
			createdAt: server.now()
		}),
		orm.insert(accountChain).values({ account, seq: FIRST, hash }),
		orm.insert(slots).values(request.slots.map((slot) => slotRow(server, account, slot)))
	];
}
