import { publicEndpoint } from '#lib/server/endpoint.ts';
import { metricsResponse } from '#lib/server/watching.ts';

export const GET = publicEndpoint(({ locals, request }) =>
	metricsResponse(locals.server, request, locals.number)
);
