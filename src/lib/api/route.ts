/** What a route of the HTTP interface is, and how one is written down. */
import { SMALL_BODY_BYTES, SMALL_REPLY_BYTES } from '#lib/api/limits.ts';
import { z } from '#lib/api/zod.ts';

/** `session` is what the route asks for; `maxBodyBytes` is checked before anything is parsed. */
export interface Route<
	Request extends z.ZodMiniType = z.ZodMiniType,
	Reply extends z.ZodMiniType = z.ZodMiniType
> {
	readonly method: 'GET' | 'POST' | 'DELETE';
	readonly path: string;
	readonly session: 'none' | 'optional' | 'needed';
	readonly request: Request;
	readonly reply: Reply;
	readonly maxBodyBytes: number;
	/** A longer answer is not read to its end. */
	readonly maxReplyBytes: number;
}

/** Asked for its time too. */
export const SERVER_PATH = '/api/v1/server';

export const Nothing = z.undefined();

/** A route whose request and reply hold no sealed records. */
export function small<Request extends z.ZodMiniType, Reply extends z.ZodMiniType>(
	method: Route['method'],
	path: string,
	session: Route['session'],
	request: Request,
	reply: Reply
): Route<Request, Reply> {
	const maxBodyBytes = method === 'POST' ? SMALL_BODY_BYTES : 0;
	return route(method, path, session, request, reply, maxBodyBytes, SMALL_REPLY_BYTES);
}

export function route<Request extends z.ZodMiniType, Reply extends z.ZodMiniType>(
	method: Route['method'],
	path: string,
	session: Route['session'],
	request: Request,
	reply: Reply,
	maxBodyBytes: number,
	maxReplyBytes: number
): Route<Request, Reply> {
	return { method, path, session, request, reply, maxBodyBytes, maxReplyBytes };
}
