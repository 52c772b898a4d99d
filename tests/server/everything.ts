/** Someone of whom every table holds something: for what must look at all of the database. */
import { encode } from '#lib/encoding/base64url.ts';
import type { Id } from '#lib/encoding/id.ts';
import { Authenticator } from './authenticator.ts';
import { withSecondFactor } from './code-app.ts';
import type { Host } from './host.ts';
import { newId, Person, random, secret, secretsOf, sheet, someone } from './person.ts';
import { partOf, stage } from './rotating.ts';

/** A mail server that nobody answers at: what is to be mailed waits. */
export const SILENT_MAIL = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'keyhold@example.org' };
export const UNLIMITED = {
	LIMIT_REQUESTS: '100000/m',
	LIMIT_AUTH: '100000/m',
	LIMIT_COMMITS: '100000/m',
	LIMIT_READS: '100000/m',
	LIMIT_REGISTRATIONS_NETWORK: '100000/h'
};

export interface Everything {
	readonly person: Person;
	readonly secrets: ReturnType<typeof secret>[];
	/** A rotation of the vault that is staged whole. */
	readonly rotation: Id;
}

/** On a host that was opened with {@link UNLIMITED}; it sends mail from then on, to nobody. */
export async function fill(
	host: Host,
	variables: Readonly<Record<string, string>> = {}
): Promise<Everything> {
	const person = await someone(host);
	const passkey = person.accountCommitOf({ slots: [new Authenticator().enrolled()] });
	await good(person.sendAccountCommit(passkey, { purpose: 3 }));
	await withSecondFactor(person, host);
	const secrets = [secret(), secret(), secret()];
	const sheets = [sheet(), sheet()];
	await person.commit(person.commitOf({ sheets, secrets }));
	await person.commit(person.commitOf());
	await person.commitAccount(random(1_105));
	const note = { id: newId(), act: 'changed', blob: encode(random(285)) };
	await good(person.post(`/api/v1/vaults/${person.vault}/notes`, note));
	const rotation = newId();
	const names = { sheets: sheets.map(({ id }) => id), secrets: secrets.map(({ item }) => item) };
	await good(stage(person, rotation, partOf(person.vault, names)));
	await host.stop();
	await host.start({ ...UNLIMITED, ...SILENT_MAIL, ...variables });
	await good(new Person(host).register());
	const change = { email: `${newId().toLowerCase()}@example.net` };
	await good(person.prove({ purpose: 2 }, '/api/v1/account/email-change', change));
	await good(person.post('/api/v1/account/reminders', { days: ['2090-01-01'] }));
	return { person, secrets, rotation };
}

/** Whether the person reads what was written. */
export async function reads(
	person: Person,
	secrets: readonly ReturnType<typeof secret>[]
): Promise<boolean> {
	for (const { item, blob } of secrets) {
		const reply = await secretsOf(await person.readSecrets([item]));
		if (!Buffer.from(blob).equals(reply.secrets[0]?.blob ?? new Uint8Array())) return false;
	}
	return true;
}

async function good(response: Promise<Response>): Promise<void> {
	const { status, url } = await response;
	if (status >= 300) throw new Error(`${url}: ${String(status)}`);
}
