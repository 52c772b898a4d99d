/** The acts, places and vaults of the palette, as they are offered now. */
import { tick } from 'svelte';
import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { page } from '$app/state';
import type { App } from '#lib/browser/app.svelte.ts';
import { showView } from '#lib/browser/saved-views.ts';
import type { ListedKey } from '#lib/browser/search.ts';
import type { Vault } from '#lib/browser/vault.svelte.ts';
import type { Vaults } from '#lib/browser/vaults.svelte.ts';
import * as m from '#lib/i18n/generated/messages.js';
import { shownText } from '#lib/ui/shown-text.ts';
import type { Desk } from '../../context.ts';
import type { Speech } from '../../speech.svelte.ts';
import { PLACES } from '../places.ts';
import { currentRow, focusSearch } from '../regions.ts';
import { Copying } from '../wallet/copying.svelte.ts';
import { fragmentOf, placeOf, type PanelForm } from '../wallet/fragment.ts';
import { takeBack } from '../wallet/take-back.ts';
import { bulkActs, markAllActs } from './bulk-acts.ts';
import { fitting, type Command } from './commands.ts';
import { filterActs } from './filter-acts.ts';
import { keyActs } from './key-acts.ts';
import { listActs } from './list-acts.ts';
import { viewActs } from './view-acts.ts';

/** What can be done now: with the key that is open, with what was done last, with the app. */
export function acts(app: App, vault: Vault, desk: Desk, onhelp: () => void): readonly Command[] {
	const { speech } = desk;
	const inWallet = page.url.pathname === resolve('/wallet');
	const exportKeys = (rows: Desk['toExport']) => {
		desk.toExport = rows;
		void goto(resolve('/backup'));
	};
	return [
		...bulkActs({ wallet: vault.wallet, vaults: vault.vaults, speech, exportKeys }),
		...(inWallet ? ofKeys(app, vault, speech) : []),
		...ofMoment(app, vault, speech),
		{
			id: 'add',
			label: m.wallet_add(),
			caps: ['n'],
			act: () => void goto(resolve('/wallet/new'))
		},
		...ofList(vault, speech),
		{ id: 'refresh', label: m.palette_refresh(), act: () => void vault.wallet.refresh() },
		{ id: 'help', label: m.keys_title(), caps: ['?'], act: onhelp },
		{
			id: 'lock',
			label: m.nav_lock(),
			caps: ['Shift', 'L'],
			act: () => {
				app.session.lock();
			}
		},
		{ id: 'sign-out', label: m.account_sign_out(), act: () => void app.session.signOut() }
	];
}

/** How the list is shown, which keys of it, and which of them are marked: what fits a query of that. */
export function orders(
	{ wallet, preferences }: Vault,
	{ speech }: Desk
): (query: string) => readonly Command[] {
	const show = () => {
		const isShown = document.querySelector('[data-region="list"]:not([inert] *)') !== null;
		// What is open beside it stays open.
		if (!isShown) void goto(resolve('/wallet'));
	};
	const filters = filterActs(wallet, show);
	const others = [...listActs(wallet, show), ...viewActs({ wallet, preferences, speech })];
	const marks = markAllActs({ wallet, speech }, show);
	return (query) => fitting([...marks, ...filters(query), ...others], query);
}

export function vaultActs(vaults: Vaults): readonly Command[] {
	const show = (id: string | undefined) => {
		vaults.show(id);
		void goto(resolve('/wallet'));
	};
	const { all, several } = vaults;
	const shows = all.map(({ id, name }) => ({
		id: `show-${id}`,
		label: m.palette_show_vault({ name: shownText(name) }),
		act: () => {
			show(id);
		}
	}));
	const every = {
		id: 'show-all',
		label: m.palette_show_all(),
		act: () => {
			show(undefined);
		}
	};
	const renames = all.map((vault) => ({
		id: `rename-${vault.id}`,
		label: m.palette_rename_vault({ name: shownText(vault.name) }),
		act: () => {
			vaults.ask({ about: 'rename', vault });
		}
	}));
	const drops = all.map((vault) => ({
		id: `drop-${vault.id}`,
		label: m.palette_drop_vault({ name: shownText(vault.name) }),
		act: () => {
			vaults.ask({ about: 'drop', vault });
		}
	}));
	const make = {
		id: 'make',
		label: m.vaults_make(),
		act: () => {
			vaults.ask({ about: 'make' });
		}
	};
	return several ? [every, ...shows, make, ...renames, ...drops] : [make, ...renames];
}

