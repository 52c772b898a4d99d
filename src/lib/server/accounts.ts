/**
 * Registration: a whole account in one batch. Two who register one email at the same moment are
 * told apart by the unique index alone. Norm: docs/protocol.md, 10.
 */
import type { RegisterReply, RegisterRequest } from '#lib/api/accounts.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { readEmail } from '#lib/server/email.ts';
import { accountPlace, vaultPlace } from '#lib/server/places.ts';
import { record } from '#lib/server/audit.ts';
import { acceptablePublicKey } from '#lib/server/auth/ed25519.ts';
import { headOf, NO_HEAD, sha256 } from '#lib/server/chain.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { accountChain, accounts, slots, vaultChain, vaults } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import { registrationLimits } from '#lib/server/limits.ts';
import type { Server } from '#lib/server/server.ts';
import { slotRow } from '#lib/server/slots.ts';

/** Why this server takes no new account, for the person who asked. */
const CLOSED = {
	closed: 'This server takes no new accounts.',
	invite: 'This server takes new accounts by invitation only, and invitations cannot be used yet.'
} as const;

/** Everything that is born with an account has this seq, generation and revision. */
const FIRST = 1;

/**
 * @throws {ServerError} `closed`, `malformed` for an email or a key that cannot be one, `taken`,
 * `limited`.
 */
export async function register(
	server: Server,
	network: string,
	request: RegisterRequest
): Promise<RegisterReply> {
	const { registration } = server.env;
	if (registration !== 'open') throw new ServerError('closed', CLOSED[registration]);
	if (!request.slots.every((slot) => acceptablePublicKey(slot.authPublicKey))) {
		throw new ServerError('malformed', 'a public key that cannot be used');
	}
	const email = readEmail(request.email);
	await server.limits.reserve(registrationLimits(network));
	const { outcome } = await server.database.write([
		...accountStatements(server, email, request),
		...vaultStatements(server, request),
		...record(server.database, server.now(), request.account, [{ event: 'account.made' }])
	]);
	if (outcome === 'constraint') throw new ServerError('taken', 'the email or an id is taken');
	return { account: request.account };
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
			createdAt: server.now()
		}),
		orm.insert(accountChain).values({ account, seq: FIRST, hash }),
		orm.insert(slots).values(request.slots.map((slot) => slotRow(server, account, slot)))
	];
}

function vaultStatements(server: Server, { account, vault }: RegisterRequest): Statement[] {
	const { orm } = server.database;
	const hash = sha256(vault.manifest);
	const wrap = (column: 'manifest' | 'key_wrap', bytes: Uint8Array) =>
		server.wrapper.wrap(vaultPlace(account, vault.id, column), bytes);
	return [
		orm.insert(vaults).values({
			account,
			id: vault.id,
			generation: FIRST,
			seq: FIRST,
			head: headOf(NO_HEAD, hash),
			manifest: wrap('manifest', vault.manifest),
			keyWrap: wrap('key_wrap', vault.keyWrap),
			sheetCount: 0,
			secretCount: 0,
			sheetBytes: 0,
			createdAt: server.now()
		}),
		orm.insert(vaultChain).values({ account, vault: vault.id, seq: FIRST, hash })
	];
}
