/** A thief of a cookie at every route that a cookie alone does not open, one by one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AcceptRestoreRequest, AccountCommitRequest, RotationRequest } from '#lib/api/account.ts';
import { PROOF_HEADER, Proof } from '#lib/api/auth.ts';
import { routes, type Route } from '#lib/api/routes.ts';
import { z } from '#lib/api/zod.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { utf8 } from '#lib/encoding/bytes.ts';
import { openapi } from '#lib/server/openapi.ts';
import { Authenticator } from './authenticator.ts';
import { passwordSlotOf } from './enrolled.ts';
import { Host } from './host.ts';
import { codeOf, newId, newKey, Person, random, secret, someone } from './person.ts';
import { rotationOf } from './rotating.ts';
import { dumpOf, textOf } from './tables.ts';

interface Guarded {
	readonly name: string;
	readonly route: Route;
	readonly purpose: number;
	/** What the owner would send. */
	readonly body?: (owner: Person) => unknown;
}

const COMMIT = { name: 'account commit', route: routes.accountCommit };
const commitOf = (change: (owner: Person) => Parameters<Person['accountCommitOf']>[0]) => {
	return (owner: Person) => z.encode(AccountCommitRequest, owner.accountCommitOf(change(owner)));
};

const GUARDED: readonly Guarded[] = [
	{
		...COMMIT,
		name: 'a new password',
		purpose: 3,
		body: commitOf((owner) => ({ slots: [passwordSlotOf(owner)] }))
	},
	{
		...COMMIT,
		name: 'another passkey',
		purpose: 3,
		body: commitOf(() => ({ slots: [new Authenticator().enrolled()] }))
	},
	{
		...COMMIT,
		name: 'a new email',
		purpose: 2,
		body: commitOf((owner) => ({ slots: [passwordSlotOf(owner)], email: 'thief@example.org' }))
	},
	{
		...COMMIT,
		name: 'a dropped vault',
		purpose: 6,
		body: commitOf((owner) => ({ droppedVaults: [owner.vault] }))
	},
	{
		name: 'an export',
		route: routes.secrets,
		purpose: 5,
		body: () => ({ items: [hidden.item], purpose: 'export' })
	},
	{ name: 'the end of a session', route: routes.endSession, purpose: 2 },
	{ name: 'the end of all others', route: routes.endOtherSessions, purpose: 2 },
	{ name: 'a seed', route: routes.secondFactorSeed, purpose: 2 },
	{
		name: 'a second factor that is turned on',
		route: routes.secondFactorOn,
		purpose: 2,
		body: () => ({ code: '000000' })
	},
	{
		name: 'a second factor that is turned off',
		route: routes.secondFactorOff,
		purpose: 2,
		body: () => ({ code: '000000' })
	},
	{
		name: 'the wish for a new email',
		route: routes.askEmailChange,
		purpose: 2,
		body: () => ({ email: 'thief@example.org' })
	},
	{
		name: 'a rotation',
		route: routes.rotation,
		purpose: 4,
		body: (owner) => z.encode(RotationRequest, rotationOf(owner))
	},
	{
		name: 'an accepted restore',
		route: routes.acceptRestore,
		purpose: 7,
		body: (owner) =>
			z.encode(AcceptRestoreRequest, {
				expected: { seq: owner.accountSeq, head: owner.accountHead },
				seq: owner.accountSeq + 7,
				manifest: random(448),
				vaults: []
			})
	},
	{ name: 'the end of the account', route: routes.dropAccount, purpose: 6 }
];

const hidden = secret();
let host: Host;
let owner: Person;
let thief: Person;
/** Another session of the owner, which a thief would end. */
let session: string;

beforeAll(async () => {
	host = await Host.open({
		LIMIT_AUTH: '100000/m',
		LIMIT_REQUESTS: '100000/m',
		LIMIT_FAILURES_HERE: '100000/m',
		LIMIT_FAILURES_ACCOUNT: '100000/m'
	});
	await new Person(host).register();
	owner = await someone(host);
	await owner.commit(owner.commitOf({ secrets: [hidden] }));
	await Object.assign(new Person(host, owner.email), { key: owner.key }).signIn();
	const rows = await host.sql('select handle from sessions where account = ?', [owner.account]);
	session = textOf(rows[0]?.['handle']);
	thief = Object.assign(new Person(host), { cookie: owner.cookie });
});

afterAll(async () => {
	await host.remove();
});

function pathOf({ path }: Route): string {
	return path.replace(':vault', owner.vault).replace(':session', session);
}

/** Sends `body` to the route as whoever holds the cookie. */
async function ask(
	{ route }: Guarded,
	body: string | undefined,
	headers: Readonly<Record<string, string>> = {},
	path = pathOf(route)
): Promise<Response> {
	const json: Record<string, string> =
		route.method === 'POST' ? { 'content-type': 'application/json' } : {};
	const sent = { method: route.method, headers: { ...json, ...headers } };
	return await thief.send(path, body === undefined ? sent : { ...sent, body });
}

function bodyOf({ body }: Guarded): string | undefined {
	return body === undefined ? undefined : JSON.stringify(body(owner));
}

/** A proof as the owner makes it. */
async function proofOf(guarded: Guarded, body = '', purpose = guarded.purpose) {
	const { route } = guarded;
	return await owner.proofOf({ purpose }, route.method, pathOf(route), body);
}

