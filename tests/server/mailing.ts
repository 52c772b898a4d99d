/** A host that sends mail, and people who have confirmed their address there. */
import { smtpVariables, startSmtp, tokenIn, type SmtpCatcher } from '../smtp.ts';
import { Host } from './host.ts';
import { Person } from './person.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Mails are asked for as often as a test likes. */
export const UNLIMITED = {
	LIMIT_REQUESTS: '100000/m',
	LIMIT_AUTH: '100000/m',
	LIMIT_REGISTRATIONS_NETWORK: '100000/h',
	LIMIT_MAILS_NETWORK: '100000/h',
	LIMIT_MAILS_ADDRESS: '100000/h'
};

export interface Mailing {
	readonly host: Host;
	readonly smtp: SmtpCatcher;
	/** Someone confirmed; all mails so far are taken. */
	member(email?: string): Promise<Person>;
	remove(): Promise<void>;
}

export async function openMailing(variables: Record<string, string> = {}): Promise<Mailing> {
	const smtp = await startSmtp();
	const host = await Host.open({ ...UNLIMITED, ...smtpVariables(smtp), ...variables });
	const member = async (email?: string) => {
		const person = new Person(host, email);
		await person.register();
		const token = tokenIn(await smtp.next(person.email));
		const response = await person.post('/api/v1/confirmations', { token });
		if (response.status !== 204) throw new Error(`confirm: ${String(response.status)}`);
		return person;
	};
	const remove = async () => {
		await host.remove();
		await smtp.stop();
	};
	return { host, smtp, member, remove };
}

/** An answer without its reference number. */
export async function told(response: Response): Promise<string> {
	const text = (await response.text()).replace(/"number":"[^"]+"/, '');
	return `${response.status} ${JSON.stringify([...response.headers])} ${text}`;
}

/** The statements that a request writes, without their values; those of the sender are not its own. */
export async function writesOf(host: Host, act: () => Promise<unknown>): Promise<string[]> {
	const { database } = host.server;
	const batches: string[] = [];
	const write = database.write.bind(database);
	database.write = (statements) => {
		const texts = statements.map((each) => ('late' in each ? 'late' : each.toSQL().sql));
		batches.push(texts.join('; '));
		return write(statements);
	};
	try {
		await act();
	} finally {
		database.write = write;
	}
	return batches.filter((batch) => !/^(delete from|update) "mails"/.test(batch));
}
