/** What the palette offers for one key, in the order of its panel. */
import { archiveKeys } from '#lib/browser/bulk.ts';
import { useAgain } from '#lib/browser/key-status.ts';
import type { ListedKey } from '#lib/browser/search.ts';
import type { Vaults } from '#lib/browser/vaults.svelte.ts';
import type { SaveOutcome, Wallet } from '#lib/browser/wallet.svelte.ts';
import { VALUE_FORMS, variablesOf, type CopyChoice } from '#lib/items/copy-forms.ts';
import { copyOrder } from '#lib/items/copy-order.ts';
import { linkOf } from '#lib/items/link.ts';
import * as m from '#lib/i18n/generated/messages.js';
import type { Speech } from '../../speech.svelte.ts';
import { openPage } from '../open-page.ts';
import type { Copying } from '../wallet/copying.svelte.ts';
import { formText } from '../wallet/copy-entries.ts';
import type { PanelForm } from '../wallet/fragment.ts';
import type { Command } from './commands.ts';

export interface KeyDesk {
	readonly wallet: Wallet;
	readonly vaults: Pick<Vaults, 'several' | 'ask'>;
	readonly speech: Pick<Speech, 'say'>;
	readonly copying: Pick<Copying, 'value' | 'as'>;
	/** Opens the panel, where it is another key's or closed. */
	readonly open: () => Promise<void>;
	/** Shows a form in the place of the panel. */
	readonly showForm: (form: PanelForm) => void;
	/** Leaves the panel: its key is in the list no more. */
	readonly close: () => Promise<void>;
}

/** @param form the one that stands in the place of the panel: it shows the values itself */
export function keyActs(
	key: ListedKey,
	form: PanelForm | undefined,
	desk: KeyDesk
): readonly Command[] {
	const { overview, unreadable } = key.row;
	if (overview.trashedAt !== undefined) return [];
	const readable = unreadable !== true;
	return [
		...(readable ? copies(key, desk) : []),
		...(readable && form === undefined ? [reveal(key, desk)] : []),
		...forms(key, desk),
		...aside(key, desk),
		...ends(key, desk),
		marking(key, desk)
	];
}

/** Every way to copy it. */
export function copies(key: ListedKey, { copying }: Pick<KeyDesk, 'copying'>): readonly Command[] {
	const { name, fields } = key.row.overview;
	const variables = variablesOf(key.row.overview);
	const copyAs = (id: string, label: string, choice: CopyChoice): Command => ({
		id: `copy-${id}`,
		label,
		act: () => void copying.as(key, choice)
	});
	const inForms = (field: number, text: (form: string) => string) =>
		VALUE_FORMS.filter((form) => form !== 'value').map((form) =>
			copyAs(`${form}-${field}`, text(formText(form, variables[field] ?? m.copy_as_name())), {
				form,
				field
			})
		);
	const value = (field: number, label: string): Command => ({
		id: `copy-value-${field}`,
		label,
		act: () => void copying.value(key, field)
	});
	if (fields.length <= 1) {
		return [
			{ ...value(0, m.panel_copy_field({ name })), caps: ['c'] },
			...inForms(0, (form) => m.palette_copy_as({ name, form }))
		];
	}
	const ordered = copyOrder(key.row.overview).map((index) => ({
		index,
		field: fields[index]?.name ?? ''
	}));
	return [
		...ordered.map(({ index, field }) => value(index, m.palette_copy_value({ name, field }))),
		copyAs('all-env', m.palette_copy_all_env({ name }), { form: 'all-env' }),
		copyAs('all-json', m.palette_copy_all_json({ name }), { form: 'all-json' }),
		...ordered.flatMap(({ index, field }) =>
			inForms(index, (form) => m.palette_copy_value_as({ name, field, form }))
		)
	];
}

function reveal({ id, row }: ListedKey, { wallet, speech, open }: KeyDesk): Command {
	const { name } = row.overview;
	const { now } = wallet.reveals;
	if (now.shown?.id === id) {
		const hide = () => {
			now.hide();
		};
		return { id: 'hide', label: m.palette_hide({ name }), caps: ['r'], act: hide };
	}
	const show = async () => {
		await open();
		await wallet.reveal(row);
		const count = now.shown?.secondsLeft;
		if (count !== undefined) speech.say(m.panel_reveal_left({ count }));
	};
	return { id: 'reveal', label: m.palette_reveal({ name }), caps: ['r'], act: () => void show() };
}

function forms({ row }: ListedKey, { showForm }: KeyDesk): readonly Command[] {
	const { name, status } = row.overview;
	const form = (id: PanelForm, label: string): Command => ({
		id,
		label,
		act: () => {
			showForm(id);
		}
	});
	return [
		{ ...form('edit', m.palette_edit({ name })), caps: ['e'] },
		...(status === 'active' && row.unreadable !== true
			? [form('rotate', m.rotate_title({ name }))]
			: [])
	];
}

/** Its page at the provider, and another vault for it. */
function aside({ row }: ListedKey, { vaults }: KeyDesk): readonly Command[] {
	const { name, url = '' } = row.overview;
	const commands: Command[] = [];
	if (linkOf(url) !== undefined) {
		commands.push({
			id: 'page',
			label: m.palette_page({ name }),
			caps: ['o'],
			act: () => {
				openPage({ row });
			}
		});
	}
	if (vaults.several) {
		commands.push({
			id: 'move',
			label: m.vaults_move_title({ keys: name }),
			act: () => {
				vaults.ask({ about: 'move', rows: [row] });
			}
		});
	}
	return commands;
}

/** As the foot of the panel has them: what can be done depends on what was done. */
function ends({ row }: ListedKey, desk: KeyDesk): readonly Command[] {
	const { wallet, speech, close, showForm } = desk;
	const { name, status } = row.overview;
	const tell = (saved: SaveOutcome, text: string) => {
		if (saved.outcome === 'conflict') speech.say(m.form_conflict());
		if (saved.outcome === 'saved') speech.say(text);
		return saved.outcome === 'saved';
	};
	const revoke = () => {
		showForm('revoke');
	};
	const back = async () => tell(await useAgain(wallet, row), m.end_used_again({ name }));
	const archive = async () =>
		tell(await archiveKeys(wallet, [row], Date.now()), m.bulk_archived_toast({ name }));
	const trash = async () => {
		if (tell(await wallet.trash([row]), m.wallet_trashed({ name }))) await close();
	};
	return [
		status === 'active'
			? { id: 'revoke', label: m.palette_revoke({ name }), act: revoke }
			: { id: 'use-again', label: m.palette_use_again({ name }), act: () => void back() },
		...(status === 'archived'
			? []
			: [{ id: 'archive', label: m.palette_archive({ name }), act: () => void archive() }]),
		{ id: 'trash', label: m.palette_trash({ name }), caps: ['#'], act: () => void trash() }
	];
}

/** For what is done to several at once. */
function marking({ id, row }: ListedKey, { wallet, speech }: KeyDesk): Command {
	const { name } = row.overview;
	const toggle = () => {
		wallet.marked.toggle(id);
		speech.say(m.bulk_marked({ keys: m.keys_count({ count: wallet.markedKeys.length }) }));
	};
	const label = wallet.marked.has(id) ? m.palette_unmark({ name }) : m.bulk_mark_name({ name });
	return { id: 'mark', label, caps: ['x'], act: toggle };
}
