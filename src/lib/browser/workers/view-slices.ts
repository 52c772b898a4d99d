/**
 * An account's view on its way from the worker to the page: first a head without its rows, then the
 * rows in slices, since a large account at once would stop the page for longer than it may.
 *
 * Views are fetched one after another. So the slices of two never mix, and the one that was cut last
 * is the one that arrives last.
 */
import { FaultError } from '#lib/browser/fault.ts';
import { byName } from '#lib/browser/name-order.ts';
import { ahead } from '#lib/keyholder/ahead.ts';
import type { AccountView, KeyRow } from '#lib/keyholder/views.ts';

/** Rows taken over at once: about 10 ms of the page's thread, so that it never stands still. */
export const SLICE_ROWS = 2_000;
/** The worker writes one slice while the page reads another. */
const SLICES_AHEAD = 2;

/** The account without its rows, and how many each vault has. */
export interface ViewHead {
	/** Which view the slices are to be cut from. */
	readonly number: number;
	readonly view: AccountView;
	readonly rows: readonly number[];
}

/** In the worker: keeps the view that is being fetched. */
export class ViewCutter {
	#number = 0;
	#view: AccountView | undefined;

	head(view: AccountView): ViewHead {
		const vaults = view.vaults.map((vault) => ({ ...vault, keys: [...vault.keys].sort(byName) }));
		this.#view = { ...view, vaults };
		const empty = vaults.map((vault) => ({ ...vault, keys: [] }));
		return {
			number: ++this.#number,
			view: { ...view, vaults: empty },
			rows: vaults.map(({ keys }) => keys.length)
		};
	}

	/**
	 * Rows as JSON: a text crosses between threads with less work on both sides than what it says.
	 *
	 * @returns undefined if the view of that number is not kept any more
	 */
	rows(number: number, vault: number, from: number, to: number): string | undefined {
		const keys = number === this.#number ? this.#view?.vaults[vault]?.keys : undefined;
		return keys && JSON.stringify(keys.slice(from, to));
	}

	forget(): void {
		this.#view = undefined;
	}
}

export interface ViewSource {
	head(): Promise<ViewHead>;
	rows: (...where: Parameters<ViewCutter['rows']>) => Promise<ReturnType<ViewCutter['rows']>>;
}

/** In the page. */
export class ViewReader {
	#last: Promise<unknown> = Promise.resolve();

	constructor(private readonly source: ViewSource) {}

	/** @throws {FaultError} `locked` if the worker has forgotten the view meanwhile */
	read(): Promise<AccountView> {
		const view = this.#last.then(() => this.#whole());
		this.#last = view.catch(() => undefined);
		return view;
	}

	async #whole(): Promise<AccountView> {
		const { number, view, rows } = await this.source.head();
		const vaults = [];
		for (const [index, vault] of view.vaults.entries()) {
			const keys: KeyRow[] = [];
			const starts = Array.from(
				{ length: Math.ceil((rows[index] ?? 0) / SLICE_ROWS) },
				(_, slice) => slice * SLICE_ROWS
			);
			const slices = ahead(starts, SLICES_AHEAD, (from) =>
				this.source.rows(number, index, from, from + SLICE_ROWS)
			);
			for await (const slice of slices) {
				if (slice === undefined) throw new FaultError({ code: 'locked' });
				keys.push(...(JSON.parse(slice) as KeyRow[]));
			}
			vaults.push({ ...vault, keys });
		}
		return { ...view, vaults };
	}
}
