import { json, type RequestHandler } from '@sveltejs/kit';

/** For whoever sends requests here: the database answers and this process holds its lock. */
export const GET: RequestHandler = async ({ locals }) => {
	const ready = await locals.server.ready();
	const status = ready ? 200 : 503;
	return json({ ready }, { status, headers: { 'cache-control': 'no-store' } });
};
