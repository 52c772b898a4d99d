/** Accepting a restore: the only jump of a seq, all of it or nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AcceptRestoreRequest, AccountCommitReply } from '#lib/api/account.ts';
import { z } from '#lib/api/zod.ts';
import { Host } from './host.ts';
import { codeOf, newId, newKey, parsed, Person, random, sha256, sheet, someone } from './person.ts';
import { dumpOf } from './tables.ts';

type Request = z.output<typeof AcceptRestoreRequest>;

let host: Host;

beforeAll(async () => {
	host = await Host.open({
		LIMIT_REQUESTS: '100000/m',
		LIMIT_COMMITS: '100000/m',
		LIMIT_REGISTRATIONS_NETWORK: '100000/h'
	});
});

afterAll(async () => {
	await host.remove();
});

/** What someone accepts whose device saw the account at seq 9 and the vault at seq 19. */
function acceptanceOf(person: Person, change: Partial<Request> = {}): Request {
	return {
		expected: { seq: person.accountSeq, head: person.accountHead },
		seq: 10,
		manifest: random(448),
		vaults: [vaultOf(person, 20)],
		...change
	};
}

function vaultOf({ vault, seq, head }: Person, to: number): Request['vaults'][number] {
	return { id: vault, expected: { seq, head }, seq: to, manifest: random(232) };
}

async function accept(
	person: Person,
	request: Request,
	by: { purpose: number; key?: Person['key'] } = { purpose: 7 }
): Promise<Response> {
	const path = '/api/v1/account/restore';
	return await person.prove(by, path, z.encode(AcceptRestoreRequest, request));
}

/** Expects that answer, and that nothing has changed. */
async function refused(
	person: Person,
	request: Request,
	by?: Parameters<typeof accept>[2]
): Promise<Response> {
	const before = await dumpOf(host);
	const response = await accept(person, request, by);
	expect(await dumpOf(host)).toEqual(before);
	return response;
}

describe('accepting a restore', () => {
	test('sets account and vault on top of what is served, at the seqs that were chosen', async () => {
		const person = await someone(host);
		await person.commit(person.commitOf({ sheets: [sheet()] }));
		const request = acceptanceOf(person, { settings: random(1_105) });
		const reply = await parsed(AccountCommitReply, await accept(person, request));
		expect(reply).toEqual({ outcome: 'stored', seq: 10 });
		const account = await person.getAccount('?after=1');
		expect(account).toMatchObject({
			generation: 1,
			chain: [],
			manifest: { seq: 10, blob: request.manifest },
			settings: request.settings
		});
		const vault = await person.getVault('?after=2');
		expect(vault).toMatchObject({
			chain: [],
			sheets: [],
			manifest: { seq: 20, generation: 1, blob: request.vaults[0]?.manifest }
		});
		const rows = await host.sql(
			"select vault, detail from audit where account = ? and event = 'restore.accepted' order by id",
			[person.account]
		);
		expect(rows.map((row) => [row['vault'], row['detail']])).toEqual([
			[null, '10'],
			[person.vault, '20']
		]);
	});

	test('leaves a chain that leads from before it to what comes after it', async () => {
		const person = await someone(host);
		const request = acceptanceOf(person);
		await accept(person, request);
		const [vault] = request.vaults;
		const { seq, head } = person;
		person.seq = 20;
		person.head = sha256(head, sha256(vault?.manifest ?? random(1)));
		const next = person.commitOf({ sheets: [sheet()] });
		expect(await person.commit(next)).toEqual({ outcome: 'stored', seq: 21 });
		const { chain, manifest } = await person.getVault(`?after=${String(seq)}`);
		expect(chain).toHaveLength(1);
		const reached = [...chain, sha256(manifest.blob)].reduce((at, hash) => sha256(at, hash), head);
		expect(reached).toEqual(person.head);
	});

	test('of the account alone leaves its vaults as they are', async () => {
		const person = await someone(host);
		expect((await accept(person, acceptanceOf(person, { vaults: [] }))).status).toBe(200);
		expect((await person.getVault()).manifest).toMatchObject({
			seq: 1,
			blob: person.vaultManifest
		});
	});

	test.each([1, 2])('needs a seq that rises: %i of 2 is malformed', async (seq) => {
		const person = await someone(host);
		await person.commitAccount();
		const response = await refused(person, acceptanceOf(person, { seq }));
		expect(await codeOf(response)).toBe('malformed');
	});

	test('needs a seq that rises for each vault too', async () => {
		const person = await someone(host);
		const response = await refused(person, acceptanceOf(person, { vaults: [vaultOf(person, 1)] }));
		expect(await codeOf(response)).toBe('malformed');
	});

	test('with a vault twice is malformed', async () => {
		const person = await someone(host);
		const vaults = [vaultOf(person, 20), vaultOf(person, 21)];
		const response = await refused(person, acceptanceOf(person, { vaults }));
		expect(await codeOf(response)).toBe('malformed');
	});

	test.each([{ purpose: 3 }, { purpose: 4 }, { purpose: 7, key: newKey() }])(
		'needs a proof of purpose 7 by the own key, not $purpose',
		async (by) => {
			const person = await someone(host);
			const response = await refused(person, acceptanceOf(person), by);
			expect(await codeOf(response)).toBe('proof');
		}
	);

	test("with another account's vault is not found, exactly as one that nobody has", async () => {
		const [person, other] = [await someone(host), await someone(host)];
		for (const vault of [other.vault, newId()]) {
			const vaults = [{ ...vaultOf(person, 20), id: vault }];
			const response = await refused(person, acceptanceOf(person, { vaults }));
			expect(await codeOf(response)).toBe('not-found');
		}
	});

	test('after a write to the account is a conflict', async () => {
		const person = await someone(host);
		const stale = acceptanceOf(person);
		await person.commitAccount();
		expect((await refused(person, stale)).status).toBe(409);
	});

	test('after a write to the vault is a conflict, and the account stays as well', async () => {
		const person = await someone(host);
		const stale = acceptanceOf(person);
		await person.commit(person.commitOf({ sheets: [sheet()] }));
		expect((await refused(person, stale)).status).toBe(409);
	});

	test('leaves other sessions alone: each device accepts for itself', async () => {
		const person = await someone(host);
		const other = Object.assign(new Person(host, person.email), person, { cookie: '' });
		await other.signIn();
		await accept(person, acceptanceOf(person));
		expect((await other.send('/api/v1/account')).status).toBe(200);
	});
});
