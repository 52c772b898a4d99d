import { routes } from '#lib/api/routes.ts';
import { endpoint } from '#lib/server/endpoint.ts';
import { idIn } from '#lib/server/params.ts';
import { stagePart } from '#lib/server/rotations.ts';

export const POST = endpoint(routes.rotationPart, ({ server, account, event }, part) =>
	stagePart(server, account, idIn(event.params.rotation), part)
);
