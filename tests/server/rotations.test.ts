/** Parts of a rotation: what waits, for how long, and how much of it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { prune } from '#lib/server/prune.ts';
import { Host } from './host.ts';
import { codeOf, newId, secret, secretsOf, sheet, someone, type Person } from './person.ts';
import { partOf, rotate, rotationOf, stage } from './rotating.ts';
import { dumpOf, textOf } from './tables.ts';

const HOUR_MS = 3_600_000;

let host: Host;
let person: Person;

beforeEach(async () => {
	host = await Host.open();
	person = await someone(host);
});

afterEach(async () => {
	await host.remove();
});

async function waiting(): Promise<string[]> {
	const rows = await host.sql('select id from rotations where account = ?', [person.account]);
	return rows.map(({ id }) => textOf(id));
}

describe('a part', () => {
	test('is seen by nobody before the switch', async () => {
		const [kept, hidden] = [sheet(), secret()];
		await person.commit(person.commitOf({ sheets: [kept], secrets: [hidden] }));
		const before = [await person.getAccount(), await person.getVault()];
		const names = { sheets: [kept.id], secrets: [hidden.item] };
		await stage(person, newId(), partOf(person.vault, names));
		expect([await person.getAccount(), await person.getVault()]).toEqual(before);
		const { secrets } = await secretsOf(await person.readSecrets([hidden.item]));
		expect(secrets[0]?.blob).toEqual(hidden.blob);
	});

	test('that is sent again replaces what came before', async () => {
		const [kept, hidden] = [sheet(), secret()];
		await person.commit(person.commitOf({ sheets: [kept], secrets: [hidden] }));
		const request = rotationOf(person);
		const names = { sheets: [kept.id], secrets: [hidden.item] };
		await stage(person, request.rotation, partOf(person.vault, names));
		const again = partOf(person.vault, names);
		await stage(person, request.rotation, again);
		expect((await rotate(person, request)).status).toBe(200);
		const { sheets } = await person.getVault();
		expect(sheets).toEqual(again.sheets.map((each) => ({ ...each, revision: 3 })));
		const { secrets } = await secretsOf(await person.readSecrets([hidden.item]));
		expect(secrets).toEqual(again.secrets.map((each) => ({ ...each, revision: 3 })));
	});

	test("for another account's vault is not found, exactly as for one that nobody has", async () => {
		const other = await someone(host);
		const before = await dumpOf(host);
		for (const vault of [other.vault, newId()]) {
			const part = partOf(vault, { sheets: [newId()], secrets: [] });
			const response = await stage(person, newId(), part);
			expect([response.status, await codeOf(response)]).toEqual([404, 'not-found']);
		}
		expect(await dumpOf(host)).toEqual(before);
	});

	test('under something that is no id is not found', async () => {
		const part = partOf(person.vault, { sheets: [newId()], secrets: [] });
		expect((await stage(person, 'AAAAAAAAAAAAAAAAAAAAAB', part)).status).toBe(404);
	});

	test.each(['sheet', 'secret'])(
		'with one %s more than a vault may hold is refused whole',
		async (kind) => {
			const rotation = newId();
			const none = { vault: person.vault, sheets: [], secrets: [] };
			await stage(person, rotation, none);
			await host.sql(
				`insert into rotation_records (account, rotation, vault, kind, id, blob)
				 with recursive n(i) as (select 1 union all select i + 1 from n where i < 19999)
				 select ?, ?, ?, ?, printf('%021dA', i), x'00' from n`,
				[person.account, rotation, person.vault, kind]
			);
			const one = (id: string) =>
				kind === 'sheet' ? { ...none, sheets: [sheet(id)] } : { ...none, secrets: [secret(id)] };
			expect((await stage(person, rotation, one(newId()))).status).toBe(204);
			const before = await dumpOf(host);
			expect(await codeOf(await stage(person, rotation, one(newId())))).toBe('too-large');
			expect(await dumpOf(host)).toEqual(before);
		}
	);

	test('with more bytes of sheets than a vault may hold is refused whole', async () => {
		const rotation = newId();
		await stage(person, rotation, { vault: person.vault, sheets: [], secrets: [] });
		await host.sql(
			`insert into rotation_records (account, rotation, vault, kind, id, blob)
			 values (?, ?, ?, 'sheet', ?, zeroblob(94371840 - 4125))`,
			[person.account, rotation, person.vault, newId()]
		);
		const part = partOf(person.vault, { sheets: [newId()], secrets: [] });
		expect(await codeOf(await stage(person, rotation, part))).toBe('too-large');
	});
});

describe('rotations that wait', () => {
	test('are at most two: a third drops the oldest, with its records', async () => {
		const ids = [newId(), newId(), newId()];
		for (const id of ids) {
			await stage(person, id, partOf(person.vault, { sheets: [newId()], secrets: [newId()] }));
			host.ahead += 1_000;
		}
		expect(new Set(await waiting())).toEqual(new Set(ids.slice(1)));
		const rows = await host.sql('select distinct rotation from rotation_records');
		expect(new Set(rows.map(({ rotation }) => rotation))).toEqual(new Set(ids.slice(1)));
	});

	test('drop none when a part of one of the two comes', async () => {
		const ids = [newId(), newId()];
		const names = { sheets: [newId()], secrets: [] };
		for (const id of [...ids, ...ids]) await stage(person, id, partOf(person.vault, names));
		expect(new Set(await waiting())).toEqual(new Set(ids));
	});

	test('keep the newest one when the clock was set back', async () => {
		const ids = [newId(), newId(), newId()];
		for (const id of ids) {
			await stage(person, id, partOf(person.vault, { sheets: [newId()], secrets: [] }));
			host.ahead -= HOUR_MS;
		}
		expect(await waiting()).toContain(ids[2]);
	});

	test("leave another account's alone", async () => {
		const other = await someone(host);
		const theirs = newId();
		await stage(other, theirs, partOf(other.vault, { sheets: [newId()], secrets: [] }));
		for (const id of [newId(), newId(), newId()]) {
			await stage(person, id, partOf(person.vault, { sheets: [newId()], secrets: [] }));
		}
		const rows = await host.sql('select id from rotations where account = ?', [other.account]);
		expect(rows.map(({ id }) => id)).toEqual([theirs]);
	});

	test('are dropped after a day, and then nothing switches', async () => {
		const kept = sheet();
		await person.commit(person.commitOf({ sheets: [kept] }));
		const request = rotationOf(person);
		await stage(person, request.rotation, partOf(person.vault, { sheets: [kept.id], secrets: [] }));
		host.ahead += 23 * HOUR_MS;
		await prune(host.server);
		expect(await waiting()).toEqual([request.rotation]);
		host.ahead += HOUR_MS;
		await prune(host.server);
		expect(await waiting()).toEqual([]);
		expect(await host.sql('select 1 from rotation_records')).toHaveLength(0);
		host.ahead = 0;
		expect((await rotate(person, request)).status).toBe(409);
	});
});
