/** What a person does with whole vaults. One of it is made by each dialog that is opened. */
import { FaultError, type Fault } from '#lib/browser/fault.ts';
import type { StepUp } from '#lib/browser/security-proof.svelte.ts';
import { Work } from '#lib/browser/security-work.svelte.ts';
import type { Session } from '#lib/browser/session.svelte.ts';
import type { SaveOutcome } from '#lib/browser/wallet.svelte.ts';
import type { KeyRow, MakeVaultOutcome, VaultView } from '#lib/keyholder/views.ts';

/** Keys that are moved in one commit: each value is fetched alone, so many take their time. */
const STEP_KEYS = 20;

export interface Moving {
	readonly done: number;
	readonly total: number;
}

/** A key where it is now, and where it was. */
export interface Moved {
	readonly row: KeyRow;
	readonly from: string;
}

/** `left`: keys that stand in both vaults, because another device has changed them meanwhile. */
export type MoveOutcome =
	| {
			readonly outcome: 'moved' | 'stopped';
			readonly moved: readonly Moved[];
			readonly left: number;
	  }
	| { readonly outcome: 'conflict' | 'failed' };

export class VaultWork {
	readonly #work = new Work();
	#moving = $state.raw<Moving>();
	#stopped = false;

	/** @param onmoved is told the id that each moved key had, and what it is now */
	constructor(
		private readonly session: Session,
		private readonly stepUp: StepUp,
		private readonly onmoved: (from: string, row: KeyRow) => void = () => {}
	) {}

	get busy(): boolean {
		return this.#work.busy;
	}
	get fault(): Fault | undefined {
		return this.#work.fault;
	}
	/** How far a move is; undefined while there is none. */
	get moving(): Moving | undefined {
		return this.#moving;
	}

	async make(name: string): Promise<MakeVaultOutcome | { readonly outcome: 'failed' }> {
		const made = await this.#work.do(async () => {
			this.#checkWhole();
			const answer = await this.session.call((host) => host.makeVault(name));
			await this.session.look();
			return answer;
		});
		return made.outcome === 'done' ? made.value : { outcome: 'failed' };
	}

	async rename({ id }: VaultView, name: string): Promise<'saved' | 'conflict' | 'failed'> {
		const saved = await this.#work.do(async () => {
			this.#checkWhole();
			const answer = await this.session.call((host) => host.renameVault(id, name));
			await this.session.look();
			return answer.outcome;
		});
		return saved.outcome === 'done' ? saved.value : 'failed';
	}

	/** Drops the vault as it was shown, after the password. */
	async drop({
		id,
		seq
	}: VaultView): Promise<'dropped' | 'changed' | 'conflict' | 'cancelled' | 'failed'> {
		const dropped = await this.#work.step(async () => {
			this.#checkWhole();
			const answer = await this.stepUp.run((host) => host.dropVault(id, seq));
			await this.session.look();
			return answer;
		});
		return dropped.outcome === 'done' ? dropped.value.outcome : dropped.outcome;
	}

	/** Moves `rows`, in steps that can be stopped between. */
	async move(rows: readonly KeyRow[], target: string): Promise<MoveOutcome> {
		this.#stopped = false;
		const moved = await this.#work.do(() => this.#moveAll(rows, target));
		this.#moving = undefined;
		return moved.outcome === 'done' ? moved.value : { outcome: 'failed' };
	}

	/** Moves keys back to where each was. A conflict if one of them stands in both vaults then. */
	async moveBack(moved: readonly Moved[]): Promise<SaveOutcome> {
		const keys: KeyRow[] = [];
		let left = 0;
		for (const target of sourcesOf(moved)) {
			const rows = moved.filter(({ from }) => from === target).map(({ row }) => row);
			const back = await this.move(rows, target);
			if (back.outcome === 'conflict') return { outcome: 'conflict' };
			if (!('moved' in back)) {
				return { outcome: 'failed', fault: this.fault ?? { code: 'unexpected' } };
			}
			keys.push(...back.moved.map(({ row }) => row));
			left += back.left;
		}
		return left > 0 ? { outcome: 'conflict' } : { outcome: 'saved', keys, beside: [] };
	}

	/** Ends a move after the step that is under way. */
	stop(): void {
		this.#stopped = true;
	}

	async #moveAll(rows: readonly KeyRow[], target: string): Promise<MoveOutcome> {
		this.#checkWhole();
		const moved: Moved[] = [];
		let left = 0;
		let done = 0;
		try {
			for (const step of stepsOf(rows.filter(({ vault }) => vault !== target))) {
				this.#moving = { done, total: rows.length };
				const answer = await this.session.call((host) => host.moveKeys(step, target));
				if (answer.outcome === 'conflict') return answer;
				moved.push(...answer.keys.map((row) => ({ row, from: step[0]?.vault ?? row.vault })));
				// They come in the order in which they were asked for, where all of them did.
				if (answer.keys.length === step.length) {
					for (const [at, row] of answer.keys.entries()) this.onmoved(step[at]?.item ?? '', row);
				}
				left += answer.left;
				done += step.length;
				if (this.#stopped) return { outcome: 'stopped', moved, left };
			}
			return { outcome: 'moved', moved, left };
		} finally {
			// Whatever it ended with, the list shows what is where.
			await this.session.look();
		}
	}

	/** @throws {FaultError} while what the server sent does not verify: nothing is written then. */
	#checkWhole(): void {
		if (this.session.broken) throw new FaultError(this.session.fault ?? { code: 'integrity' });
	}
}

function sourcesOf(moved: readonly Moved[]): readonly string[] {
	const all = moved.map(({ from }) => from);
	return all.filter((from, index) => all.indexOf(from) === index);
}

/** Each step is of one vault. */
function stepsOf(rows: readonly KeyRow[]): readonly (readonly KeyRow[])[] {
	const steps: KeyRow[][] = [];
	const order = [...rows].sort((a, b) => (a.vault === b.vault ? 0 : a.vault < b.vault ? -1 : 1));
	for (const row of order) {
		const last = steps.at(-1);
		const fits = last !== undefined && last.length < STEP_KEYS && last[0]?.vault === row.vault;
		if (fits) last.push(row);
		else steps.push([row]);
	}
	return steps;
}
