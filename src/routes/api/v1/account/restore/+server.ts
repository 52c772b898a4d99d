import { routes } from '#lib/api/routes.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { acceptRestore } from '#lib/server/restore.ts';

export const POST = endpoint(routes.acceptRestore, acceptRestore);
