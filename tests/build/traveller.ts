/** Someone with an account on a built server, over the network; and requests that no `fetch` would send. */
import { request } from 'node:http';
import type { ServerProcess } from '../server-process.ts';
import type { Sent } from '../server/host.ts';
import { Person } from '../server/person.ts';

/** One machine asks a great deal during these tests; the limits have tests of their own. */
export const UNLIMITED = {
	LIMIT_AUTH: '1000000/m',
	LIMIT_COMMITS: '1000000/m',
	LIMIT_FAILURES_ACCOUNT: '1000000/m',
	LIMIT_FAILURES_HERE: '1000000/m',
	LIMIT_FAILURES_NETWORK: '1000000/m',
	LIMIT_READS: '1000000/m',
	LIMIT_REGISTRATIONS_NETWORK: '1000000/m',
	LIMIT_REGISTRATIONS_TOTAL: '1000000/m',
	LIMIT_REQUESTS: '1000000/m'
};

export interface Asking {
	readonly method: string;
	readonly path: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
}

/** What came back, in the words of the wire. */
interface Told {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	readonly body: string;
}

/** Asks with exactly these headers: `fetch` would add some, and refuse others. */
export function ask(
	port: number,
	{ method, path, headers = {}, body = '' }: Asking
): Promise<Told> {
	return new Promise((resolve, reject) => {
		const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
		const options = { host: '127.0.0.1', port, method, path, headers: { ...length, ...headers } };
		const sending = request(options, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.once('error', reject);
			response.once('end', () => {
				const { statusCode: status = 0, headers: told } = response;
				resolve({ status, headers: told, body: Buffer.concat(chunks).toString() });
			});
		});
		sending.once('error', reject);
		sending.end(body);
	});
}

/** The stable code of a problem, or none. */
export function codeIn({ body }: Told): string {
	const json: unknown = body === '' ? {} : JSON.parse(body);
	return typeof json === 'object' && json !== null && 'code' in json ? String(json.code) : '';
}

/** A person of a server that may be another process by the time of the next request. */
export function traveller(server: () => ServerProcess, email?: string): Person {
	const send = async (path: string, { method, headers, body }: Sent = {}) =>
		await fetch(server().origin + path, {
			method: method ?? 'GET',
			headers: { ...headers },
			...(typeof body === 'string' ? { body } : {})
		});
	return new Person({ send }, email, undefined, server().origin);
}

/** The same, registered and signed in. */
export async function settled(server: () => ServerProcess): Promise<Person> {
	const person = traveller(server);
	const { status } = await person.register();
	if (status !== 200) throw new Error(`register: ${String(status)}`);
	await person.signIn();
	return person;
}
