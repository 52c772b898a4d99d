/** Changing the account: what a commit may hold, what it needs, and what becomes of it in a race. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccountCommitReply, AccountCommitRequest } from '#lib/api/account.ts';
import { z } from '#lib/api/zod.ts';
import { Authenticator } from './authenticator.ts';
import { Host } from './host.ts';
import {
	codeOf,
	newId,
	newKey,
	parsed,
	Person,
	random,
	secret,
	sha256,
	sheet,
	someone
} from './person.ts';
import { passwordSlotOf } from './enrolled.ts';
import { dumpOf } from './tables.ts';

let host: Host;

beforeAll(async () => {
	host = await Host.open({
		LIMIT_REQUESTS: '100000/m',
		LIMIT_AUTH: '100000/m',
		LIMIT_COMMITS: '100000/m',
		LIMIT_REGISTRATIONS_NETWORK: '100000/h'
	});
});

afterAll(async () => {
	await host.remove();
});

const SLOTS = { purpose: 3 };
const EMAIL = { purpose: 2 };
const DELETE = { purpose: 6 };

function newVault(id = newId()) {
	return { id, keyWrap: random(117), manifest: random(176) };
}

/** The same person on another device: signed in, and all that it knows of the account. */
async function otherDevice(person: Person): Promise<Person> {
	const other = Object.assign(new Person(host, person.email), person, { cookie: '' });
	await other.signIn();
	return other;
}

async function eventsOf(person: Person) {
	const rows = await host.sql('select event from audit where account = ? order by id', [
		person.account
	]);
	return rows.map(({ event }) => event);
}

/** Sends the commit and expects that refusal, and that nothing has changed. */
async function refused(
	person: Person,
	change: Parameters<Person['accountCommitOf']>[0],
	by: Parameters<Person['sendAccountCommit']>[1]
): Promise<string> {
	const before = await dumpOf(host);
	const response = await person.sendAccountCommit(person.accountCommitOf(change), by);
	expect(response.status).toBeGreaterThanOrEqual(400);
	expect(await dumpOf(host)).toEqual(before);
	return await codeOf(response);
}

describe('the language of mails', () => {
	async function languageOf(person: Person): Promise<unknown> {
		const [row] = await host.sql('select language from accounts where id = ?', [person.account]);
		return row?.['language'];
	}

	test('is the one that the owner chose last', async () => {
		const person = await someone(host);
		await host.sql("update accounts set language = 'la' where id = ?", [person.account]);
		await person.commitAccount(random(1_105));
		expect(await languageOf(person)).toBe('la');
		const commit = person.accountCommitOf({ settings: random(1_105), language: 'en' });
		expect((await person.sendAccountCommit(commit)).status).toBe(200);
		expect(await languageOf(person)).toBe('en');
	});

	test('is one that there are mails in', async () => {
		const person = await someone(host);
		const commit = z.encode(AccountCommitRequest, person.accountCommitOf());
		const response = await person.post('/api/v1/account/commits', { ...commit, language: 'la' });
		expect(await codeOf(response)).toBe('malformed');
		expect(await languageOf(person)).toBe('en');
	});
});

