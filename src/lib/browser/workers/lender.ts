/**
 * Keeps what opens the account while it is open in a tab of this browser, so that the next tab opens
 * without the password. It opens nothing itself. Whatever is unclear is forgotten: a person types a
 * password once more then, and that is all.
 *
 * What is said comes over ports, in no order between two of them. So every worker has a port of its
 * own, for one unlock: whatever makes the lender forget also makes it deaf to every port that had a
 * part in what is forgotten. Something lent a moment too late is not kept, and nobody takes back what
 * was lent after.
 */
import type { Clock } from '#lib/browser/clock.ts';
import { CHECK_MS, lapseOf } from '#lib/browser/lapse.ts';
import type { LenderAnswer, ToLender } from '#lib/browser/workers/lender-messages.ts';
import type { Lent } from '#lib/keyholder/lent.ts';

export interface LenderPorts {
	readonly clock: Clock;
	/** Settles once the tab of this name is no more, or if that cannot be watched. */
	readonly gone: (tab: string) => Promise<unknown>;
	/** Shows to other tabs that something is kept; the function returned takes that back. */
	readonly show: () => () => void;
}

/** The worker of a tab, from its start to its end. */
export interface Visitor {
	hear(said: ToLender, answer: (answer: LenderAnswer) => void): void;
	/** Its page has ended it. Unless `keep`, what it has lent is forgotten. */
	leave(keep: boolean): void;
}

interface Visit {
	readonly tab: string;
	/** When it had its part in what is lent: see {@link Lender.forget}. */
	era: number | undefined;
	hasLent: boolean;
	over: boolean;
}

/** After the last open tab closed: long enough for a page that is loaded again. */
const LAST_TAB_MS = 4_000;

export class Lender {
	readonly #tabs = new Set<string>();
	/** Those in which the account is open. */
	readonly #open = new Set<Visit>();
	#lent: Lent | undefined;
	/** Raised whenever it forgets. */
	#era = 0;
	#end: (() => void) | undefined;
	#cancelClosing: (() => void) | undefined;
	#activeAt = 0;
	#checkedAt = 0;

	constructor(private readonly ports: LenderPorts) {}

	/** A worker of `tab` is there. */
	visit(tab: string): Visitor {
		this.#join(tab);
		const visit: Visit = { tab, era: undefined, hasLent: false, over: false };
		return {
			hear: (said, answer) => {
				this.#hear(visit, said, answer);
			},
			leave: (keep) => {
				this.#leave(visit, keep);
			}
		};
	}

	/** Somebody is at one of the tabs. The time that passed counts first: it may be a waking up. */
	present(): void {
		this.#check();
		this.#activeAt = this.ports.clock.now();
	}

	forget(): void {
		this.#era++;
		this.#lent = undefined;
		this.#open.clear();
		this.#stay();
		this.#end?.();
		this.#end = undefined;
	}

	#join(tab: string): void {
		if (this.#tabs.has(tab)) return;
		this.#tabs.add(tab);
		// A page that is there is about to ask: a slow machine needs its time for that too.
		if (this.#cancelClosing !== undefined) this.#closeSoon();
		const left = () => {
			this.#tabs.delete(tab);
			for (const visit of this.#open) if (visit.tab === tab) this.#close(visit);
		};
		void this.ports.gone(tab).then(left, left);
	}

	#hear(visit: Visit, said: ToLender, answer: (answer: LenderAnswer) => void): void {
		this.#check();
		const deaf = this.#isDeafTo(visit);
		if (said.kind === 'ask') {
			const lent = deaf ? undefined : this.#lent;
			if (lent !== undefined) this.#enter(visit);
			answer({ lent });
		} else if (said.kind === 'lend') {
			if (!deaf) this.#keep(visit, said.lent);
		} else {
			// It is locked. Whatever comes over the same port after that is of another unlock.
			visit.era = undefined;
			visit.hasLent = false;
			if (said.kind === 'withdraw' && !deaf) this.forget();
			else this.#close(visit);
		}
	}

	/** Besides what is over: a tab that nobody saw come, or that is gone. */
	#isDeafTo({ tab, era, over }: Visit): boolean {
		return over || !this.#tabs.has(tab) || (era !== undefined && era !== this.#era);
	}

	#keep(visit: Visit, lent: Lent): void {
		const kept = this.#lent;
		if (kept !== undefined && kept.account !== lent.account) this.forget();
		// The keys were replaced by a tab that was faster.
		else if (kept !== undefined && kept.generation > lent.generation) return;
		this.#lent = lent;
		visit.hasLent = true;
		this.#enter(visit);
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

	#enter(visit: Visit): void {
		visit.era = this.#era;
		this.#open.add(visit);
		this.#stay();
	}

	#leave(visit: Visit, keep: boolean): void {
		const takesBack = !keep && visit.hasLent && !this.#isDeafTo(visit);
		visit.over = true;
		if (takesBack) this.forget();
		else this.#close(visit);
	}

	#close(visit: Visit): void {
		if (this.#open.delete(visit) && this.#open.size === 0) this.#closeSoon();
	}

	#closeSoon(): void {
		this.#stay();
		this.#cancelClosing = this.ports.clock.after(LAST_TAB_MS, () => {
			this.forget();
		});
	}

	#stay(): void {
		this.#cancelClosing?.();
		this.#cancelClosing = undefined;
	}
}
