import { routes } from '#lib/api/routes.ts';
import { countActivity } from '#lib/server/activity.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { activityQueryIn } from '#lib/server/params.ts';

export const GET = endpoint(routes.activityCounts, ({ server, account, event }) =>
	countActivity(server, account, activityQueryIn(event.url))
);
