/** Secrets: one or some of a vault, each request noted in the audit log before it is answered. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { ReadPurpose, SealedSecret, SecretsReply, SecretsRequest } from '#lib/api/vaults.ts';
import type { Id } from '#lib/encoding/id.ts';
import { record, type AuditRow } from '#lib/server/audit.ts';
import type { Claim } from '#lib/server/budget.ts';
import { secrets } from '#lib/server/db/schema.ts';
import { ServerError } from '#lib/server/errors.ts';
import { recordPlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';
import { nextTurn } from '#lib/server/turns.ts';

/** Secrets that are unwrapped before other requests have a turn. */
const SLICE = 32;

/**
 * The secrets in the order asked for.
 *
 * @throws {ServerError} `not-found` if the account has not all of them in that vault; `busy`.
 */
export async function readSecrets(
	server: Server,
	claim: Claim,
	account: Id,
	vault: Id,
	{ items, purpose }: SecretsRequest
): Promise<SecretsReply> {
	const { database, wrapper } = server;
	const asked = and(
		eq(secrets.account, account),
		eq(secrets.vault, vault),
		inArray(secrets.item, items)
	);
	const [size] = await database.orm
		.select({ bytes: sql<number>`coalesce(sum(length(${secrets.blob})), 0)` })
		.from(secrets)
		.where(asked);
	await claim(size?.bytes ?? 0);
	const rows = await database.orm
		.select({ item: secrets.item, revision: secrets.revision, blob: secrets.blob })
		.from(secrets)
		.where(asked);
	// Emptied as it is read, so that no value is in memory both wrapped and not.
	const found = new Map(rows.splice(0).map((row) => [row.item, row]));
	const read: SealedSecret[] = [];
	for (const item of items) {
		const row = found.get(item);
		if (row === undefined) throw new ServerError('not-found', 'no such secret');
		found.delete(item);
		const blob = wrapper.unwrap(recordPlace('secrets', account, vault, item), row.blob);
		read.push({ item, revision: row.revision, blob });
		if (read.length % SLICE === 0) await nextTurn();
	}
	await database.write(record(server, account, [readOf(vault, items, purpose)]));
	return { secrets: read };
}

/** One row however many they were: the log is the account's share of the disk. */
function readOf(vault: Id, items: readonly Id[], purpose: ReadPurpose): AuditRow {
	const event = 'secret.read';
	const [item] = items;
	if (item === undefined || items.length > 1) {
		return { event, vault, detail: `${purpose} of ${items.length}` };
	}
	return { event, vault, item, detail: purpose };
}
