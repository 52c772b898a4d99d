/** What one account may hold: exactly so much, and nothing is lost where it would be more. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CommitRequest } from '#lib/api/vaults.ts';
import { z } from '#lib/api/zod.ts';
import { Host } from './host.ts';
import { codeOf, newId, random, secret, secretsOf, sheet, someone, type Person } from './person.ts';
import { partOf, rotate, rotateWhole, rotationOf, stage } from './rotating.ts';
import { dumpOf } from './tables.ts';

const MEBIBYTE = 1024 * 1024;
const LIMITS = {
	LIMIT_REQUESTS: '100000/m',
	LIMIT_AUTH: '100000/m',
	LIMIT_REGISTRATIONS_NETWORK: '100000/h'
};
type Change = Parameters<Person['commitOf']>[0];

let host: Host;
let person: Person;

/** The server with another share, and someone new. */
async function withShare(share: Readonly<Record<string, string>>): Promise<void> {
	await host.stop();
	await host.start({ ...LIMITS, ...share });
	person = await someone(host);
}

async function send(change: Change): Promise<Response> {
	const request = z.encode(CommitRequest, person.commitOf(change));
	return await person.post(`/api/v1/vaults/${person.vault}/commits`, request);
}

/** Sends what should be refused, and looks whether anything has changed. */
async function refused(change: Change): Promise<string> {
	const before = await dumpOf(host);
	const response = await send(change);
	expect(await dumpOf(host)).toEqual(before);
	return `${String(response.status)} ${await codeOf(response)}`;
}

async function stored(): Promise<{ bytes: number; keys: number }> {
	const [row] = await host.sql('select stored_bytes, stored_keys from accounts where id = ?', [
		person.account
	]);
	return { bytes: Number(row?.[0]), keys: Number(row?.[1]) };
}

/** A little more than the smallest share there can be. */
function large(): ReturnType<typeof secret>[] {
	return Array.from({ length: 17 }, () => ({ item: newId(), blob: random(65_565) }));
}

beforeAll(async () => {
	host = await Host.open();
});

afterAll(async () => {
	await host.remove();
});

describe('bytes', () => {
	let exact: number;

	beforeAll(async () => {
		await withShare({});
		await person.commit(person.commitOf({ sheets: [sheet()], secrets: large() }));
		exact = (await stored()).bytes;
		expect(exact).toBeGreaterThan(MEBIBYTE);
	});

	test('up to the last one are taken', async () => {
		await withShare({ LIMIT_ACCOUNT_BYTES: String(exact) });
		await person.commit(person.commitOf({ sheets: [sheet()], secrets: large() }));
		expect((await stored()).bytes).toBe(exact);
	});

	test('one beyond is refused whole', async () => {
		await withShare({ LIMIT_ACCOUNT_BYTES: String(exact - 1) });
		expect(await refused({ sheets: [sheet()], secrets: large() })).toBe('403 quota');
	});

	test('are counted over all vaults of the account, and of no other account', async () => {
		await withShare({ LIMIT_ACCOUNT_BYTES: String(exact) });
		await person.commit(person.commitOf({ sheets: [sheet()], secrets: large() }));
		const id = newId();
		const vault = { id, keyWrap: random(117), manifest: random(176) };
		await person.sendAccountCommit(person.accountCommitOf({ vaults: [vault] }));
		const rows = await host.sql('select head from vaults where id = ?', [id]);
		const head = new Uint8Array(rows[0]?.['head'] as ArrayBuffer);
		const commit = person.commitOf({ expected: { seq: 1, head }, secrets: [secret()] } as Change);
		const path = `/api/v1/vaults/${id}/commits`;
		const response = await person.post(path, z.encode(CommitRequest, commit));
		expect(await codeOf(response)).toBe('quota');
		const other = await someone(host);
		expect((await other.commit(other.commitOf({ secrets: [secret()] }))).outcome).toBe('stored');
	});
});

describe('keys', () => {
	beforeEach(async () => {
		await withShare({ LIMIT_ACCOUNT_KEYS: '3' });
		const secrets = [secret(), secret(), secret()];
		await person.commit(person.commitOf({ sheets: [sheet()], secrets }));
	});

	test('one beyond is refused whole', async () => {
		expect(await refused({ secrets: [secret()] })).toBe('403 quota');
	});

	test('that are dropped make room at once', async () => {
		const [first = ''] = person.listed;
		await person.commit(person.commitOf({ droppedSecrets: [first] }));
		expect((await person.commit(person.commitOf({ secrets: [secret()] }))).outcome).toBe('stored');
		expect((await stored()).keys).toBe(3);
	});

	test('of a vault that is dropped make room at once', async () => {
		const drop = person.accountCommitOf({ droppedVaults: [person.vault] });
		expect((await person.sendAccountCommit(drop, { purpose: 6 })).status).toBe(200);
		expect(await stored()).toEqual({ bytes: 0, keys: 0 });
	});

	test('that are there can be written again', async () => {
		const [first = ''] = person.listed;
		const again = person.commitOf({ secrets: [secret(first)] });
		expect((await person.commit(again)).outcome).toBe('stored');
		expect((await stored()).keys).toBe(3);
	});
});

