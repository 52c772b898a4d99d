import { beforeEach, describe, expect, test } from 'vitest';
import type { ActivityRow } from '#lib/api/activity.ts';
import { decode, encode } from '#lib/encoding/base64url.ts';
import type { ActivityNote } from '#lib/items/activity-note.ts';
import { Device, EMAIL, errorOf, NOW, PASSWORD, World } from '../../../tests/hostile/harness.ts';
import { refusal } from '../../../tests/refusals.ts';

interface SentNote {
	readonly id: string;
	readonly item?: string;
	readonly act: string;
	readonly blob: string;
}

type Row = Omit<ActivityRow, 'note'> & {
	readonly note?: { readonly id: string; readonly generation: number; readonly blob: string };
};

let device: Device;
/** The log that the server tells. */
let rows: Row[];
/** What was sent to it. */
let notes: SentNote[];

beforeEach(async () => {
	const inner = new World().server.device();
	rows = [];
	notes = [];
	device = new Device(async (url, init) => {
		const { pathname } = new URL(url);
		if (pathname.endsWith('/notes')) {
			const note = JSON.parse(init.body as string) as SentNote;
			notes.push(note);
			rows = [rowOf(note, device.vault.id)];
			return new Response(null, { status: 204 });
		}
		if (pathname.endsWith('/activity/counts')) return Response.json({ quarters: [[3, 2]] });
		if (pathname.endsWith('/activity')) return Response.json({ rows, more: true, devices });
		return await inner(url, init);
	});
	await device.keyholder.prepare(EMAIL, PASSWORD);
	await device.keyholder.register();
	await device.add('a', 'b');
});

const devices = [{ id: 'A'.repeat(22), name: 'Firefox', current: true }];

function rowOf({ id, item, act, blob }: SentNote, vault: string): Row {
	const row = { seq: 1, atMs: NOW, event: 'note', detail: act, vault };
	return { ...row, ...(item === undefined ? {} : { item }), note: { id, generation: 1, blob } };
}

function noteOf(name: string): ActivityNote {
	return { act: 'copied', item: device.row(name).item, form: 'value', field: `field of ${name}` };
}

async function write(note: ActivityNote): Promise<Row> {
	await device.keyholder.affairs.note(device.vault.id, note);
	const [row] = rows;
	if (row === undefined) throw new Error('nothing was written');
	return row;
}

async function shown(...served: readonly Row[]): Promise<(ActivityNote | undefined)[]> {
	rows = [...served];
	const { lines } = await device.keyholder.affairs.activity({});
	return lines.map(({ note }) => note);
}

describe('a note', () => {
	test('comes back as it was written', async () => {
		const row = await write(noteOf('a'));
		expect(await shown(row)).toEqual([noteOf('a')]);
	});

	test('says in the clear what was done with which key, and no more', async () => {
		await write(noteOf('a'));
		const [note] = notes;
		expect(Object.keys(note ?? {}).sort()).toEqual(['act', 'blob', 'id', 'item']);
		expect(note).toMatchObject({ act: 'copied', item: device.row('a').item });
		expect(decode(note?.id ?? '')).toHaveLength(16);
		expect(device.wire.sent()).not.toContain('field of');
		expect(device.wire.requests().at(-1)).toBe(`POST /api/v1/vaults/${device.vault.id}/notes`);
	});

	test('that is about no single key names none', async () => {
		const exported: ActivityNote = { act: 'exported', form: 'age', count: 2 };
		const row = await write(exported);
		expect(Object.keys(notes[0] ?? {}).sort()).toEqual(['act', 'blob', 'id']);
		expect(await shown(row)).toEqual([exported]);
	});

	test('of a vault that is not there is refused', async () => {
		const write = () => device.keyholder.affairs.note('A'.repeat(22), noteOf('a'));
		expect(await errorOf(write)).toMatchObject(refusal('gone'));
	});
});

describe('a note that a server serves with another line', () => {
	test('is not believed of another key', async () => {
		const row = await write(noteOf('a'));
		expect(await shown({ ...row, item: device.row('b').item })).toEqual([undefined]);
	});

	test('is not believed of another act', async () => {
		const row = await write(noteOf('a'));
		expect(await shown({ ...row, detail: 'exported' })).toEqual([undefined]);
	});

	test('is not believed under another id', async () => {
		const row = await write(noteOf('a'));
		const other = await write(noteOf('b'));
		if (row.note === undefined || other.note === undefined) throw new Error('no note');
		const swapped = { ...row, note: { ...row.note, id: other.note.id } };
		expect(await shown(swapped, other)).toEqual([undefined, noteOf('b')]);
	});

	test('is not believed of another vault', async () => {
		const row = await write(noteOf('a'));
		const made = await device.keyholder.vaults.make('Second');
		const other = made.outcome === 'made' ? made.vault : '';
		expect(await shown({ ...row, vault: other })).toEqual([undefined]);
	});

	test('is not believed of keys of another generation', async () => {
		const row = await write(noteOf('a'));
		if (row.note === undefined) throw new Error('no note');
		expect(await shown({ ...row, note: { ...row.note, generation: 2 } })).toEqual([undefined]);
	});

	test('is left out, and the line stays', async () => {
		const { note, ...line } = await write(noteOf('a'));
		if (note === undefined) throw new Error('no note');
		const blob = decode(note.blob);
		blob.fill(0, 70);
		rows = [{ ...line, note: { ...note, blob: encode(blob) } }];
		const { lines } = await device.keyholder.affairs.activity({});
		expect(lines).toStrictEqual([line]);
	});
});

describe('a line', () => {
	test('without a note stays as it is', async () => {
		const line = { seq: 2, atMs: NOW, event: 'sign-in' };
		rows = [line];
		expect(await device.keyholder.affairs.activity({})).toEqual({
			lines: [line],
			more: true,
			devices
		});
	});

	test('of a vault that is gone has no note either', async () => {
		const row = await write(noteOf('a'));
		expect(await shown({ ...row, vault: 'A'.repeat(22) })).toEqual([undefined]);
	});

	test('of no vault has no note either', async () => {
		const { vault, ...row } = await write(noteOf('a'));
		expect(vault).toBe(device.vault.id);
		expect(await shown(row)).toEqual([undefined]);
	});

	test('of a note that this version cannot read has none', async () => {
		const note = { ...noteOf('a'), form: 'smoke signals' } as unknown;
		const row = await write(note as ActivityNote);
		expect(await shown(row)).toEqual([undefined]);
	});
});

describe('a query', () => {
	test('is sent as it was asked, without what was left open', async () => {
		await device.keyholder.affairs.activity({ kind: 'copied', before: undefined });
		const { path } = device.wire.exchanges.at(-1) ?? {};
		expect(path).toBe('/api/v1/account/activity?kind=copied');
	});

	test('counts lines by quarters of an hour', async () => {
		expect(await device.keyholder.affairs.activityCounts({ kind: 'changed' })).toEqual([[3, 2]]);
		const { path } = device.wire.exchanges.at(-1) ?? {};
		expect(path).toBe('/api/v1/account/activity/counts?kind=changed');
	});
});
