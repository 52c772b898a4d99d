import { routes } from '#lib/api/routes.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { rotate } from '#lib/server/rotation.ts';

export const POST = endpoint(routes.rotation, rotate);
