/**
 * What every endpoint does before and after its own line: origin, content type, limits, session,
 * size, schema, in this order, so that a stranger's request costs as little as possible. Whatever
 * is thrown becomes a problem; whatever is answered goes through the route's schema.
 */
import type { RequestEvent } from '@sveltejs/kit';
import { SMALL_BODY_BYTES } from '#lib/api/limits.ts';
import type { Route } from '#lib/api/routes.ts';
import { z } from '#lib/api/zod.ts';
import type { Bytes } from '#lib/encoding/bytes.ts';
import type { Id } from '#lib/encoding/id.ts';
import type { Session } from '#lib/server/auth/sessions.ts';
import { parseJson, readBody } from '#lib/server/body.ts';
import type { Claim } from '#lib/server/budget.ts';
import { ServerError } from '#lib/server/errors.ts';
import { homeOfSession } from '#lib/server/homes.ts';
import { networkOf } from '#lib/server/network.ts';
import { checkOrigin } from '#lib/server/origin.ts';
import { problemIn, problemResponse } from '#lib/server/problem.ts';
import { jsonResponse } from '#lib/server/reply.ts';
import { errorFields } from '#lib/server/log.ts';
import { asAskedBy, type Server } from '#lib/server/server.ts';
import { nextTurn } from '#lib/server/turns.ts';

/** What a handler knows of the request besides its parsed body. */
interface Caller {
	readonly server: Server;
	readonly event: RequestEvent;
	readonly network: string;
	readonly session: Session | undefined;
	/** Why it is not known whether there is one: of several databases that of the session is away. */
	readonly away: ServerError | undefined;
	/** The exact bytes that came, for proofs over them. */
	readonly body: Bytes;
	/** Headers of the response. */
	readonly headers: Headers;
	/** What gives memory back once the answer has been sent, or none is. */
	readonly held: (() => void)[];
}

/** A caller of a route that needs a session. */
export interface Member extends Caller {
	readonly session: Session;
	readonly account: Id;
	/** Counts what the handler is about to read, until it has been sent; it may have to wait for room. */
	readonly claim: Claim;
}

type Admitted = Pick<Caller, 'session' | 'away'> & {
	/** The server of the database that the session is in; without one, that which answers for all. */
	readonly home: Server;
};

type Handler<R extends Route, C> = (
	caller: C,
	request: z.output<R['request']>
) => Promise<z.output<R['reply']>>;

type Endpoint = (event: RequestEvent) => Promise<Response>;

const JSON_TYPE = /^application\/json(?:\s*;\s*charset=utf-8)?$/i;

/** An endpoint for whoever is signed in. */
export function endpoint<R extends Route>(route: R, handler: Handler<R, Member>): Endpoint {
	return openEndpoint(route, (caller, request) => {
		const { server, session, held } = caller;
		if (session === undefined) throw new ServerError('auth', 'no session');
		const { account } = session;
		const whom = holderOf(server, account);
		const claim = async (sizeBytes: number) => {
			held.push(await server.answers.wait(whom, sizeBytes));
			// Room for one can be room for many.
			await nextTurn();
		};
		return handler({ ...caller, session, account, claim }, request);
	});
}

/** An endpoint for everyone; there may be a session. */
export function openEndpoint<R extends Route>(route: R, handler: Handler<R, Caller>): Endpoint {
	return async (event) => {
		const { server, number } = event.locals;
		const began = server.now();
		let code: string | undefined;
		const headers = new Headers({ 'cache-control': 'no-store' });
		const held: (() => void)[] = [];
		let response: Response;
		try {
			response = await respond(route, handler, event, { headers, held });
		} catch (error) {
			giveBack(held);
			const problem = problemIn(error);
			code = problem.code;
			if (code === 'failed' || code === 'busy') {
				server.log.write('error', code, { number, reason: problem.message, ...errorFields(error) });
			}
			response = problemResponse(problem, number);
			// A session that was renewed is, whatever went wrong afterwards.
			for (const cookie of headers.getSetCookie()) response.headers.append('set-cookie', cookie);
		}
		const ms = server.now() - began;
		server.metrics.answered(route, response.status, ms);
		server.log.write('info', 'request', {
			number,
			method: route.method,
			route: route.path,
			status: response.status,
			ms,
			...(code === undefined ? {} : { code })
		});
		return response;
	};
}

/** An address that is no route of the table and the same for everyone: it counts as a request. */
export function publicEndpoint(
	answer: (event: RequestEvent) => Response | Promise<Response>
): Endpoint {
	return async (event) => {
		const { server, number } = event.locals;
		const network = networkOf(addressOf(event));
		const refusal = await server.limits.refusal(undefined, event, 'network', network);
		return refusal === undefined ? await answer(event) : problemResponse(refusal, number);
	};
}