describe('a new password', () => {
	test('takes the place of the old one, in the same slot', async () => {
		const person = await someone(host);
		const key = newKey();
		const slot = passwordSlotOf(person, { key });
		const request = person.accountCommitOf({ slots: [slot], settings: random(1_105) });
		expect((await person.sendAccountCommit(request, SLOTS)).status).toBe(200);
		const { slots, manifest } = await person.getAccount();
		const { wrap, ...listed } = slot;
		expect(slots).toContainEqual(listed);
		expect(slots).toHaveLength(2);
		expect(manifest).toEqual({ seq: 2, blob: request.manifest });
		await expect(person.signIn()).rejects.toThrow('401');
		person.key = key;
		expect((await person.signIn()).wrap).toEqual(wrap);
		expect(await eventsOf(person)).toEqual(
			expect.arrayContaining(['account.commit', 'password.changed', 'sessions.ended'])
		);
	});

	test('ends all other sessions at once, and this one goes on', async () => {
		const person = await someone(host);
		const other = await otherDevice(person);
		const stolen = person.cookie;
		const slots = [passwordSlotOf(person)];
		await person.sendAccountCommit(person.accountCommitOf({ slots }), SLOTS);
		expect((await person.send('/api/v1/account')).status).toBe(200);
		expect((await other.send('/api/v1/account')).status).toBe(401);
		person.cookie = stolen;
		expect((await person.send('/api/v1/account')).status).toBe(401);
	});

	test.each([
		['no proof', undefined],
		['a proof for something else', { purpose: 2 }],
		["another's proof", { purpose: 3, key: newKey() }]
	])('is refused with %s, and other sessions go on', async (_name, by) => {
		const person = await someone(host);
		const other = await otherDevice(person);
		const slots = [passwordSlotOf(person)];
		expect(await refused(person, { slots }, by)).toBe('proof');
		expect((await other.send('/api/v1/account')).status).toBe(200);
	});

	test('may cost more to guess than the one before, and never less again', async () => {
		const person = await someone(host);
		const key = newKey();
		const dearer = passwordSlotOf(person, { key, profile: 2 });
		const commit = person.accountCommitOf({ slots: [dearer] });
		expect((await person.sendAccountCommit(commit, SLOTS)).status).toBe(200);
		person.key = key;
		const cheaper = passwordSlotOf(person, { revision: 3, profile: 1 });
		expect(await refused(person, { slots: [cheaper] }, SLOTS)).toBe('malformed');
		const email = `${newId().toLowerCase()}@example.org`;
		expect(await refused(person, { slots: [cheaper], email }, EMAIL)).toBe('malformed');
		const same = person.accountCommitOf({
			slots: [passwordSlotOf(person, { revision: 3, profile: 2 })]
		});
		expect((await person.sendAccountCommit(same, SLOTS)).status).toBe(200);
	});

	test('is refused with a proof for another body', async () => {
		const person = await someone(host);
		const path = '/api/v1/account/commits';
		const headers = await person.proofOf(SLOTS, 'POST', path, '{}');
		const before = await dumpOf(host);
		const response = await person.post(path, { slots: [] }, { headers });
		expect(response.status).toBe(400);
		expect(await dumpOf(host)).toEqual(before);
	});

	test.each([
		['with the same revision', { revision: 1 }],
		['that skips a revision', { revision: 3 }],
		['in a slot that is not there', { id: newId(), revision: 1 }],
		['in a slot that is not there, with the next revision', { id: newId(), revision: 2 }]
	])('%s is malformed', async (_name, change) => {
		const person = await someone(host);
		const slots = [passwordSlotOf(person, change)];
		expect(await refused(person, { slots }, SLOTS)).toBe('malformed');
	});

	test("in the recovery slot's place is malformed", async () => {
		const person = await someone(host);
		const slots = [passwordSlotOf(person, { id: person.recoverySlot })];
		expect(await refused(person, { slots }, SLOTS)).toBe('malformed');
	});

	test('with a key that anyone can sign for is malformed', async () => {
		const person = await someone(host);
		const key = { ...newKey(), publicKey: new Uint8Array(32) };
		const slots = [passwordSlotOf(person, { key })];
		expect(await refused(person, { slots }, SLOTS)).toBe('malformed');
	});

	test('on an old head is a conflict, with the head and nothing of it written', async () => {
		const person = await someone(host);
		const stale = person.accountCommitOf({ slots: [passwordSlotOf(person)] });
		await person.commitAccount();
		const before = await dumpOf(host);
		const response = await person.sendAccountCommit(stale, SLOTS);
		expect(response.status).toBe(409);
		const reply = await parsed(AccountCommitReply, response);
		if (reply.outcome === 'stored') throw new Error('stored');
		expect(reply.head.manifest.seq).toBe(2);
		expect(await dumpOf(host)).toEqual(before);
	});
});

