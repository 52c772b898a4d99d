/** What is done to marked keys, in one commit each, and what is said then: by the bar and the palette. */
import { archiveKeys, tagKeys } from '#lib/browser/bulk.ts';
import type { ListedKey } from '#lib/browser/search.ts';
import type { SaveOutcome, Wallet } from '#lib/browser/wallet.svelte.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { faultText } from '../fault-text.ts';
import type { Speech } from '../speech.svelte.ts';

type KeyRow = ListedKey['row'];

interface Desk {
	readonly wallet: Wallet;
	readonly speech: Pick<Speech, 'say'>;
}

/** Undefined once it is done; else a sentence of what went wrong, and what was marked stays marked. */
type Problem = Promise<string | undefined>;

/** The keys of the list that are not marked. */
export function unmarkedOf(wallet: Wallet): readonly ListedKey[] {
	return [...wallet.rows, ...wallet.foundArchived].filter(({ id }) => !wallet.marked.has(id));
}

export function archivableOf(rows: readonly KeyRow[]): readonly KeyRow[] {
	return rows.filter(({ overview }) => overview.status !== 'archived');
}

export async function tagMarked(desk: Desk, rows: readonly KeyRow[], tag: string): Problem {
	return await finish(desk, tagKeys(desk.wallet, rows, tag), (keys) =>
		m.bulk_tagged({ keys, tag })
	);
}

export async function archiveMarked(desk: Desk, rows: readonly KeyRow[]): Problem {
	const saving = archiveKeys(desk.wallet, archivableOf(rows), Date.now());
	return await finish(desk, saving, (keys) => m.bulk_archived({ keys }));
}

export async function trashMarked(desk: Desk, rows: readonly KeyRow[]): Problem {
	return await finish(desk, desk.wallet.trash(rows), (keys) => m.wallet_trashed({ name: keys }));
}

async function finish(
	{ wallet, speech }: Desk,
	saving: Promise<SaveOutcome>,
	said: (keys: string) => string
): Problem {
	const saved = await saving;
	if (saved.outcome === 'conflict') return m.form_conflict();
	if (saved.outcome === 'failed') return faultText(saved.fault);
	speech.say(said(m.keys_count({ count: saved.keys.length })));
	wallet.marked.clear();
	return undefined;
}
