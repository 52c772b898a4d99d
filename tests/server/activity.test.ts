/** The log as its owner reads it, and the notes that a client adds. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	ActivityCountsReply,
	ActivityKind,
	ActivityReply,
	AUDIT_EVENTS,
	NoteRequest
} from '#lib/api/activity.ts';
import { z } from '#lib/api/zod.ts';
import { record } from '#lib/server/audit.ts';
import { Host } from './host.ts';
import { codeOf, newId, parsed, random, secret, sheet, someone, type Person } from './person.ts';
import { textOf } from './tables.ts';
import { UNLIMITED } from './everything.ts';

const PATH = '/api/v1/account/activity';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

let host: Host;
let person: Person;
const [one, other] = [secret(), secret()];

beforeAll(async () => {
	host = await Host.open(UNLIMITED);
	person = await someone(host);
	await person.commit(person.commitOf({ sheets: [sheet()], secrets: [one, other] }));
	await person.readSecrets([one.item], 'copy', { 'user-agent': FIREFOX });
	await person.readSecrets([other.item], 'reveal');
});

afterAll(async () => {
	await host.remove();
});

async function page(query = '', of = person) {
	return await parsed(ActivityReply, await of.send(`${PATH}${query}`));
}

async function eventsOf(query = '', of = person): Promise<string[]> {
	return (await page(query, of)).rows.map(({ event }) => event);
}

function noteOf(change: Partial<z.output<typeof NoteRequest>> = {}) {
	return { id: newId(), act: 'copied' as const, blob: random(285), ...change };
}

async function send(note: z.output<typeof NoteRequest>, of = person, vault = of.vault) {
	return await of.post(`/api/v1/vaults/${vault}/notes`, z.encode(NoteRequest, note));
}

describe('the log of an account', () => {
	test('comes newest first, and is its own', async () => {
		const stranger = await someone(host);
		expect(await eventsOf('', stranger)).toEqual(['sign-in', 'account.made']);
		expect(await eventsOf('?kind=shown')).toEqual(['secret.read']);
		const seqs = (await page()).rows.map(({ seq }) => seq);
		expect(seqs).toEqual([...seqs].sort((a, b) => b - a));
	});

	test('is filtered by kind, key, device and time', async () => {
		expect(await eventsOf('?kind=copied')).toEqual(['secret.read']);
		expect(await eventsOf('?kind=changed')).toEqual(['vault.commit']);
		expect((await page(`?item=${one.item}`)).rows.map(({ detail }) => detail)).toEqual(['copy']);
		const { devices, rows } = await page();
		const firefox = devices.find(({ name }) => name === 'Firefox on Linux');
		expect((await page(`?device=${firefox?.id ?? ''}`)).rows).toHaveLength(1);
		const [newest] = rows;
		const until = String(newest?.atMs ?? 0);
		expect((await page(`?until=${until}`)).rows.every(({ atMs }) => atMs < Number(until))).toBe(
			true
		);
		expect(await eventsOf(`?from=${String(Date.now() + 60_000)}`)).toEqual([]);
	});

	test('has each event under one kind of the filter', async () => {
		const reader = await someone(host);
		const details: Readonly<Record<string, string>> = { note: 'copied', 'secret.read': 'reveal' };
		const rows = AUDIT_EVENTS.map((event) => ({ event, detail: details[event] ?? '1' }));
		await host.server.database.write(record(host.server, reader.account, rows));
		const pages = await Promise.all(
			ActivityKind.options.map((kind) => page(`?kind=${kind}`, reader))
		);
		const seqs = pages.flatMap((each) => each.rows.map(({ seq }) => seq));
		const all = (await page('', reader)).rows.map(({ seq }) => seq);
		expect(seqs.sort((a, b) => b - a)).toEqual(all);
	});

	test('has a sign-in that was asked for its code among sign-ins, and a wrong code among refusals', async () => {
		const reader = await someone(host);
		const rows = ['missing', 'wrong'].map((detail) => ({
			event: 'second-factor.failed' as const,
			detail
		}));
		await host.server.database.write(record(host.server, reader.account, rows));
		const details = async (kind: string) =>
			(await page(`?kind=${kind}`, reader)).rows.map(({ event, detail }) => detail ?? event);
		expect(await details('sign-ins')).toEqual(['missing', 'sign-in']);
		expect(await details('refused')).toEqual(['wrong']);
	});

	test('names the device of the request as the current one', async () => {
		const response = await person.send(PATH, { headers: { 'user-agent': FIREFOX } });
		const { devices } = await parsed(ActivityReply, response);
		expect(devices.filter(({ current }) => current).map(({ name }) => name)).toEqual([
			'Firefox on Linux'
		]);
	});

	test('holds no name of a device in the clear', async () => {
		const rows = await host.sql('select device from audit where device is not null');
		expect(rows.every(({ device }) => /^[\w-]{22}$/.test(textOf(device)))).toBe(true);
		const [row] = await host.sql("select count(*) from audit_devices where name like '%Firefox%'");
		expect(Number(row?.[0])).toBe(0);
	});

	test('comes in pages', async () => {
		const reader = await someone(host);
		const written = secret();
		await reader.commit(reader.commitOf({ secrets: [written] }));
		for (let i = 0; i < 120; i++) await reader.readSecrets([written.item]);
		const first = await page('', reader);
		expect([first.rows.length, first.more]).toEqual([100, true]);
		const rest = await page(`?before=${String(first.rows.at(-1)?.seq)}`, reader);
		expect([rest.rows.length, rest.more]).toEqual([23, false]);
		const counted = await parsed(ActivityCountsReply, await reader.send(`${PATH}/counts`));
		expect(counted.quarters.reduce((sum, [, rows]) => sum + rows, 0)).toBe(123);
	});

	test.each([
		'?before=x',
		'?kind=other',
		'?device=1',
		'?other=1',
		'?kind=copied&kind=shown',
		'?from=-1',
		'?item=AAAAAAAAAAAAAAAAAAAAAB'
	])('refuses the query %s', async (query) => {
		expect(await codeOf(await person.send(`${PATH}${query}`))).toBe('malformed');
		expect(await codeOf(await person.send(`${PATH}/counts${query}`))).toBe('malformed');
	});

	test("finds nothing of another's key or device, exactly as of none", async () => {
		const stranger = await someone(host);
		const [device] = (await page()).devices;
		for (const query of [`?item=${one.item}`, `?device=${device?.id ?? ''}`]) {
			expect((await page(query, stranger)).rows).toEqual([]);
		}
	});
});

describe('a note', () => {
	test('stands in the log as it came, and names its key', async () => {
		const note = noteOf({ item: one.item });
		expect((await send(note)).status).toBe(204);
		const [row] = (await page(`?item=${one.item}&kind=copied`)).rows;
		expect(row).toMatchObject({ event: 'note', detail: 'copied', item: one.item });
		expect(row?.note).toEqual({ id: note.id, generation: 1, blob: note.blob });
	});

	test('is taken once', async () => {
		const note = noteOf();
		expect((await send(note)).status).toBe(204);
		expect(await codeOf(await send(note))).toBe('malformed');
	});

	test("is refused for another's vault exactly as for none", async () => {
		const stranger = await someone(host);
		expect(await codeOf(await send(noteOf(), stranger, person.vault))).toBe('not-found');
		expect(await codeOf(await send(noteOf(), stranger, newId()))).toBe('not-found');
	});

	test('is bounded', async () => {
		expect((await send(noteOf({ blob: random(1_053) }))).status).toBe(204);
		const path = `/api/v1/vaults/${person.vault}/notes`;
		const large = { id: newId(), act: 'copied', blob: 'A'.repeat(1_406) };
		expect(await codeOf(await person.post(path, large))).toBe('malformed');
	});

	test('is wrapped in the database', async () => {
		const [row] = await host.sql('select hex(substr(blob, 1, 1)) from notes');
		expect(row?.[0]).toBe('80');
	});

	test('goes with its row of the log', async () => {
		const [{ forgetHistory }, writer] = [
			await import('#lib/server/retention.ts'),
			await someone(host)
		];
		await send(noteOf(), writer);
		host.ahead += 401 * 86_400_000;
		await forgetHistory(host.server);
		host.ahead = 0;
		const left = await host.sql('select 1 from notes where account = ?', [writer.account]);
		expect(left).toHaveLength(0);
	});
});