/** Neither is the request done nor anything changed, and no session comes of it. */
async function refused(send: () => Promise<Response>): Promise<void> {
	const before = await dumpOf(host);
	const response = await send();
	expect([response.status, await codeOf(response)]).toEqual([403, 'proof']);
	expect(response.headers.get('set-cookie')).toBeNull();
	expect(await dumpOf(host)).toEqual(before);
	const rows = await host.sql('select 1 from sessions where account = ?', [owner.account]);
	expect(rows).toHaveLength(2);
}

test('the table names every route whose description asks for a proof', () => {
	const Described = z.record(
		z.string(),
		z.record(
			z.string(),
			z.looseObject({ parameters: z.array(z.looseObject({ name: z.string() })) })
		)
	);
	const described = Object.entries(z.parse(Described, openapi()['paths'])).flatMap(
		([path, methods]) =>
			Object.entries(methods)
				.filter(([, { parameters }]) => parameters.some(({ name }) => name === PROOF_HEADER))
				.map(([method]) => `${method.toUpperCase()} ${path}`)
	);
	const table = GUARDED.map(
		({ route: { method, path } }) => `${method} ${path.replaceAll(/:([a-z]+)/g, '{$1}')}`
	);
	expect([...new Set(table)].sort()).toEqual(described.sort());
});

describe.each(GUARDED)('$name, asked for with a stolen cookie', (guarded) => {
	test('is refused without a proof', async () => {
		await refused(() => ask(guarded, bodyOf(guarded)));
	});

	test('is refused with a signature by a key that is not of a slot', async () => {
		const body = bodyOf(guarded);
		const { route, purpose } = guarded;
		const headers = await thief.proofOf(
			{ purpose, slot: owner.passwordSlot, key: newKey() },
			route.method,
			pathOf(route),
			body
		);
		await refused(() => ask(guarded, body, headers));
	});

	test('is refused with a passkey of the thief under the name of a slot', async () => {
		const { purpose } = guarded;
		const challenge = await owner.challenge({ slot: owner.passwordSlot, purpose });
		const proof = z.encode(Proof, new Authenticator().proof(challenge, purpose));
		const headers = { [PROOF_HEADER]: encode(utf8(JSON.stringify(proof))) };
		await refused(() => ask(guarded, bodyOf(guarded), headers));
	});

	test('is refused with the proof of an account of the thief', async () => {
		const body = bodyOf(guarded);
		const { route, purpose } = guarded;
		const own = await someone(host);
		const headers = await own.proofOf({ purpose }, route.method, pathOf(route), body);
		await refused(() => ask(guarded, body, headers));
	});

	const others = [2, 3, 4, 5, 6, 7].filter((purpose) => purpose !== guarded.purpose);
	test.each(others)('is refused with a proof of purpose %i', async (purpose) => {
		const body = bodyOf(guarded);
		const headers = await proofOf(guarded, body, purpose);
		await refused(() => ask(guarded, body, headers));
	});

	test('is refused with a proof of an unlock', async () => {
		const challenge = await owner.challenge({ slot: owner.passwordSlot, purpose: 8 });
		const proof = z.encode(Proof, owner.signed(challenge, 8));
		const headers = { [PROOF_HEADER]: encode(utf8(JSON.stringify(proof))) };
		await refused(() => ask(guarded, bodyOf(guarded), headers));
	});

	test('is refused with a proof that the owner made for another path', async () => {
		const body = bodyOf(guarded);
		const headers = await proofOf(guarded, body);
		await refused(() => ask(guarded, body, headers, `${pathOf(guarded.route)}?more`));
	});

	test('is refused with a proof whose time is over', async () => {
		const body = bodyOf(guarded);
		const headers = await proofOf(guarded, body);
		host.ahead += 120_001;
		await refused(() => ask(guarded, body, headers));
		host.ahead -= 120_001;
	});
});

describe.each(GUARDED.filter(({ body }) => body !== undefined))(
	'$name, asked for with a stolen cookie',
	(guarded) => {
		test('is refused with a proof that the owner made for another body', async () => {
			const body = bodyOf(guarded) ?? '';
			const headers = await proofOf(guarded, body);
			await refused(() => ask(guarded, `${body} `, headers));
		});
	}
);

describe.each(GUARDED)("$name, with the owner's proof", (guarded) => {
	test('is looked at, once', async () => {
		const member = await someone(host);
		const item = newId();
		await member.commit(member.commitOf({ secrets: [secret(item)] }));
		const { route, purpose, body } = guarded;
		const path = route.path.replace(':vault', member.vault).replace(':session', newId());
		const text =
			route === routes.secrets
				? JSON.stringify({ items: [item], purpose: 'export' })
				: body && JSON.stringify(body(member));
		const headers = await member.proofOf({ purpose }, route.method, path, text);
		const json: Record<string, string> = { 'content-type': 'application/json' };
		const send = (cookie: string) =>
			host.send(path, {
				method: route.method,
				headers: {
					...(text === undefined && route.method !== 'POST' ? {} : json),
					...headers,
					origin: member.origin,
					cookie
				},
				...(text === undefined ? {} : { body: text })
			});
		const first = await send(member.cookie);
		expect(first.status === 403 ? await codeOf(first) : 'looked at').not.toBe('proof');
		const renewed = first.headers.get('set-cookie')?.split(';')[0] ?? '';
		expect(renewed).not.toBe(member.cookie);
		const again = await send(renewed);
		expect(await codeOf(again)).toBe(route === routes.dropAccount ? 'auth' : 'proof');
	});
});
