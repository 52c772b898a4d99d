/**
 * A whole server for tests: a real libSQL file, the real hooks and route handlers, requests that
 * never leave the process. Only the framework's router is played here.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestEvent } from '@sveltejs/kit';
import { createClient, type Client } from '@libsql/client';
import { encode } from '#lib/encoding/base64url.ts';
import { readEnv } from '#lib/server/env.ts';
import { handleRequest } from '#lib/server/handle.ts';
import { openLog } from '#lib/server/log.ts';
import { startServer, type Server } from '#lib/server/server.ts';
import { setupCodeOf } from '#lib/server/setup-code.ts';

export const ORIGIN = 'https://vault.example.org';
export const KEY_A = encode(new Uint8Array(32).fill(0xa1));
export const KEY_B = encode(new Uint8Array(32).fill(0xb2));

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

export class Host {
	readonly directory: string;
	readonly lines: string[] = [];
	/** Milliseconds that this host's clock is ahead. */
	ahead = 0;
	exits = 0;
	#server: Server | undefined;

	private constructor() {
		this.directory = mkdtempSync(join(tmpdir(), 'keyhold-test-'));
	}

	static async open(variables: Readonly<Record<string, string>> = {}): Promise<Host> {
		const host = new Host();
		await host.start(variables);
		return host;
	}

	get server(): Server {
		if (this.#server === undefined) throw new Error('the host is stopped');
		return this.#server;
	}

	/** What the first account needs; asked for by no other. */
	get setupCode(): string {
		return setupCodeOf(this.server);
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
			...variables
		});
		const log = openLog('debug', { write: (line) => this.lines.push(line) });
		const now = () => Date.now() + this.ahead;
		this.#server = await startServer(env, { log, now, exit: () => this.exits++ });
	}

	async stop(): Promise<void> {
		await this.#server?.close();
		this.#server = undefined;
	}

	async remove(): Promise<void> {
		await this.stop();
		rmSync(this.directory, { recursive: true, force: true });
	}

	/** Looks into the database, or changes it, beside the server. */
	async sql(sql: string, args: (string | number)[] = []) {
		const client: Client = createClient({ url: `file:${this.file}`, timeout: 5000 });
		try {
			return (await client.execute({ sql, args })).rows;
		} finally {
			client.close();
		}
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
