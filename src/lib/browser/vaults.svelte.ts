/**
 * The vaults of an open account as the screen shows them: which one, and which dialog is open about
 * them. What is done in the dialogs is in `vault-work.svelte.ts`, which they load.
 */
import type { Session } from '#lib/browser/session.svelte.ts';
import type { Wallet } from '#lib/browser/wallet.svelte.ts';
import type { KeyRow, VaultView } from '#lib/keyholder/views.ts';

export type { KeyRow, VaultView };

export type VaultQuestion =
	| { readonly about: 'make' }
	| { readonly about: 'rename' | 'drop'; readonly vault: VaultView }
	| { readonly about: 'move'; readonly rows: readonly KeyRow[] };

export class Vaults {
	#question = $state.raw<VaultQuestion>();

	constructor(
		private readonly session: Session,
		private readonly wallet: Wallet
	) {
		session.onLock(() => {
			this.#question = undefined;
		});
	}

	/** In the order of their making. */
	get all(): readonly VaultView[] {
		return this.session.view?.vaults ?? [];
	}
	get several(): boolean {
		return this.all.length > 1;
	}
	/** The one whose keys are shown; undefined for all of them. */
	get shown(): VaultView | undefined {
		return this.wallet.shownVault;
	}
	/** What is asked in a dialog now. */
	get question(): VaultQuestion | undefined {
		return this.#question;
	}

	/** Shows the keys of one vault, or of all. */
	show(id: string | undefined): void {
		this.wallet.query = '';
		this.wallet.showVault(id);
	}

	/** What a vault is called. */
	nameOf(id: string): string {
		return this.all.find((vault) => vault.id === id)?.name ?? '';
	}

	/** Opens the dialog about it. */
	ask(question: VaultQuestion): void {
		this.#question = question;
	}

	/**
	 * Of the keys that were to go to `target`, those that have got there are marked no more; what stayed
	 * stays marked. A key is another item there.
	 */
	unmarkMoved(rows: readonly KeyRow[], target: string): void {
		const gone = rows.filter(
			({ item, vault }) => vault === target || this.wallet.find(item) === undefined
		);
		this.wallet.marked.remove(gone.map(({ item }) => item));
	}

	answered(): void {
		this.#question = undefined;
	}
}
