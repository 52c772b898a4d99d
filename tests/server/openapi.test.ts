/** The published description, held against what is really sent and answered. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromJSONSchema } from 'zod';
import { AccountCommitRequest } from '#lib/api/account.ts';
import { routes, type Route } from '#lib/api/routes.ts';
import { CommitRequest } from '#lib/api/vaults.ts';
import { z } from '#lib/api/zod.ts';
import { Host } from './host.ts';
import { random, secret, sheet, someone, type Person } from './person.ts';

const Media = z.record(z.string(), z.object({ schema: z.looseObject({}) }));
const Operation = z.looseObject({
	operationId: z.string(),
	security: z.array(z.record(z.string(), z.array(z.string()))),
	parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })),
	requestBody: z.optional(z.object({ required: z.boolean(), content: Media })),
	responses: z.record(z.string(), z.looseObject({ content: z.optional(Media) }))
});
const Description = z.looseObject({
	paths: z.record(z.string(), z.record(z.string(), Operation))
});

let host: Host;
let person: Person;
let paths: z.output<typeof Description>['paths'];

beforeAll(async () => {
	host = await Host.open();
	person = await someone(host);
	const response = await host.send('/api/v1/openapi.json');
	paths = z.parse(Description, await response.json()).paths;
});

afterAll(async () => {
	await host.remove();
});

function operationOf({ path, method }: Route): z.output<typeof Operation> {
	const operation = paths[path.replace(':vault', '{vault}')]?.[method.toLowerCase()];
	if (operation === undefined) throw new Error(`${method} ${path} is not described`);
	return operation;
}

/** Whether the description of that status takes what the server answered. */
async function fits(route: Route, response: Response): Promise<boolean> {
	const { responses } = operationOf(route);
	const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
	const described = (responses[response.status] ?? responses['default'])?.content?.[type];
	if (described === undefined) return false;
	return fromJSONSchema(described.schema).safeParse(await response.json()).success;
}

function takes(route: Route, body: unknown): boolean {
	const schema = operationOf(route).requestBody?.content['application/json']?.schema;
	return fromJSONSchema(schema ?? false).safeParse(body).success;
}

describe('the description', () => {
	test('has every route of the table and no other', () => {
		const described = Object.entries(paths).flatMap(([path, methods]) =>
			Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)
		);
		const known = Object.values<Route>(routes).map(
			({ method, path }) => `${method} ${path.replace(':vault', '{vault}')}`
		);
		expect(described.sort()).toEqual(known.sort());
	});

	test.each(Object.values<Route>(routes))('says of $method $path who may ask', (route) => {
		const { security } = operationOf(route);
		const anyone = security.length === 0 || security.some((way) => Object.keys(way).length === 0);
		const signedIn = security.flatMap((way) => Object.keys(way));
		expect(anyone).toBe(route.session !== 'needed');
		expect(signedIn).toEqual(route.session === 'none' ? [] : ['cookie', 'bearer']);
	});

	test.each(Object.values<Route>(routes))('names the parameters of $method $path', (route) => {
		const named = operationOf(route).parameters.filter((parameter) => parameter.in === 'path');
		expect(named.map(({ name }) => name)).toEqual(route.path.includes(':vault') ? ['vault'] : []);
	});

	test.each(Object.values<Route>(routes))(
		'has a body for $method $path if it takes one',
		(route) => {
			expect(operationOf(route).requestBody !== undefined).toBe(route.method === 'POST');
		}
	);
});

describe('what is really sent fits the description', () => {
	test('a commit, and not one that lacks a part', () => {
		const body = z.encode(CommitRequest, person.commitOf({ secrets: [secret()] }));
		expect(takes(routes.vaultCommit, body)).toBe(true);
		expect(takes(routes.vaultCommit, { ...body, manifest: undefined })).toBe(false);
		expect(takes(routes.vaultCommit, { ...body, more: 1 })).toBe(false);
	});

	test('a challenge, and not one for an unknown purpose', () => {
		expect(takes(routes.challenge, { email: person.email, purpose: 1 })).toBe(true);
		expect(takes(routes.challenge, { email: person.email, purpose: 99 })).toBe(false);
	});
});

describe('what is really answered fits the description', () => {
	test('an account and a vault', async () => {
		await person.commit(person.commitOf({ sheets: [sheet()], secrets: [secret()] }));
		expect(await fits(routes.account, await person.send('/api/v1/account'))).toBe(true);
		const vault = await person.send(`/api/v1/vaults/${person.vault}`);
		expect(await fits(routes.vault, vault)).toBe(true);
	});

	test('a commit that is stored, and one that comes too late, with its status', async () => {
		const path = `/api/v1/vaults/${person.vault}/commits`;
		const body = z.encode(CommitRequest, person.commitOf({ secrets: [secret()] }));
		const stored = await person.post(path, body);
		expect(stored.status).toBe(200);
		expect(await fits(routes.vaultCommit, stored)).toBe(true);
		const late = await person.post(path, body);
		expect(late.status).toBe(409);
		expect(await fits(routes.vaultCommit, late)).toBe(true);
	});

	test('an account commit that comes too late', async () => {
		const body = z.encode(AccountCommitRequest, {
			expected: { seq: 99, head: random(32) },
			manifest: random(448)
		});
		const late = await person.post('/api/v1/account/commits', body);
		expect(late.status).toBe(409);
		expect(await fits(routes.accountCommit, late)).toBe(true);
	});

	test('a problem', async () => {
		expect(await fits(routes.account, await host.send('/api/v1/account'))).toBe(true);
		const taken = await person.register();
		expect(taken.status).toBe(409);
		expect(await fits(routes.register, taken)).toBe(true);
	});

	test('signing out: nothing', async () => {
		const response = await person.send('/api/v1/auth/session', { method: 'DELETE' });
		expect(response.status).toBe(204);
		expect(operationOf(routes.signOut).responses).toHaveProperty('204');
	});
});
