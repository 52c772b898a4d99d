/** Whom an account's mails go to, and in which language. */
import { eq } from 'drizzle-orm';
import type { Language } from '#lib/api/mail.ts';
import { fromUtf8 } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import { accounts } from '#lib/server/db/schema.ts';
import { languageOf } from '#lib/server/mail/language.ts';
import { accountPlace } from '#lib/server/places.ts';
import type { Server } from '#lib/server/server.ts';

interface Addressee {
	readonly to: string;
	readonly language: Language;
}

/** `undefined` if the account is gone. */
export async function addresseeOf(
	{ database, wrapper }: Server,
	account: Id
): Promise<Addressee | undefined> {
	const [row] = await database.orm
		.select({ email: accounts.email, language: accounts.language })
		.from(accounts)
		.where(eq(accounts.id, account));
	if (row === undefined) return undefined;
	const to = fromUtf8(wrapper.unwrap(accountPlace(account, 'email'), row.email));
	return { to, language: languageOf(row.language) };
}
