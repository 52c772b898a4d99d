/** The switch of a large rotation: others have their turns while it is written, and no half of it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { eq, max, min } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { secrets, vaults } from '#lib/server/db/schema.ts';
import { count, record } from '../figures.ts';
import { Host } from './host.ts';
import { newId, someone, type Person } from './person.ts';
import { rotate, rotationOf } from './rotating.ts';

const SECRETS = count(3_000, 20_000);
const SHEETS = Math.ceil(SECRETS / 64);
/** As the smallest secret and sheet are stored. */
const SECRET_BYTES = 441;
const SHEET_BYTES = 4_281;

let host: Host;
let person: Person;

beforeAll(async () => {
	host = await Host.open();
	person = await someone(host);
	await fill('sheets', 'id', SHEETS, SHEET_BYTES);
	await fill('secrets', 'item', SECRETS, SECRET_BYTES);
});

afterAll(async () => {
	await host.remove();
});

/** Rows that nobody opens here, made by the database itself. */
async function fill(table: string, name: string, rows: number, bytes: number): Promise<void> {
	await host.sql(
		`insert into ${table} (account, vault, ${name}, revision, blob)
		with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
		select ?, ?, substr(hex(randomblob(11)), 1, 22), 1, randomblob(?) from n`,
		[rows, person.account, person.vault, bytes]
	);
}

/** What a client sent ahead: the same names, other bytes. */
async function stageAll(rotation: string): Promise<void> {
	await host.sql('insert into rotations (account, id, created_at) values (?, ?, ?)', [
		person.account,
		rotation,
		Date.now()
	]);
	for (const [table, name, kind] of [
		['sheets', 'id', 'sheet'],
		['secrets', 'item', 'secret']
	]) {
		await host.sql(
			`insert into rotation_records (account, rotation, vault, kind, id, blob)
			select account, ?, vault, ?, ${String(name)}, randomblob(length(blob)) from ${String(table)}
			where account = ?`,
			[rotation, String(kind), person.account]
		);
	}
}

/** As somebody else sees it: the seq of the vault, and the lowest and highest one of its records. */
async function look(): Promise<string> {
	const { orm } = host.server.database;
	const [row] = await orm
		.select({ seq: vaults.seq, oldest: min(secrets.revision), newest: max(secrets.revision) })
		.from(vaults)
		.innerJoin(secrets, eq(secrets.vault, vaults.id));
	return [row?.seq, row?.oldest, row?.newest].join(' ');
}

/** A libSQL server writes beside this process: how many turns there are meanwhile is a matter of speed. */
function leastTurns(): number {
	return host.remote === undefined ? SECRETS / 500 : 0;
}

test('a switch gives way to others, who see the old state whole until it is done', async () => {
	const request = rotationOf(person, { rotation: newId() });
	for (const vault of request.vaults) vault.secretCount = SECRETS;
	await stageAll(request.rotation);
	const state = { answered: false };
	const seen = new Set([await look()]);
	const began = performance.now();
	const switching = rotate(person, request).finally(() => {
		state.answered = true;
	});
	let [turns, longestMs, last] = [0, 0, began];
	while (!state.answered) {
		await nextTurn();
		turns++;
		longestMs = Math.max(longestMs, performance.now() - last);
		seen.add(await look());
		last = performance.now();
	}
	const tookMs = performance.now() - began;
	expect((await switching).status).toBe(200);
	seen.add(await look());
	expect(turns).toBeGreaterThan(leastTurns());
	expect([...seen]).toEqual(['1 1 1', '2 2 2']);
	const outcome = `${tookMs.toFixed(0)} ms in all, nobody else waited longer than ${longestMs.toFixed(0)} ms`;
	record('the switch of a rotation, others served meanwhile: keys', SECRETS, outcome);
});
