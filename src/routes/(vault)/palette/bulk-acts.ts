/** What the palette offers for the keys that are marked: the same as the bar below the list; and marking. */
import { choicesOf } from '#lib/browser/key-filters.ts';
import type { ListedKey } from '#lib/browser/search.ts';
import type { Vaults } from '#lib/browser/vaults.svelte.ts';
import type { Wallet } from '#lib/browser/wallet.svelte.ts';
import * as m from '#lib/i18n/generated/messages.js';
import type { Speech } from '../../speech.svelte.ts';
import { archivableOf, archiveMarked, tagMarked, trashMarked, unmarkedOf } from '../marked-acts.ts';
import type { Command, Question } from './commands.ts';

type KeyRow = ListedKey['row'];

interface BulkDesk {
	readonly wallet: Wallet;
	readonly vaults: Pick<Vaults, 'several' | 'ask'>;
	readonly speech: Pick<Speech, 'say'>;
	/** Goes to the page that exports, with these. */
	readonly exportKeys: (rows: readonly KeyRow[]) => void;
}

export function bulkActs(desk: BulkDesk): readonly Command[] {
	const { wallet, vaults, exportKeys } = desk;
	const rows = wallet.markedKeys.map(({ row }) => row);
	if (rows.length === 0) return [];
	const keys = keysText(rows.length);
	const archivable = archivableOf(rows);
	const command = (id: string, label: string, act: () => void): Command => ({
		id: `bulk-${id}`,
		label,
		act
	});
	const move = () => {
		vaults.ask({ about: 'move', rows });
	};
	const archive = () => void told(desk, archiveMarked(desk, rows));
	const trash = () => void told(desk, trashMarked(desk, rows));
	const unmark = () => {
		wallet.marked.clear();
	};
	return [
		{ ...command('tag', m.palette_tag({ keys }), () => undefined), asks: whichTag(desk, rows) },
		...(vaults.several ? [command('move', m.vaults_move_title({ keys }), move)] : []),
		...(archivable.length > 0
			? [command('archive', m.palette_archive({ name: keysText(archivable.length) }), archive)]
			: []),
		command('trash', m.palette_trash({ name: keys }), trash),
		command('export', m.palette_export({ keys }), () => {
			exportKeys(rows);
		}),
		command('none', m.bulk_none(), unmark)
	];
}

/** Marks every key that the list shows. */
export function markAllActs(
	{ wallet, speech }: Pick<BulkDesk, 'wallet' | 'speech'>,
	show: () => void
): readonly Command[] {
	const others = unmarkedOf(wallet);
	const count = others.length + wallet.markedKeys.length;
	if (others.length === 0 || count < 2) return [];
	const markAll = () => {
		wallet.marked.add(others.map(({ id }) => id));
		speech.say(m.bulk_marked({ keys: keysText(wallet.markedKeys.length) }));
		show();
	};
	return [{ id: 'bulk-all', label: m.bulk_all({ count }), act: markAll }];
}

/** A tag that is in use, or the one that is typed. */
function whichTag(desk: BulkDesk, rows: readonly KeyRow[]): Question {
	const { wallet } = desk;
	const tagWith = (tag: string): Command => ({
		id: `tag-${tag}`,
		label: m.palette_tag_with({ tag }),
		act: () => void told(desk, tagMarked(desk, rows, tag))
	});
	return {
		title: m.palette_tag({ keys: keysText(rows.length) }),
		placeholder: m.bulk_tag_label(),
		answers(typed) {
			const tag = typed.trim();
			const like = tag.toLowerCase();
			const used = choicesOf(wallet.kept, 'tags').filter((one) => one.toLowerCase().includes(like));
			const isNew = tag !== '' && !used.includes(tag);
			return [...used, ...(isNew ? [tag] : [])].map(tagWith);
		}
	};
}

/** The palette is closed by then: what went wrong is said. */
async function told({ speech }: BulkDesk, doing: Promise<string | undefined>): Promise<void> {
	const problem = await doing;
	if (problem !== undefined) speech.say(problem);
}

function keysText(count: number): string {
	return m.keys_count({ count });
}
