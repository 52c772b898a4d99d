/** The HTTP interface as OpenAPI 3.1, made from the schemas that the server itself parses with. */
import { PROOF_HEADER } from '#lib/api/auth.ts';
import { Problem } from '#lib/api/problems.ts';
import { routes, type Route } from '#lib/api/routes.ts';
import { z } from '#lib/api/zod.ts';

type Json = Readonly<Record<string, unknown>>;

export function openapi(): Json {
	const paths: Record<string, Record<string, Json>> = {};
	for (const [name, route] of Object.entries<Route>(routes)) {
		const path = route.path.replaceAll(/:([a-z]+)/g, '{$1}');
		paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) };
	}
	return {
		openapi: '3.1.0',
		info: {
			title: 'Keyhold',
			version: '1',
			description: 'Bytes are base64url without padding. Norm: docs/protocol.md.'
		},
		paths,
		components: {
			securitySchemes: {
				cookie: { type: 'apiKey', in: 'cookie', name: '__Host-keyhold' },
				bearer: { type: 'http', scheme: 'bearer' }
			}
		}
	};
}

function operation(operationId: string, route: Route): Json {
	const reply = content(route.reply);
	return {
		operationId,
		parameters: parameters(route),
		...(route.session === 'none'
			? { security: [] }
			: { security: [{ cookie: [] }, { bearer: [] }] }),
		...(route.method === 'POST'
			? { requestBody: { required: true, ...content(route.request) } }
			: {}),
		responses: {
			...(reply === undefined
				? { 204: { description: 'Done.' } }
				: { 200: { description: 'Done.', ...reply } }),
			default: {
				description: 'A problem, or (409) the outcome "conflict" of the same reply.',
				content: { 'application/problem+json': { schema: jsonSchema(Problem) } }
			}
		}
	};
}

function parameters(route: Route): Json[] {
	const inPath = [...route.path.matchAll(/:([a-z]+)/g)].map(([, name]) => ({
		name,
		in: 'path',
		required: true,
		schema: { type: 'string' }
	}));
	const after = {
		name: 'after',
		in: 'query',
		description: 'Seq that the caller has verified; the chain starts there.',
		schema: { type: 'integer', minimum: 0 }
	};
	const proof = {
		name: PROOF_HEADER,
		in: 'header',
		description: 'Proof of purpose 5, for the read purpose "export".',
		schema: { type: 'string' }
	};
	return [
		...inPath,
		...(route.method === 'GET' ? [after] : []),
		...(route === routes.secrets ? [proof] : [])
	];
}

function content(schema: z.ZodMiniType): Json | undefined {
	if (schema instanceof z.ZodMiniUndefined) return undefined;
	return { content: { 'application/json': { schema: jsonSchema(schema) } } };
}

/** The form on the wire, for requests and replies alike: what codecs take in. */
function jsonSchema(schema: z.ZodMiniType): Json {
	return z.toJSONSchema(schema, { io: 'input' });
}
