/**
 * A whole server for tests: a real libSQL file (or a database on a real libSQL server, in the tests
 * that start one: see tests/remote), the real hooks and route handlers, requests that never leave the
 * process. Only the framework's router is played here.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestEvent } from '@sveltejs/kit';
import { createClient, type Client, type ResultSet } from '@libsql/client';
import { inject } from 'vitest';
import { encode } from '#lib/encoding/base64url.ts';
import { hex } from '#lib/encoding/bytes.ts';
import { readEnv } from '#lib/server/env.ts';
import { handleRequest } from '#lib/server/handle.ts';
import { openLog } from '#lib/server/log.ts';
import { startServer, type Ports, type Server } from '#lib/server/server.ts';
import { setupCodeOf } from '#lib/server/setup-code.ts';
import { administer, dropNamespace } from '../sqld/administer.ts';
import { ORIGIN } from './origin.ts';

export { ORIGIN };
export const KEY_A = encode(new Uint8Array(32).fill(0xa1));
export const KEY_B = encode(new Uint8Array(32).fill(0xb2));

/** What is tested is what is answered, not how soon: of a server that is slow tests/remote tells. */
const PATIENT = { deadlineMs: 100_000 };

type Endpoint = (event: RequestEvent) => Response | Promise<Response>;
type RouteModule = Readonly<Record<string, Endpoint | undefined>>;

const modules = import.meta.glob<RouteModule>([
	'/src/routes/api/**/+server.ts',
	'/src/routes/metrics/+server.ts',
	'/src/routes/readyz/+server.ts'
]);

const patterns = Object.keys(modules).map((file) => {
	const id = file.replace('/src/routes', '').replace('/+server.ts', '');
	const text = id.replaceAll('.', '\\.').replaceAll(/\[(\w+)\]/g, '(?<$1>[^/]+)');
	return { id, file, pattern: new RegExp(`^${text}$`) };
});

export interface Sent {
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent as it is. */
	readonly body?: string | ReadableStream<Uint8Array>;
	readonly address?: string;
}

/** A database that is made for one host. */
interface OwnDatabase {
	readonly url: string;
	readonly drop: () => Promise<void>;
}

/** Longer than an answer of `/readyz` is repeated. */
export const READINESS_REPEATED_MS = 10_000;

export class Host {
	readonly directory: string;
	readonly lines: string[] = [];
	/** Milliseconds that this host's clock is ahead. */
	ahead = 0;
	exits = 0;
	#server: Server | undefined;
	/** Looks into the database beside the server. */
	#beside: Client | undefined;

	/**
	 * @param remote DATABASE_URL of a libSQL server.
	 * @param more what the server is told besides.
	 * @param drop takes the database away, where it is this host's own.
	 */
	private constructor(
		readonly remote: string | undefined,
		readonly more: Partial<Ports>,
		private readonly drop?: () => Promise<void>
	) {
		this.directory = mkdtempSync(join(tmpdir(), 'keyhold-test-'));
	}

	static async open(variables: Readonly<Record<string, string>> = {}): Promise<Host> {
		const url = variables['DATABASE_URL'];
		const host = url === undefined ? await Host.#onItsOwn() : new Host(remoteIn(url), {});
		await host.start(variables);
		return host;
	}

