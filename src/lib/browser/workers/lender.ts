/**
 * Keeps what opens the account while tabs of this browser live, so that the next one opens without
 * the password. It opens nothing itself. Whatever is unclear is forgotten: a person types a password
 * once more then, and that is all.
 */
import type { Clock } from '#lib/browser/clock.ts';
import { CHECK_MS, lapseOf } from '#lib/browser/lapse.ts';
import type { Lent } from '#lib/keyholder/lending.ts';

/** What the worker of a tab says; only `ask` is answered. */
export type ToLender =
	| { readonly kind: 'lend'; readonly lent: Lent }
	| { readonly kind: 'ask' }
	| { readonly kind: 'withdraw' };

export interface LenderAnswer {
	readonly lent: Lent | undefined;
}

export interface LenderPorts {
	readonly clock: Clock;
	/** Settles once the tab of this name is no more, or if that cannot be watched. */
	readonly gone: (tab: string) => Promise<unknown>;
	/** Shows to other tabs that something is kept; the function returned takes that back. */
	readonly show: () => () => void;
}

/** After the last tab closed: long enough for a page that is loaded again. */
const LAST_TAB_MS = 4_000;

export class Lender {
	readonly #tabs = new Set<string>();
	#lent: Lent | undefined;
	#end: (() => void) | undefined;
	#activeAt = 0;
	#checkedAt = 0;

	constructor(private readonly ports: LenderPorts) {}

	/** A tab is there. It is counted until it is gone. */
	join(tab: string): void {
		if (this.#tabs.has(tab)) return;
		this.#tabs.add(tab);
		const left = () => {
			this.#left(tab);
		};
		void this.ports.gone(tab).then(left, left);
	}

	/** The worker of `tab` says something. */
	hear(tab: string, said: ToLender, answer: (answer: LenderAnswer) => void): void {
		this.#check();
		// One that nobody saw come, or that is gone, keeps nothing here and gets nothing.
		const known = this.#tabs.has(tab);
		switch (said.kind) {
			case 'ask':
				answer({ lent: known ? this.#lent : undefined });
				break;
			case 'withdraw':
				this.forget();
				break;
			case 'lend':
				if (known) this.#keep(said.lent);
		}
	}

	/** Somebody is at one of the tabs. The time that passed counts first: it may be a waking up. */
	present(): void {
		this.#check();
		this.#activeAt = this.ports.clock.now();
	}

	forget(): void {
		this.#lent = undefined;
		this.#end?.();
		this.#end = undefined;
	}

	#keep(lent: Lent): void {
		this.#lent = lent;
		if (this.#end !== undefined) return;
		this.#activeAt = this.#checkedAt = this.ports.clock.now();
		const hide = this.ports.show();
		const endChecks = this.ports.clock.every(CHECK_MS, () => {
			this.#check();
		});
		this.#end = () => {
			endChecks();
			hide();
		};
	}

	#check(): void {
		if (this.#lent === undefined) return;
		const now = this.ports.clock.now();
		// A clock that was set back must not make it keep anything for longer.
		if (now < this.#activeAt) this.#activeAt = now;
		const watched = { activeAt: this.#activeAt, checkedAt: this.#checkedAt };
		this.#checkedAt = now;
		if (lapseOf(now, watched, this.#lent.autoLock) !== undefined) this.forget();
	}

	#left(tab: string): void {
		this.#tabs.delete(tab);
		this.ports.clock.after(LAST_TAB_MS, () => {
			if (this.#tabs.size === 0) this.forget();
		});
	}
}
