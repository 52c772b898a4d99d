/**
 * The network between a keyholder and any server: it writes down what passes, and an attacker may
 * change each answer. It wraps a `fetch`, so the server behind it may be the reference, or the
 * real one over a socket.
 */
import type { Fetch } from '#lib/api/client.ts';

interface Exchange {
	readonly method: string;
	/** Path and query. */
	readonly path: string;
	readonly headers: string;
	readonly body: string;
	readonly status: number;
	readonly answer: string;
}

/** An answer on its way to the client. `json` is its parsed body, undefined if it has none. */
export interface Answer {
	readonly status: number;
	readonly type: string;
	readonly json: unknown;
}

/** What arrives instead: JSON, text as it is, or a broken connection. */
export type Forged =
	| { readonly status?: number; readonly type?: string; readonly json: unknown }
	| { readonly status?: number; readonly type?: string; readonly text: string }
	| 'nothing';

/** @returns undefined to let the answer pass. */
export type Tamper = (
	answer: Answer,
	request: { method: string; path: string; body: string }
) => Forged | undefined | Promise<Forged | undefined>;

export class Wire {
	readonly exchanges: Exchange[] = [];
	tamper: Tamper | undefined;
	/** What happens meanwhile, just before a request leaves. */
	before: ((path: string) => Promise<unknown>) | undefined;
	/** Requests that were sent after the first forged answer had arrived. */
	sentAfterForgery = 0;
	forgeries = 0;
	readonly #inner: Fetch;

	constructor(inner: Fetch) {
		this.#inner = inner;
	}

	readonly fetch: Fetch = async (url, init) => {
		if (this.forgeries > 0) this.sentAfterForgery++;
		const request = { method: init.method ?? 'GET', path: pathOf(url), body: bodyOf(init) };
		await this.before?.(request.path);
		const response = await this.#inner(url, init);
		const text = await response.text();
		const type = response.headers.get('content-type') ?? '';
		const json: unknown = text === '' ? undefined : JSON.parse(text);
		const forged = await this.tamper?.({ status: response.status, type, json }, request);
		const headers = JSON.stringify([...new Headers(init.headers)]);
		const note = (status: number, answer: string) =>
			this.exchanges.push({ ...request, headers, status, answer });
		if (forged === undefined) {
			note(response.status, text);
			return new Response(response.status === 204 ? null : text, response);
		}
		this.forgeries++;
		if (forged === 'nothing') {
			note(0, '');
			throw new TypeError('connection lost');
		}
		const status = forged.status ?? response.status;
		const body = 'text' in forged ? forged.text : JSON.stringify(forged.json);
		note(status, body);
		return new Response(body, { status, headers: { 'content-type': forged.type ?? type } });
	};

	/** Everything that left the device, one text. */
	sent(): string {
		return this.exchanges
			.map(({ method, path, headers, body }) => [method, path, headers, body].join('\n'))
			.join('\n');
	}

	/** Everything that came back. */
	received(): string {
		return this.exchanges.map(({ answer }) => answer).join('\n');
	}

	/** The requests so far, as `GET /api/v1/account`, without queries. */
	requests(): string[] {
		return this.exchanges.map(({ method, path }) => `${method} ${path.split('?', 1)[0] ?? ''}`);
	}
}

function pathOf(url: string): string {
	const { pathname, search } = new URL(url);
	return pathname + search;
}

function bodyOf({ body }: RequestInit): string {
	if (body === undefined || body === null) return '';
	if (typeof body !== 'string') throw new Error('a body that is not text');
	return body;
}
