import { publicEndpoint } from '#lib/server/endpoint.ts';
import { openapi } from '#lib/server/openapi.ts';

/** Made once: it takes 20 milliseconds, and anyone may ask. */
const description = JSON.stringify(openapi());

export const GET = publicEndpoint(
	() => new Response(description, { headers: { 'content-type': 'application/json' } })
);