describe('ten new passwords on one head', () => {
	test('one is stored, and it is the one that signs in', async () => {
		const person = await someone(host);
		const devices = await Promise.all(Array.from({ length: 10 }, () => otherDevice(person)));
		const keys = devices.map(() => newKey());
		const answers = await Promise.all(
			devices.map((device, index) => {
				const slots = [passwordSlotOf(person, { key: keys[index] ?? newKey() })];
				return device.sendAccountCommit(device.accountCommitOf({ slots }), SLOTS);
			})
		);
		const statuses = answers.map(({ status }) => status);
		expect(statuses.filter((status) => status === 200)).toHaveLength(1);
		for (const status of statuses) expect([200, 401, 403, 409]).toContain(status);
		person.key = keys[statuses.indexOf(200)] ?? person.key;
		await person.signIn();
		expect((await person.getAccount()).manifest.seq).toBe(2);
	});
});

describe('a passkey', () => {
	test('is one too many after 16 slots; a new password is none more', async () => {
		const person = await someone(host);
		for (let n = 3; n <= 16; n++) {
			const slots = [new Authenticator().enrolled()];
			await person.sendAccountCommit(person.accountCommitOf({ slots }), SLOTS);
		}
		expect((await person.getAccount()).slots).toHaveLength(16);
		const slots = [new Authenticator().enrolled()];
		expect(await refused(person, { slots }, SLOTS)).toBe('too-large');
		const commit = person.accountCommitOf({ slots: [passwordSlotOf(person)] });
		expect((await person.sendAccountCommit(commit, SLOTS)).status).toBe(200);
	});

	test.each([
		['under an id that is there', (person: Person) => ({ id: person.passwordSlot })],
		[
			'under an id that is there, with its next revision',
			(person: Person) => ({ id: person.passwordSlot, revision: 2 })
		],
		['with a revision that is not the first', () => ({ revision: 2 })]
	])('%s is malformed', async (_name, change) => {
		const person = await someone(host);
		const slots = [{ ...new Authenticator().enrolled(), ...change(person) }];
		expect(await refused(person, { slots }, SLOTS)).toBe('malformed');
	});

	test('needs a proof', async () => {
		const person = await someone(host);
		const slots = [new Authenticator().enrolled()];
		expect(await refused(person, { slots }, undefined)).toBe('proof');
	});
});

describe('a new email', () => {
	test('comes with the slot that has it in its salt; the old one is as unknown', async () => {
		const person = await someone(host);
		const key = newKey();
		const email = `${newId().toLowerCase()}@example.net`;
		const request = person.accountCommitOf({
			slots: [passwordSlotOf(person, { key })],
			email: ` ${email.toUpperCase()} `
		});
		expect((await person.sendAccountCommit(request, EMAIL)).status).toBe(200);
		expect((await person.getAccount()).email).toBe(email);
		const old = await person.challenge({ email: person.email, purpose: 1 });
		expect(old.account).not.toBe(person.account);
		Object.assign(person, { email, key });
		await person.signIn();
		expect(await eventsOf(person)).toContain('email.changed');
	});

	test('without a slot is malformed', async () => {
		const person = await someone(host);
		expect(await refused(person, { email: 'new@example.net' }, EMAIL)).toBe('malformed');
	});

	test.each([undefined, SLOTS])('needs a proof of purpose 2, not %o', async (by) => {
		const person = await someone(host);
		const change = { email: 'new@example.net', slots: [passwordSlotOf(person)] };
		expect(await refused(person, change, by)).toBe('proof');
	});

	test('that another account has is taken', async () => {
		const [person, other] = [await someone(host), await someone(host)];
		const change = { email: other.email, slots: [passwordSlotOf(person)] };
		expect(await refused(person, change, EMAIL)).toBe('taken');
	});

	test('counts as a try to register, because its answer tells who has an account', async () => {
		const person = await someone(host);
		const [row] = await host.sql('select max(count) as n from counters');
		const change = { email: 'counted@example.net', slots: [passwordSlotOf(person)] };
		await person.sendAccountCommit(person.accountCommitOf(change), EMAIL);
		const [after] = await host.sql('select max(count) as n from counters');
		expect(Number(after?.['n'])).toBe(Number(row?.['n']) + 1);
	});
});

