/**
 * What was saved beside a key, because another tab or device had changed that key meanwhile: told until
 * it is put away.
 */
import type { Session } from '#lib/browser/session.svelte.ts';
import type { KeyEdit, SaveResult } from '#lib/keyholder/views.ts';

export interface Beside {
	/** Keys that were saved beside others. */
	readonly count: number;
	/** Name of the key that was changed meanwhile; of the first of them. */
	readonly theirs: string;
	/** Name of the key that was saved beside it. */
	readonly mine: string;
}

export class BesideNotice {
	#told = $state.raw<Beside>();

	constructor(private readonly session: Session) {
		session.onLock(() => {
			this.putAway();
		});
	}

	get told(): Beside | undefined {
		return this.#told;
	}

	/** Tells it of a save of `edits`, once the session has looked at what came of it. */
	note(edits: readonly KeyEdit[], saved: SaveResult): void {
		const [first] = saved.outcome === 'saved' ? saved.beside : [];
		if (saved.outcome !== 'saved' || first === undefined) return;
		const mine = saved.keys.find(({ item }) => item === first)?.overview.name ?? '';
		const bases = edits.flatMap((edit) => (edit.kind === 'change' ? [edit.base.item] : []));
		// What was written in place is among the rows; what was not had been changed.
		const base = bases.find((item) => !saved.keys.some((key) => key.item === item));
		const theirs = this.session.rows.find(({ item }) => item === base)?.overview.name ?? mine;
		this.#told = { count: saved.beside.length, theirs, mine };
	}

	putAway(): void {
		this.#told = undefined;
	}
}
