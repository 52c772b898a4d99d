/** The HTTP interface as OpenAPI 3.1, made from the schemas that the server itself parses with. */
import { ActivityQuery } from '#lib/api/activity.ts';
import { PROOF_HEADER } from '#lib/api/auth.ts';
import { Problem } from '#lib/api/problems.ts';
import { routes, type Route } from '#lib/api/routes.ts';
import { z } from '#lib/api/zod.ts';

type Json = Readonly<Record<string, unknown>>;

/** `{}`: nothing is needed. */
const SECURITY: Readonly<Record<Route['session'], readonly Json[]>> = {
	none: [],
	optional: [{}, { cookie: [] }, { bearer: [] }],
	needed: [{ cookie: [] }, { bearer: [] }]
};

/** The routes that a cookie alone does not open, and the purpose of what opens them. */
const PROOFS: ReadonlyMap<Route, string> = new Map<Route, string>([
	[routes.accountCommit, 'purpose 3 for slots, 2 for an email with its slot, 6 for dropped vaults'],
	[routes.endSession, 'purpose 2'],
	[routes.endOtherSessions, 'purpose 2'],
	[routes.secondFactorSeed, 'purpose 2'],
	[routes.secondFactorOn, 'purpose 2'],
	[routes.secondFactorOff, 'purpose 2'],
	[routes.askEmailChange, 'purpose 2'],
	[routes.rotation, 'purpose 4'],
	[routes.secrets, 'purpose 5, for the read purpose "export"'],
	[routes.dropAccount, 'purpose 6'],
	[routes.acceptRestore, 'purpose 7']
]);

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
	return {
		operationId,
		parameters: parameters(route),
		security: SECURITY[route.session],
		...(takesBody(route) ? { requestBody: { required: true, ...content(route.request) } } : {}),
		responses: responses(route)
	};
}

function takesBody({ request }: Route): boolean {
	return !(request instanceof z.ZodMiniUndefined);
}

function responses({ reply }: Route): Json {
	const options = reply instanceof z.ZodMiniDiscriminatedUnion ? reply.def.options : [reply];
	const conflict = options.find(isConflict);
	const done = conflict === undefined ? reply : z.union(options.filter((one) => one !== conflict));
	const lost = 'Another device wrote first: an outcome, not a problem.';
	return {
		...(done instanceof z.ZodMiniUndefined
			? { 204: { description: 'Done.' } }
			: { 200: { description: 'Done.', ...content(done) } }),
		...(conflict === undefined ? {} : { 409: { description: lost, ...content(conflict) } }),
		default: {
			description: 'A problem.',
			content: { 'application/problem+json': { schema: jsonSchema(Problem) } }
		}
	};
}

/** Lost races are answers; their status is that of a conflict. */
function isConflict(option: z.core.$ZodType): boolean {
	if (!(option instanceof z.ZodMiniObject)) return false;
	const { outcome } = option.shape as Readonly<Record<string, z.core.$ZodType>>;
	return outcome instanceof z.ZodMiniLiteral && outcome.def.values.includes('conflict');
}

function parameters(route: Route): Json[] {
	const inPath = [...route.path.matchAll(/:([a-z]+)/g)].map(([, name]) => ({
		name,
		in: 'path',
		required: true,
		schema: { type: 'string' }
	}));
	const seq = { type: 'integer', minimum: 0 };
	const after = {
		name: 'after',
		in: 'query',
		description: 'Seq that the caller has verified: what came after it is sent.',
		schema: seq
	};
	const chain = {
		name: 'chain',
		in: 'query',
		description: 'Seq at which the chain starts, if not at "after". Without both there is none.',
		schema: seq
	};
	return [
		...inPath,
		...(route === routes.account || route === routes.vault ? [after] : []),
		...(route === routes.vault ? [chain] : []),
		...(route === routes.activity || route === routes.activityCounts ? activityFilters() : []),
		...proofs(route)
	];
}

function activityFilters(): Json[] {
	return Object.entries(ActivityQuery.shape).map(([name, schema]) => ({
		name,
		in: 'query',
		schema: jsonSchema(schema.def.innerType)
	}));
}

function proofs(route: Route): Json[] {
	const purpose = PROOFS.get(route);
	if (purpose === undefined) return [];
	const description = `Proof of ${purpose}.`;
	return [{ name: PROOF_HEADER, in: 'header', description, schema: { type: 'string' } }];
}

function content(schema: z.core.$ZodType): Json {
	return { content: { 'application/json': { schema: jsonSchema(schema) } } };
}

/** The form on the wire, for requests and replies alike: what codecs take in. */
function jsonSchema(schema: z.core.$ZodType): Json {
	return z.toJSONSchema(schema, { io: 'input' });
}
