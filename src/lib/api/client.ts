/**
 * The typed client: the only place that calls `fetch`. What a server answers is parsed strictly;
 * an answer that is not exactly what the route promises is `format`, whatever its status.
 */
import { encode } from '#lib/encoding/base64url.ts';
import { utf8, type Bytes } from '#lib/encoding/bytes.ts';
import { PROOF_HEADER, Proof } from '#lib/api/auth.ts';
import { SMALL_REPLY_BYTES } from '#lib/api/limits.ts';
import { Problem, type ProblemCode } from '#lib/api/problems.ts';
import { SERVER_PATH, type Route } from '#lib/api/route.ts';
import { z } from '#lib/api/zod.ts';

/** The part of `fetch` that is used; passed in, so that tests can be the network. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The same for a program that has another way to ask: an {@link Answer} is less than a `Response`. */
export type Ask = (url: string, init: RequestInit) => Promise<Answer>;

export interface Answer {
	readonly status: number;
	readonly headers: Pick<Headers, 'get'>;
	readonly body: Body | null;
}

interface Body {
	getReader(): Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>;
	cancel(): Promise<void>;
}

/** `offline`: no answer came. `format`: one came that is not of the protocol. Else the server's code. */
export type ApiErrorCode = ProblemCode | 'offline' | 'format';

export class ApiError extends Error {
	override readonly name = 'ApiError';
	constructor(
		readonly code: ApiErrorCode,
		/** Seconds after which another try may help, if the server said so. */
		readonly retryAfterSeconds?: number,
		/** The server's reference for its log, at most 16 characters of `[0-9a-f]`. */
		readonly number?: string
	) {
		super(`the server did not do it: ${code}`);
	}
}

/** How one call goes: `params` fill the path, `query` follows it, `proof` travels in its header. */
export interface Call<R extends Route> {
	readonly params?: Readonly<Record<string, string>>;
	readonly query?: Readonly<Record<string, string>>;
	readonly body?: z.output<R['request']>;
	/** Signs exactly this request; called with the path and query and the body's bytes. */
	readonly proof?: (request: { method: string; path: string; body: Bytes }) => Promise<Proof>;
}

/** Answers that are outcomes, not problems: they carry the route's own reply. */
const REPLY_STATUS = new Set([200, 201, 409]);
/** The longest window of a limit is a day; a server that says more is not believed beyond that. */
const RETRY_AFTER_MAX_SECONDS = 86_400;

/** Of every request. */
const HOW = {
	credentials: 'same-origin',
	cache: 'no-store',
	redirect: 'error',
	referrerPolicy: 'no-referrer'
} as const;

/** The interface of one server. Paths are relative to `origin`, the page's own. */
export class Client {
	constructor(
		private readonly origin: string,
		private readonly fetch: Ask
	) {}

	/**
	 * Calls `route` and returns its parsed reply.
	 *
	 * @throws {ApiError} if there is no answer, a problem, or an answer of another shape.
	 */
	async call<R extends Route>(route: R, call: Call<R> = {}): Promise<z.output<R['reply']>> {
		const path = pathOf(route, call);
		const text =
			call.body === undefined ? undefined : JSON.stringify(z.encode(route.request, call.body));
		const headers: Record<string, string> = { accept: 'application/json' };
		if (route.method === 'POST') headers['content-type'] = 'application/json';
		if (call.proof !== undefined) {
			const proof = await call.proof({ method: route.method, path, body: utf8(text ?? '') });
			headers[PROOF_HEADER] = encode(utf8(JSON.stringify(z.encode(Proof, proof))));
		}
		const response = await this.send(path, {
			method: route.method,
			headers,
			...(text === undefined ? {} : { body: text })
		});
		return await readReply(route, response);
	}

	/**
	 * What the server's clock says, in milliseconds since 1970, to the second.
	 *
	 * @throws {ApiError} `format` if its answer has no date.
	 */
	async time(): Promise<number> {
		const response = await this.send(SERVER_PATH, { method: 'GET' });
		await response.body?.cancel();
		const ms = Date.parse(response.headers.get('date') ?? '');
		if (Number.isNaN(ms)) throw new ApiError('format');
		return ms;
	}

	private async send(path: string, init: RequestInit): Promise<Answer> {
		try {
			return await this.fetch(this.origin + path, { ...HOW, ...init });
		} catch {
			throw new ApiError('offline');
		}
	}
}

function pathOf(route: Route, call: Call<Route>): string {
	const path = route.path.replace(/:([a-z]+)/g, (_, name: string) =>
		encodeURIComponent(call.params?.[name] ?? '')
	);
	const query = new URLSearchParams(call.query).toString();
	return query === '' ? path : `${path}?${query}`;
}

async function readReply<R extends Route>(
	route: R,
	response: Answer
): Promise<z.output<R['reply']>> {
	if (response.status === 204) return parse(route.reply, undefined) as z.output<R['reply']>;
	const type = response.headers.get('content-type') ?? '';
	if (type.startsWith('application/problem+json'))
		throw problemOf(await readJson(response, SMALL_REPLY_BYTES), response);
	// A gateway in front of the server answers for it when it is down, with a page of its own.
	if (response.status >= 500) throw new ApiError('failed');
	if (!REPLY_STATUS.has(response.status) || !type.startsWith('application/json')) {
		throw new ApiError('format');
	}
	const json = await readJson(response, route.maxReplyBytes);
	return parse(route.reply, json) as z.output<R['reply']>;
}

function parse<Output>(schema: z.ZodMiniType<Output>, json: unknown): Output {
	const result = z.safeParse(schema, json);
	if (!result.success) throw new ApiError('format');
	return result.data;
}

async function readJson(response: Answer, mostBytes: number): Promise<unknown> {
	const declared = Number(response.headers.get('content-length') ?? 0);
	if (declared > mostBytes) throw new ApiError('format');
	const text = await readText(response, mostBytes);
	try {
		return JSON.parse(text) as unknown;
	} catch {
		throw new ApiError('format');
	}
}

/** Counts while it reads: a length that is declared may be a lie, and need not be there at all. */
async function readText({ body }: Answer, mostBytes: number): Promise<string> {
	if (body === null) return '';
	const reader = body.getReader();
	const parts: Uint8Array[] = [];
	let size = 0;
	for (;;) {
		const { done, value } = await nextOf(reader);
		if (done) return textOf(parts, size);
		size += value.length;
		if (size > mostBytes) {
			// Nobody waits for the connection to close.
			reader.cancel().catch(() => undefined);
			throw new ApiError('format');
		}
		parts.push(value);
	}
}

/** An answer that breaks off is none: what it was about has to be asked again. */
async function nextOf(reader: ReturnType<Body['getReader']>) {
	try {
		return await reader.read();
	} catch {
		throw new ApiError('offline');
	}
}

/** Decoded whole: in pieces it takes Node four times as long, and makes text of twice the size. */
function textOf(parts: readonly Uint8Array[], size: number): string {
	const bytes = new Uint8Array(size);
	let at = 0;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.length;
	}
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		throw new ApiError('format');
	}
}

function problemOf(json: unknown, response: Answer): ApiError {
	const problem = parse(Problem, json);
	if (problem.status !== response.status) throw new ApiError('format');
	const seconds = Number(response.headers.get('retry-after'));
	const retryAfter =
		Number.isSafeInteger(seconds) && seconds > 0
			? Math.min(seconds, RETRY_AFTER_MAX_SECONDS)
			: undefined;
	const number = /^[0-9a-f]{1,16}$/.test(problem.number ?? '') ? problem.number : undefined;
	return new ApiError(problem.code, retryAfter, number);
}