describe('a new vault', () => {
	test('is there with its first manifest, and takes commits', async () => {
		const person = await someone(host);
		const vault = newVault();
		await person.sendAccountCommit(person.accountCommitOf({ vaults: [vault] }));
		const { vaults } = await person.getAccount();
		expect(vaults).toContainEqual({ id: vault.id, generation: 1, keyWrap: vault.keyWrap });
		const second = Object.assign(new Person(host), person, {
			vault: vault.id,
			seq: 1,
			head: sha256(new Uint8Array(32), sha256(vault.manifest))
		});
		expect((await second.getVault()).manifest).toEqual({
			seq: 1,
			generation: 1,
			blob: vault.manifest
		});
		const reply = await second.commit(second.commitOf({ sheets: [sheet()] }));
		expect(reply.outcome).toBe('stored');
		expect((await person.getVault()).sheets).toHaveLength(0);
		expect(await eventsOf(person)).toContain('vault.made');
	});

	test('with the id of one that is there is malformed', async () => {
		const person = await someone(host);
		expect(await refused(person, { vaults: [newVault(person.vault)] }, undefined)).toBe(
			'malformed'
		);
	});

	test('may have an id that another account uses', async () => {
		const [person, other] = [await someone(host), await someone(host)];
		const vaults = [newVault(other.vault)];
		expect((await person.sendAccountCommit(person.accountCommitOf({ vaults }))).status).toBe(200);
		expect((await other.getVault()).manifest.blob).toEqual(other.vaultManifest);
	});

	test('is one too many after 64, unless one is dropped with it', async () => {
		const person = await someone(host);
		for (let n = 2; n <= 64; n++) {
			const vaults = [newVault()];
			await person.sendAccountCommit(person.accountCommitOf({ vaults }));
		}
		expect((await person.getAccount()).vaults).toHaveLength(64);
		expect(await refused(person, { vaults: [newVault()] }, undefined)).toBe('too-large');
		const change = { vaults: [newVault()], droppedVaults: [person.vault] };
		const response = await person.sendAccountCommit(person.accountCommitOf(change), DELETE);
		expect(response.status).toBe(200);
		expect((await person.getAccount()).vaults).toHaveLength(64);
	});
});

describe('a dropped vault', () => {
	test('goes with all that is in it', async () => {
		const person = await someone(host);
		await person.commit(person.commitOf({ sheets: [sheet()], secrets: [secret()] }));
		const droppedVaults = [person.vault];
		const request = person.accountCommitOf({ droppedVaults });
		expect((await person.sendAccountCommit(request, DELETE)).status).toBe(200);
		expect((await person.send(`/api/v1/vaults/${person.vault}`)).status).toBe(404);
		for (const table of ['vaults', 'sheets', 'secrets', 'vault_chain']) {
			const rows = await host.sql(`select 1 from ${table} where account = ?`, [person.account]);
			expect(rows, table).toHaveLength(0);
		}
		expect(await eventsOf(person)).toContain('vault.dropped');
	});

	test('of another account is not found, exactly as one that nobody has', async () => {
		const [person, other] = [await someone(host), await someone(host)];
		expect(await refused(person, { droppedVaults: [other.vault] }, DELETE)).toBe('not-found');
		expect(await refused(person, { droppedVaults: [newId()] }, DELETE)).toBe('not-found');
	});

	test.each([undefined, { purpose: 3 }])('needs a proof of purpose 6, not %o', async (by) => {
		const person = await someone(host);
		expect(await refused(person, { droppedVaults: [person.vault] }, by)).toBe('proof');
	});

	test('with a new password in one commit is malformed: one proof allows one thing', async () => {
		const person = await someone(host);
		const change = { droppedVaults: [person.vault], slots: [passwordSlotOf(person)] };
		expect(await refused(person, change, DELETE)).toBe('malformed');
		expect(await refused(person, change, SLOTS)).toBe('malformed');
	});
});