async function respond<R extends Route>(
	route: R,
	handler: Handler<R, Caller>,
	event: RequestEvent,
	{ headers, held }: Pick<Caller, 'headers' | 'held'>
): Promise<Response> {
	checkOrigin(event.request, event.locals.server.env.origin);
	checkType(route, event.request);
	const network = networkOf(addressOf(event));
	const { home, session, away } = await admit(route, event, network);
	const server = asAskedBy(home, event.request.headers);
	if (session !== undefined) await server.limits.pass(route, event, 'account', session.account);
	if (session?.cookie !== undefined) headers.append('set-cookie', session.cookie);
	const caller = { server, event, network, session, away, headers, held };
	const reply = await withBody(route, caller, (body) =>
		handler({ ...caller, body }, parse(route, body))
	);
	if (reply === undefined) return new Response(null, { status: 204, headers });
	const status = statusOf(reply);
	server.metrics.committed(route, status === 409 ? 'conflict' : 'stored');
	return jsonResponse(route.reply, reply, {
		status,
		headers,
		done: () => {
			giveBack(held);
		},
		cut: () => event.platform?.req.socket.destroy(),
		failed: (error) => {
			const { number } = event.locals;
			server.log.write('error', 'failed', { number, ...errorFields(error) });
		}
	});
}

/** Reads the body and handles it. A large one is counted as it comes, until it has been handled. */
async function withBody<T>(
	{ maxBodyBytes }: Route,
	{ server, event: { request }, session }: Omit<Caller, 'body'>,
	handle: (body: Bytes) => Promise<T>
): Promise<T> {
	const whom = session === undefined ? undefined : holderOf(server, session.account);
	if (whom === undefined || maxBodyBytes <= SMALL_BODY_BYTES) {
		return await handle(await readBody(request, maxBodyBytes));
	}
	const held: (() => void)[] = [];
	try {
		const claim = (sizeBytes: number) => held.push(server.bodies.take(whom, sizeBytes));
		return await handle(await readBody(request, maxBodyBytes, claim));
	} finally {
		giveBack(held);
	}
}

/** Whom bytes are counted for: two databases may each have an account of that id. */
function holderOf({ env }: Server, account: Id): string {
	return env.shard === undefined ? account : `${env.shard.index}/${account}`;
}

function giveBack(held: (() => void)[]): void {
	for (const release of held.splice(0)) release();
}

function checkType(route: Route, request: Request): void {
	if (route.method !== 'POST') return;
	if (!JSON_TYPE.test(request.headers.get('content-type') ?? '')) {
		throw new ServerError('media-type', 'the body must be JSON');
	}
}

/** With a header configured that a request does not have, the platform throws. */
function addressOf(event: RequestEvent): string {
	try {
		// Not there, whatever its type says, where the connection has ended.
		const address = event.getClientAddress() as string | undefined;
		return address ?? '';
	} catch {
		return '';
	}
}

/**
 * The network's windows come first: they cost nothing. Where one is used up, whoever is signed in
 * has one of their own, because a stranger next door must not lock them out.
 */
async function admit(route: Route, event: RequestEvent, network: string): Promise<Admitted> {
	const front = event.locals.server;
	const refusal = await front.limits.refusal(route, event, 'network', network);
	const admitted = await findSession(route, front, event.request.headers);
	const { home, session } = admitted;
	if (refusal !== undefined) {
		if (session === undefined) throw refusal;
		await home.limits.pass(route, event, 'network', session.account);
	}
	if (session === undefined && route.session === 'needed') {
		throw new ServerError('auth', 'no session');
	}
	return admitted;
}

/** Where a session may be missing, one whose database is away keeps nobody from signing in. */
async function findSession(route: Route, front: Server, headers: Headers): Promise<Admitted> {
	const none = { home: front, session: undefined, away: undefined };
	if (route.session === 'none') return none;
	try {
		const home = homeOfSession(front, headers);
		return { home, session: await home.sessions.find(headers), away: undefined };
	} catch (error) {
		const away = problemIn(error);
		if (route.session === 'needed' || !front.shards.several || away.code !== 'busy') throw error;
		return { ...none, away };
	}
}

function parse<R extends Route>(route: R, body: Bytes): z.output<R['request']> {
	const json = body.length === 0 ? undefined : parseJson(body);
	const parsed = z.safeParse(route.request, json);
	if (!parsed.success) throw new ServerError('malformed', 'the body does not fit its schema');
	return parsed.data as z.output<R['request']>;
}

/** Lost races are answers; their status is that of a conflict. */
function statusOf(reply: unknown): 200 | 409 {
	const conflict =
		typeof reply === 'object' &&
		reply !== null &&
		'outcome' in reply &&
		reply.outcome === 'conflict';
	return conflict ? 409 : 200;
}