	static async #onItsOwn(): Promise<Host> {
		const own = await newDatabase();
		return new Host(own?.url, PATIENT, own?.drop);
	}

	get server(): Server {
		if (this.#server === undefined) throw new Error('the host is stopped');
		return this.#server;
	}

	/** What the first account needs; asked for by no other. */
	get setupCode(): string | undefined {
		// Made with a key of the first of several databases, which may be away.
		return this.server.shards.has(0) ? setupCodeOf(this.server) : undefined;
	}

	get file(): string {
		return join(this.directory, 'keyhold.db');
	}

	/** Starts on the same directory; also after {@link stop}. */
	async start(variables: Readonly<Record<string, string>> = {}): Promise<void> {
		const env = readEnv({
			ORIGIN,
			DATA_DIR: this.directory,
			ENCRYPTION_KEYS: KEY_A,
			...(this.remote === undefined ? {} : { DATABASE_URL: this.remote }),
			...variables
		});
		const log = openLog('debug', { write: (line) => this.lines.push(line) });
		const now = () => Date.now() + this.ahead;
		this.#server = await startServer(env, { log, now, exit: () => this.exits++, ...this.more });
	}

	async stop(): Promise<void> {
		this.#beside?.close();
		this.#beside = undefined;
		await this.#server?.close();
		this.#server = undefined;
	}

	async remove(): Promise<void> {
		await this.stop();
		rmSync(this.directory, { recursive: true, force: true });
		await this.drop?.();
	}

	/** Looks into the database, or changes it, beside the server. */
	async sql(sql: string, args: (string | number)[] = []) {
		return await this.#ask((client) =>
			// This way to a libSQL server has foreign keys off.
			this.remote === undefined
				? client.batch([{ sql, args }], 'write')
				: client.migrate([{ sql, args }])
		);
	}

	/** The same, where nothing goes with a row that goes, and a row may belong to nothing. */
	async sqlUnbound(sql: string, args: (string | number)[] = []): Promise<void> {
		await this.#ask((client) => client.migrate([{ sql, args }]));
	}

	/**
	 * One connection for all that is asked while the server runs: a file stays open after its connection
	 * was closed, until the garbage of what was asked is collected.
	 */
	async #ask(ask: (client: Client) => Promise<ResultSet[]>) {
		const url = this.remote ?? `file:${this.file}`;
		const client = this.#beside ?? createClient({ url, concurrency: 1, timeout: 5000 });
		if (this.#server !== undefined) this.#beside = client;
		try {
			const [result] = await ask(client);
			return result?.rows ?? [];
		} finally {
			if (this.#beside === undefined) client.close();
		}
	}

	/** The status of `/readyz`, later than an answer of it is repeated. */
	async readiness(): Promise<number> {
		this.ahead += READINESS_REPEATED_MS;
		return (await this.send('/readyz')).status;
	}

	/** Sends one request through the hooks and the route's own handler. */
	async send(path: string, sent: Sent = {}): Promise<Response> {
		const url = new URL(path, ORIGIN);
		const found = patterns.find(({ pattern }) => pattern.test(url.pathname));
		const method = sent.method ?? 'GET';
		const init: RequestInit & { duplex: 'half' } = {
			method,
			headers: new Headers(sent.headers),
			duplex: 'half',
			...(sent.body === undefined ? {} : { body: sent.body })
		};
		const event = {
			request: new Request(url, init),
			url,
			params: { ...found?.pattern.exec(url.pathname)?.groups },
			route: { id: found?.id ?? null },
			locals: {},
			getClientAddress: () => sent.address ?? '192.0.2.1'
		} as RequestEvent;
		return await handleRequest(this.server, event, async (resolved) => {
			const module = found === undefined ? undefined : await modules[found.file]?.();
			const endpoint = module?.[method];
			if (endpoint === undefined) return new Response('method not allowed', { status: 405 });
			return await endpoint(resolved);
		});
	}
}

/** That of a libSQL server; none for a file, and where it is empty for that in the directory. */
function remoteIn(url: string): string | undefined {
	return url.startsWith('http') ? url : undefined;
}

/**
 * A new database of the libSQL server that was started for these tests, if one was. It goes with its
 * host: that server keeps a hundred of them open, and of more it now and then says of one that it is
 * opening or closing that there is no such database.
 */
async function newDatabase(): Promise<OwnDatabase | undefined> {
	const sqld = inject('sqld');
	if (sqld === undefined) return undefined;
	const name = `n${hex(randomBytes(8))}`;
	// Tests plant rows that no vault may have.
	await administer(sqld.admin, `${name}/create`, { max_row_size: 200_000_000 });
	const url = sqld.front.replace('NAMESPACE', name);
	return { url, drop: () => dropNamespace(sqld.admin, name) };
}
