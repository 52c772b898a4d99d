import { routes } from '#lib/api/routes.ts';
import { listActivity } from '#lib/server/activity.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { activityQueryIn } from '#lib/server/params.ts';

export const GET = endpoint(routes.activity, ({ server, account, event }) =>
	listActivity(server, account, activityQueryIn(event.url))
);
