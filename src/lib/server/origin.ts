/**
 * Where a request comes from. Unsafe methods need the exact origin of this server, scheme
 * included; a browser that sends none says `same-origin` itself. Nothing else gets through,
 * whatever cookie it carries.
 */
import { ServerError } from '#lib/server/errors.ts';

const SAFE = new Set(['GET', 'HEAD']);

/** @throws {ServerError} `origin` */
export function checkOrigin(request: Request, origin: string): void {
	if (SAFE.has(request.method)) return;
	const sent = request.headers.get('origin');
	const same =
		sent === null ? request.headers.get('sec-fetch-site') === 'same-origin' : sent === origin;
	if (!same) throw new ServerError('origin', 'an unsafe method from elsewhere');
}
