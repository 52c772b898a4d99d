/**
 * Around every request that reaches the program: it gets its reference number and the server, and
 * what the framework itself would answer under /api (a page, or a line of text) becomes a problem.
 */
import { randomBytes } from 'node:crypto';
import type { RequestEvent } from '@sveltejs/kit';
import type { ProblemCode } from '#lib/api/problems.ts';
import { hex } from '#lib/encoding/bytes.ts';
import { ServerError } from '#lib/server/errors.ts';
import { problemResponse } from '#lib/server/problem.ts';
import type { Server } from '#lib/server/server.ts';

const NUMBER_BYTES = 8;
const CODES: Readonly<Record<number, ProblemCode>> = {
	403: 'origin',
	404: 'not-found',
	405: 'method',
	413: 'too-large',
	415: 'media-type'
};

export async function handleRequest(
	server: Server,
	event: RequestEvent,
	resolve: (event: RequestEvent) => Response | Promise<Response>
): Promise<Response> {
	event.locals.server = server;
	event.locals.number = hex(randomBytes(NUMBER_BYTES));
	if (!event.url.pathname.startsWith('/api/')) return await resolve(event);
	if (event.route.id === null) return problemResponse(problem(404), event.locals.number);
	const response = await resolve(event);
	const type = response.headers.get('content-type') ?? '';
	if (response.status < 400 || type.includes('json')) return response;
	const answer = problemResponse(problem(response.status), event.locals.number);
	const allow = response.headers.get('allow');
	if (allow !== null) answer.headers.set('allow', allow);
	return answer;
}

function problem(status: number): ServerError {
	return new ServerError(CODES[status] ?? 'failed', `the framework answered ${status}`);
}