describe('an account above its share, because the host lowered it', () => {
	let kept: ReturnType<typeof secret>;

	beforeEach(async () => {
		await withShare({});
		kept = secret();
		const secrets = [kept, ...large(), ...large()];
		await person.commit(person.commitOf({ sheets: [sheet()], secrets }));
		await host.stop();
		await host.start({ ...LIMITS, LIMIT_ACCOUNT_BYTES: String(MEBIBYTE) });
	});

	test('keeps everything, and may become smaller', async () => {
		const { secrets } = await secretsOf(await person.readSecrets([kept.item]));
		expect(secrets[0]?.blob).toEqual(kept.blob);
		const before = (await stored()).bytes;
		await person.commit(person.commitOf({ droppedSecrets: [kept.item] }));
		expect((await stored()).bytes).toBeLessThan(before);
	});

	test('may not become larger', async () => {
		expect(await refused({ secrets: [secret()] })).toBe('403 quota');
	});

	test('can stage all that it has for a rotation', async () => {
		const { bytes } = await stored();
		expect(bytes).toBeGreaterThan(2 * MEBIBYTE);
		const part = { vault: person.vault, sheets: [], secrets: [...large(), ...large(), secret()] };
		expect((await stage(person, newId(), part)).status).toBe(204);
	});

	test('cannot stage more for a rotation than twice what it has', async () => {
		const [head, ...rest] = Array.from({ length: 5 }, large).flat();
		const part = { vault: person.vault, sheets: [], secrets: head === undefined ? [] : [head] };
		const rotation = newId();
		expect((await stage(person, rotation, part)).status).toBe(204);
		const response = await stage(person, rotation, { ...part, secrets: rest });
		expect(await codeOf(response)).toBe('too-large');
	});
});

describe('an account at its share', () => {
	test('can still mark a key for the trash, which writes its sheet alone', async () => {
		await withShare({ LIMIT_ACCOUNT_BYTES: String(MEBIBYTE) });
		const marked = sheet();
		const secrets = large().slice(0, 15);
		await person.commit(person.commitOf({ sheets: [marked], secrets }));
		const longer = { id: marked.id, blob: random(262_173) };
		const marking = person.commitOf({ sheets: [longer] });
		expect((await person.commit(marking)).outcome).toBe('stored');
		expect((await stored()).bytes).toBeGreaterThan(MEBIBYTE);
	});

	test('can still replace the value of a key by a longer one', async () => {
		await withShare({ LIMIT_ACCOUNT_BYTES: String(MEBIBYTE) });
		const leaked = secret();
		const secrets = [leaked, ...large().slice(0, 15)];
		await person.commit(person.commitOf({ sheets: [sheet()], secrets }));
		const longer = { item: leaked.item, blob: random(65_565) };
		expect((await person.commit(person.commitOf({ secrets: [longer] }))).outcome).toBe('stored');
		expect((await stored()).bytes).toBeGreaterThan(MEBIBYTE);
	});

	test('can still replace its keys', async () => {
		await withShare({ LIMIT_ACCOUNT_KEYS: '2' });
		const [kept, secrets] = [sheet(), [secret(), secret()]];
		await person.commit(person.commitOf({ sheets: [kept], secrets }));
		const names = { sheets: [kept.id], secrets: secrets.map(({ item }) => item) };
		await rotateWhole(person, names);
		expect((await stored()).keys).toBe(2);
	});
});

test('what is counted is what is there, whatever was written before', async () => {
	await withShare({});
	const [kept, again, gone] = [secret(), secret(), secret()];
	const listed = sheet();
	await person.commit(person.commitOf({ sheets: [listed], secrets: [kept, again, gone] }));
	const larger = { item: again.item, blob: random(600) };
	await person.commit(person.commitOf({ secrets: [larger], droppedSecrets: [gone.item] }));
	const request = rotationOf(person);
	const names = { sheets: [listed.id], secrets: [kept.item, again.item] };
	const there = async () => {
		const [row] = await host.sql(
			`select (select sum(length(blob)) from sheets where account = v.account)
			      + (select sum(length(blob)) from secrets where account = v.account),
			      v.sheet_bytes + v.secret_bytes from vaults v where account = ?`,
			[person.account]
		);
		return [Number(row?.[0]), Number(row?.[1])];
	};
	const before = await stored();
	expect(await there()).toEqual([before.bytes, before.bytes]);
	await stage(person, request.rotation, partOf(person.vault, names));
	expect((await rotate(person, request)).status).toBe(200);
	const after = await stored();
	expect(await there()).toEqual([after.bytes, after.bytes]);
	expect(after.keys).toBe(2);
});
