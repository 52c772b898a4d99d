/** The activity log: rows of the server, and the sealed notes of this account's clients. */
import type {
	ActivityCountsReply,
	ActivityQuery,
	ActivityReply,
	ActivityRow
} from '#lib/api/activity.ts';
import { routes } from '#lib/api/routes.ts';
import type { Id } from '#lib/api/wire.ts';
import { encode } from '#lib/encoding/base64url.ts';
import { noteJson, readNote, type ActivityNote } from '#lib/items/activity-note.ts';
import { KeyholderError, keyholderError } from '#lib/keyholder/errors.ts';
import type { Holding } from '#lib/keyholder/holding.ts';
import { vaultOf } from '#lib/keyholder/open-account.ts';
import type { ActivityLine, ActivityPage } from '#lib/keyholder/views.ts';
import { openNote, sealNote } from '#lib/protocol/notes.ts';

const ID_BYTES = 16;

export async function readActivity(
	{ link, open }: Holding,
	query: ActivityQuery
): Promise<ActivityPage> {
	const reply: ActivityReply = await link.call(routes.activity, { query: given(query) });
	const lines = await Promise.all(reply.rows.map((row) => lineOf(open, row)));
	return { lines, more: reply.more, devices: reply.devices };
}

export async function countActivity(
	{ link }: Holding,
	query: ActivityQuery
): Promise<ActivityCountsReply['quarters']> {
	const { quarters } = await link.call(routes.activityCounts, { query: given(query) });
	return quarters;
}

/** Tells the log what the server cannot see. */
export async function writeNote(
	{ link, open }: Holding,
	vault: Id,
	note: ActivityNote
): Promise<void> {
	const { place } = vaultOf(open, vault);
	const id = encode(link.ports.random(ID_BYTES));
	const where = { account: place.account, vault, generation: place.generation, note: id };
	const blob = await sealNote(place.keys.notes, where, noteJson(note), link.ports.random);
	const { act, item } = note;
	const body = { id, act, blob, ...(item === undefined ? {} : { item }) };
	await link.call(routes.note, { params: { vault }, body });
}

async function lineOf(
	open: Holding['open'],
	{ note: sealed, ...row }: ActivityRow
): Promise<ActivityLine> {
	if (sealed === undefined) return row;
	const note = await noteOf(open, row, sealed);
	return note === undefined ? row : { ...row, note };
}

/**
 * The note, if it opens, can be read, and is about the row that it was served with: a server may give
 * it to another. What is wrong with a note concerns nothing that is held.
 */
async function noteOf(
	{ state, vaults }: Holding['open'],
	{ vault, item, detail }: Omit<ActivityRow, 'note'>,
	{ id, generation, blob }: NonNullable<ActivityRow['note']>
): Promise<ActivityNote | undefined> {
	const place = vault === undefined ? undefined : vaults.get(vault)?.place;
	if (place?.generation !== generation) return undefined;
	const where = { account: state.account, vault: place.id, generation, note: id };
	try {
		const note = readNote(await openNote(place.keys.notes, where, blob));
		if (note === undefined) return undefined;
		return note.act === detail && note.item === item ? note : undefined;
	} catch (error) {
		if (keyholderError(error) instanceof KeyholderError) return undefined;
		throw error;
	}
}

function given(query: ActivityQuery): Record<string, string> {
	return Object.fromEntries(
		Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
	);
}
