/** The values that a key had before: how a new one takes their place, and how they go. */
import { FaultError, faultOf } from '#lib/browser/fault.ts';
import { noteSaved } from '#lib/browser/notes.ts';
import { saveByVault } from '#lib/browser/save-by-vault.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import type { SaveOutcome, Wallet } from '#lib/browser/wallet.svelte.ts';
import { draftOf, editKey } from '#lib/items/draft.ts';
import { present, without } from '#lib/items/json.ts';
import type { PreviousValue, Secret } from '#lib/items/key.ts';
import {
	keepUntilOf,
	samePrevious,
	withoutPast,
	withoutPrevious,
	withPrevious
} from '#lib/items/previous.ts';
import type { KeyEdit, KeyRow, ReadResult } from '#lib/keyholder/views.ts';

export type { ReadResult };

/** A key before and after its past values were dropped. */
export interface Rewritten {
	readonly from: KeyRow;
	readonly to: KeyRow;
}

/** What a person said of a new value. */
export interface NewValues {
	/** By name; one that is missing stays. */
	readonly values: ReadonlyMap<string, string>;
	readonly expiresOn: string | undefined;
	/** How long the value before is kept; 0 for not at all, undefined until it is dropped by hand. */
	readonly keepDays: number | undefined;
}

/** With the largest secrets they still fit into one commit. */
const KEYS_A_COMMIT = 100;

/** Gives the key new values, from which the days until the next rotation count. */
export async function rotateKey(
	wallet: Wallet,
	{ row, secret }: ReadResult,
	{ values, expiresOn, keepDays }: NewValues,
	now: number
): Promise<SaveOutcome> {
	try {
		const draft = draftOf({ overview: row.overview, secret });
		const fields = draft.fields.map((field) => ({
			...field,
			value: values.get(field.name) ?? field.value
		}));
		const until = keepDays === undefined ? undefined : keepUntilOf(keepDays, now);
		const wanted = { ...without(draft, ['expiresOn']), fields, ...present({ expiresOn }) };
		const edited = editKey({ overview: row.overview, secret }, wanted, now, until);
		// Only a value that was replaced just now is the one to drop.
		const drops = keepDays === 0 && edited.secretChanged;
		const key = (drops ? withoutPrevious(edited, 0) : undefined) ?? edited;
		// It was about the end of the value before.
		const overview = without(key.overview, ['reminderOn']);
		return await wallet.save([{ kind: 'change', base: row, overview, secret: key.secret }]);
	} catch (error) {
		return { outcome: 'failed', fault: faultOf(error) };
	}
}

/**
 * Drops one previous value, as it was shown; `changed` if it is not there any more. It can be undone
 * for some seconds.
 */
export async function dropPreviousValue(
	wallet: Wallet,
	row: KeyRow,
	shown: PreviousValue
): Promise<SaveOutcome | undefined> {
	const opened = await wallet.open(row);
	if (opened === undefined) return undefined;
	const key = { overview: opened.row.overview, secret: opened.secret };
	// Another device may have put one before it: its place in the list says nothing.
	const index = (key.secret.previous ?? []).findIndex((previous) => isSame(previous, shown));
	const left = withoutPrevious(key, index);
	if (left === undefined) return { outcome: 'failed', fault: { code: 'changed' } };
	const saved = await wallet.save([{ kind: 'change', base: opened.row, ...left }]);
	if (saved.outcome !== 'saved') return saved;
	const { secret } = key;
	wallet.undoOffer.make('previous', saved.keys, () =>
		wallet.save(saved.keys.map((base) => withSecret(base, secret)))
	);
	return saved;
}

/**
 * Drops the previous values that are past their date, in as few commits as hold them.
 *
 * @returns the rows that were written, and the ids of those that could not be opened
 * @throws {FaultError} if nothing could be written
 */
export async function dropPast(
	session: Session,
	rows: readonly KeyRow[],
	now: number
): Promise<{ readonly rewritten: readonly Rewritten[]; readonly spared: readonly string[] }> {
	const edits: Extract<KeyEdit, { kind: 'change' }>[] = [];
	const spared: string[] = [];
	for (const row of rows.slice(0, KEYS_A_COMMIT)) {
		const secret = await secretOf(session, row);
		const left = secret && withoutPast({ overview: row.overview, secret }, now);
		if (left === undefined) spared.push(row.item);
		else edits.push({ kind: 'change', base: row, ...left, yields: true });
	}
	const saved = await session.call((host) => saveByVault(host, edits));
	await session.look();
	if (saved.outcome === 'conflict') throw new FaultError({ code: 'changed' });
	const rewritten = edits.flatMap(({ base }) => {
		const to = saved.keys.find(({ item, vault }) => item === base.item && vault === base.vault);
		return to === undefined ? [] : [{ from: base, to }];
	});
	if (rewritten.length === edits.length) noteSaved(session, edits, saved.keys);
	return { rewritten, spared };
}

/** An edit that began before past values were dropped, as one of the key without them. */
export function ofRewritten(edit: KeyEdit, rewritten: readonly Rewritten[]): KeyEdit {
	if (edit.kind === 'add') return edit;
	const to = rewritten.find(({ from }) => from === edit.base)?.to;
	if (to === undefined) return edit;
	if (edit.kind === 'drop' || edit.secret !== undefined) return { ...edit, base: to };
	return { ...edit, base: to, overview: samePrevious(edit.overview, to.overview) };
}

/** Undefined if it is not there, or not the row's any more: then there is nothing to drop here. */
async function secretOf(session: Session, row: KeyRow): Promise<Secret | undefined> {
	const ref = { vault: row.vault, item: row.item };
	try {
		const read = await session.call((host) => host.read(ref, 'edit'));
		return read.row.revision === row.revision ? read.secret : undefined;
	} catch (error) {
		const { code } = faultOf(error);
		if (code === 'offline' || code === 'locked') throw error;
		return undefined;
	}
}

function isSame(a: PreviousValue, b: PreviousValue): boolean {
	const { fields } = b;
	return (
		a.replacedAt === b.replacedAt &&
		a.fields.length === fields.length &&
		a.fields.every(({ name, value }, i) => fields[i]?.name === name && fields[i].value === value)
	);
}

function withSecret(base: KeyRow, secret: Secret): KeyEdit {
	return { kind: 'change', base, overview: withPrevious(base.overview, secret), secret };
}
