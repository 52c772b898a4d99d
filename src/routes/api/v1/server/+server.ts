import { routes } from '#lib/api/routes.ts';
import { openEndpoint } from '#lib/server/endpoint.ts';
import { serverInfo } from '#lib/server/server-info.ts';

export const GET = openEndpoint(routes.server, ({ server }) => serverInfo(server));