export function places(): readonly Command[] {
	const within = [
		{ path: '/security/password', label: m.palette_password },
		{ path: '/security/two-factor', label: m.palette_two_factor },
		{ path: '/security/renew', label: m.palette_renew },
		{ path: '/dates', label: m.dates_title }
	] as const;
	return [
		...PLACES.map(({ path, label, key }) => ({
			id: path,
			label: label(),
			caps: ['g', key],
			act: () => void goto(resolve(path))
		})),
		...within.map(({ path, label }) => ({
			id: path,
			label: label(),
			act: () => void goto(resolve(path))
		})),
		{ id: 'export', label: m.bulk_export(), act: () => void goto(resolve('/backup')) }
	];
}

/** Of the key in the panel, and of the one in the list that has focus or would get it. */
function ofKeys(app: App, vault: Vault, speech: Speech): readonly Command[] {
	const { selected } = vault.wallet;
	const id = currentRow()?.dataset['row'];
	const current = id === undefined ? undefined : vault.wallet.find(id);
	return [
		...(selected === undefined ? [] : ofKey(selected, app, vault, speech)),
		...(current === undefined || current.id === selected?.id
			? []
			: ofKey(current, app, vault, speech).map((command) => ({
					...command,
					id: `current-${command.id}`
				})))
	];
}

function ofKey(
	key: ListedKey,
	{ clipboard, session }: App,
	{ wallet, vaults }: Vault,
	speech: Speech
): readonly Command[] {
	const isOpen = key.id === wallet.selected?.id;
	const show = async (form?: PanelForm) => {
		await goto(resolve(`/wallet${fragmentOf(key.id, form)}`));
		// The page takes the key from the address only then.
		await tick();
	};
	return keyActs(key, isOpen ? placeOf(page.url.hash).form : undefined, {
		wallet,
		vaults,
		speech,
		copying: new Copying(wallet, clipboard, speech, session),
		open: async () => {
			if (!isOpen) await show();
		},
		showForm: (form) => void show(form),
		close: async () => {
			if (isOpen) await goto(resolve('/wallet'));
		}
	});
}

/** The list's field, and the lists that were kept under a name. */
function ofList({ wallet, preferences }: Vault, speech: Speech): readonly Command[] {
	const { listed, archived } = wallet.counts;
	if (listed + archived === 0) return [];
	const search = async () => {
		// Where a panel covers the list, it makes room.
		if (focusSearch()) return;
		await goto(resolve('/wallet'));
		await tick();
		focusSearch();
	};
	return [
		{ id: 'search', label: m.palette_search(), caps: ['/'], act: () => void search() },
		...preferences.views.map((view, number) => ({
			id: `view-${number}`,
			label: m.palette_view({ name: shownText(view.name) }),
			act: () => {
				showView(wallet, view);
				speech.say(m.views_shown({ name: view.name }));
				void goto(resolve('/wallet'));
			}
		}))
	];
}

/** What is possible for some seconds only. */
function ofMoment({ clipboard }: App, { wallet }: Vault, speech: Speech): readonly Command[] {
	return [
		...(wallet.undo === undefined
			? []
			: [{ id: 'undo', label: m.undo(), caps: ['z'], act: () => void takeBack(wallet, speech) }]),
		...(clipboard.held === undefined
			? []
			: [{ id: 'clear', label: m.palette_clear(), act: () => void clipboard.clear() }])
	];
}
