import { json, type RequestHandler } from '@sveltejs/kit';

/** For whoever sends requests here: a write goes through, in files that this process alone holds. */
export const GET: RequestHandler = async ({ locals }) => {
	const ready = await locals.server.ready();
	const status = ready ? 200 : 503;
	return json({ ready }, { status, headers: { 'cache-control': 'no-store' } });
};
