/**
 * Which browsers an account was seen with. A cookie of its own, random and good for nothing else,
 * names a browser; stored is an HMAC of account and name, so the table tells nobody who shares one.
 * A name of what the browser claims to be, or its network, would call a thief with the same
 * browser, or in the same house, an old friend.
 */
import { randomBytes } from 'node:crypto';
import { inArray } from 'drizzle-orm';
import { encode } from '#lib/encoding/base64url.ts';
import { Writer } from '#lib/encoding/binary.ts';
import { equal, utf8, type Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { Statement } from '#lib/server/db/database.ts';
import { counters } from '#lib/server/db/schema.ts';
import { notify } from '#lib/server/mail/notices.ts';
import type { Server } from '#lib/server/server.ts';

const COOKIE_NAME = '__Host-keyhold-browser';
const NAME_BYTES = 32;
const NAME = /^[A-Za-z0-9_-]{43}$/;
/** As long as browsers keep a cookie. */
const KNOWN_SECONDS = 400 * 86_400;

interface Seen {
	/** For the batch of the sign-in. */
	readonly statements: readonly Statement[];
	/** To be appended to the answer; none where no mail is sent. */
	readonly cookie: string | undefined;
}

/**
 * What a sign-in does besides: it notes the browser, and queues the mail if the account was seen with
 * others but never with this one. The very first sign-in is no news to anyone.
 *
 * @param headers of the request that signs in.
 */
export async function seenIn(
	server: Server,
	account: Id,
	headers: Headers,
	device: string
): Promise<Seen> {
	if (server.env.smtp === undefined) return { statements: [], cookie: undefined };
	const name = nameIn(headers.get('cookie') ?? '') ?? encode(randomBytes(NAME_BYTES));
	const [any, own] = [keyOf(server, [account]), keyOf(server, [account, name])];
	const rows = await server.database.orm
		.select({ key: counters.key, expiresAt: counters.expiresAt })
		.from(counters)
		.where(inArray(counters.key, [any, own]));
	const live = (key: Bytes) =>
		rows.some((row) => equal(row.key, key) && row.expiresAt > server.now());
	const news = live(any) && !live(own);
	return {
		statements: [
			...[any, own].map((key) => noted(server, key)),
			...(news ? await notify(server, account, 'new-device', { device }) : [])
		],
		cookie: `${COOKIE_NAME}=${name}; HttpOnly; Max-Age=${KNOWN_SECONDS}; Path=/; SameSite=Strict; Secure`
	};
}

function noted({ database, now }: Server, key: Bytes): Statement {
	const expiresAt = now() + KNOWN_SECONDS * 1000;
	return database.orm
		.insert(counters)
		.values({ key, count: 0, expiresAt })
		.onConflictDoUpdate({ target: counters.key, set: { expiresAt } });
}

function keyOf({ keys }: Server, whom: readonly string[]): Bytes {
	const fields = new Writer().prefixed(utf8('browser'));
	for (const part of whom) fields.prefixed(utf8(part));
	return keys.index('counter', fields.done());
}

/** Byte for byte, and one only: see auth/sessions.ts. */
function nameIn(header: string): string | undefined {
	const prefix = `${COOKIE_NAME}=`;
	const found = header
		.split(';')
		.map((cookie) => cookie.replace(/^ +/, ''))
		.filter((cookie) => cookie.startsWith(prefix))
		.map((cookie) => cookie.slice(prefix.length));
	const [name] = found;
	return found.length === 1 && name !== undefined && NAME.test(name) ? name : undefined;
}
