/** Two accounts and every route: nobody reaches what is another's, or learns that it exists. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes, type Route } from '#lib/api/routes.ts';
import { z } from '#lib/api/zod.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { CommitRequest } from '#lib/api/vaults.ts';
import { SessionsReply } from '#lib/api/sessions.ts';
import { withSecondFactor } from './code-app.ts';
import { Host } from './host.ts';
import { newId, parsed, Person, random, secret, sheet, someone } from './person.ts';

let host: Host;
let owner: Person;
let stranger: Person;
const hidden = secret();

beforeAll(async () => {
	host = await Host.open();
	owner = await someone(host);
	stranger = await someone(host);
	await owner.commit(owner.commitOf({ sheets: [sheet()], secrets: [hidden] }));
});

afterAll(async () => {
	await host.remove();
});

/** A request of each route that its owner would be answered well. */
function bodyFor(route: Route): unknown {
	if (route === routes.register) return undefined;
	if (route === routes.challenge) return { slot: owner.passwordSlot, purpose: 8 };
	if (route === routes.verify) return { token: encode(random(100)), signature: encode(random(64)) };
	if (route === routes.secrets) return { items: [hidden.item], purpose: 'copy' };
	if (route === routes.note) return { id: newId(), act: 'copied', blob: encode(random(285)) };
	if (route === routes.vaultCommit) return z.encode(CommitRequest, owner.commitOf());
	if (route === routes.accountCommit) {
		const expected = { seq: 1, head: encode(owner.accountHead) };
		return { expected, manifest: encode(random(448)) };
	}
	return undefined;
}

async function ask(person: Person, route: Route, vault: string): Promise<Response> {
	const path = route.path.replace(':vault', vault);
	const body = bodyFor(route);
	if (route.method === 'POST') return await person.post(path, body ?? {});
	return await person.send(path, { method: route.method });
}

/** An answer without its reference number and its own random values. */
async function told(response: Response): Promise<string> {
	const text = (await response.text()).replace(/"number":"[0-9a-f]+"/, '');
	return `${response.status} ${JSON.stringify([...response.headers])} ${text}`;
}

const all: [string, Route][] = Object.entries<Route>(routes);
const withVault = all.filter(([, { path }]) => path.includes(':vault'));
const needingSession = all.filter(([, { session }]) => session === 'needed');

describe.each(needingSession)('%s', (_name, route) => {
	test('is refused without a session', async () => {
		const response = await ask(new Person(host), route, owner.vault);
		expect(response.status).toBe(401);
	});
});

describe.each(withVault)('%s', (_name, route) => {
	test("answers for another's vault exactly as for none", async () => {
		const foreign = await told(await ask(stranger, route, owner.vault));
		expect(foreign).toBe(await told(await ask(stranger, route, newId())));
		expect(foreign).toMatch(/^404 /);
	});

	test('answers for something that is no id exactly as for none', async () => {
		const wrong = await told(await ask(stranger, route, 'AAAAAAAAAAAAAAAAAAAAAB'));
		expect(wrong).toBe(await told(await ask(stranger, route, newId())));
	});
});

describe('a stranger', () => {
	test("reads nothing of another's account", async () => {
		const { account, email, vaults } = await stranger.getAccount();
		expect([account, email]).toEqual([stranger.account, stranger.email]);
		expect(vaults.map(({ id }) => id)).toEqual([stranger.vault]);
	});

	test("sees no session and no second factor of another's", async () => {
		await withSecondFactor(owner, host);
		const { sessions } = await parsed(
			SessionsReply,
			await stranger.send('/api/v1/account/sessions')
		);
		expect(sessions.map(({ current }) => current)).toEqual([true]);
		const state = await stranger.send('/api/v1/account/second-factor');
		expect(await state.json()).toEqual({ on: false, backupCodes: 0 });
	});

	test("ends no session of another's, and learns of none", async () => {
		const listed = await owner.send('/api/v1/account/sessions');
		const [theirs] = (await parsed(SessionsReply, listed)).sessions;
		const end = (id = '') => stranger.prove({ purpose: 2 }, `/api/v1/account/sessions/${id}`);
		const withoutCookie = async (response: Response) =>
			(await told(response)).replace(/"__Host-keyhold=[^"]+"/, '');
		const foreign = await withoutCookie(await end(theirs?.id));
		expect(foreign).toBe(await withoutCookie(await end(newId())));
		expect(foreign).toMatch(/^404 /);
		expect((await owner.send('/api/v1/account')).status).toBe(200);
	});

	test("reads no secret of another's vault through the own one", async () => {
		const foreign = await told(await stranger.readSecrets([hidden.item]));
		expect(foreign).toBe(await told(await stranger.readSecrets([newId()])));
		expect(foreign).toMatch(/^404 /);
	});

	test('may name a vault as another names theirs, and neither notices', async () => {
		const twin = new Person(host);
		const registration = { ...twin.registration() };
		const vault = { ...registration.vault, id: owner.vault };
		Object.assign(twin, { vault: owner.vault });
		expect((await twin.register()).status).toBe(200);
		await twin.signIn();
		await twin.commit(twin.commitOf({ sheets: [sheet()] }));
		expect((await twin.getVault()).manifest.seq).toBe(2);
		expect((await owner.getVault()).sheets).toHaveLength(1);
		expect(vault.id).toBe(owner.vault);
	});

	test('changed nothing of all this', async () => {
		expect((await owner.getVault()).manifest.seq).toBe(2);
		expect((await owner.getAccount()).manifest.seq).toBe(1);
	});
});

describe('a missing item among others', () => {
	test('makes the whole request not-found, and no read is noted', async () => {
		const items = [hidden.item, newId()];
		const response = await owner.readSecrets(items, 'export', await owner.exportProof(items));
		expect(response.status).toBe(404);
		const rows = await host.sql("select 1 from audit where event = 'secret.read'");
		expect(rows).toHaveLength(0);
	});
});
