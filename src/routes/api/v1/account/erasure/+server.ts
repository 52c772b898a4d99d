import { routes } from '#lib/api/routes.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { erasureOf } from '#lib/server/erasures.ts';

export const GET = endpoint(routes.erasureState, ({ server, account }) =>
	erasureOf(server, account)
);
