/** Edits that are being written: commit by commit, and on from where it was interrupted. */
import { ITEMS_PER_VAULT } from '#lib/api/limits.ts';
import { FaultError } from '#lib/browser/fault.ts';
import { divided } from '#lib/browser/restore-parts.ts';
import type { Keyholder } from '#lib/keyholder/keyholder.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';
import type { KeyEdit, KeyRow, SaveResult, SaveTries } from '#lib/keyholder/views.ts';

/** An edit that wrote a key, and the row that it left. */
export interface Written {
	readonly edit: KeyEdit;
	readonly row: KeyRow;
}

/** How far it is: edits that are in, of all, and those of the part under way that are sealed. */
export type OnPart = (done: number, total: number, sealed: number) => void;

/** Edits between two reports: a message to the page for each one would take longer than sealing. */
const STEP = 64;

export class PartWriter {
	/** What is not written yet. */
	#parts: readonly (readonly KeyEdit[])[];
	#commits: number;
	#done = 0;
	readonly #total: number;
	readonly #written: Written[] = [];

	/**
	 * @param tries what was sent before of what the first part is in the place of. Without it what the
	 * keyholder remembers of the same edits counts.
	 */
	constructor(
		private readonly keyholder: Pick<Keyholder, 'view' | 'save'>,
		parts: readonly (readonly KeyEdit[])[],
		private readonly tries?: SaveTries
	) {
		this.#parts = parts;
		this.#commits = parts.length;
		this.#total = written(parts.flat()).length;
	}

	/** Into how many commits it is divided, as far as is known. */
	get commits(): number {
		return this.#commits;
	}
	get done(): number {
		return this.#done;
	}
	get written(): readonly Written[] {
		return this.#written;
	}

	/** What is not written yet. */
	get left(): readonly KeyEdit[] {
		return this.#parts.flat();
	}

	/**
	 * Writes the parts that are left. A part whose answer was lost is sent again as it was, and the
	 * keyholder does not write it twice.
	 *
	 * @param step called before each part and while it is sealed; what it throws ends it there
	 * @returns `divided`: one commit was announced, and it does not fit into one; nothing was written.
	 * `conflict`: other devices were faster five times over.   `earlier`: what was sent before is in
	 * after all, and stands in `written`; nothing of this was.
	 * @throws {FaultError} `full` if a vault has no room for all of it: nothing is written then.
	 */
	async write(step: OnPart): Promise<'written' | 'conflict' | 'divided' | 'earlier'> {
		this.checkRoom();
		for (let [part] = this.#parts; part !== undefined; [part] = this.#parts) {
			step(this.#done, this.#total, 0);
			const rest = this.#parts.slice(1);
			const saved = await this.#save(part, step);
			if (saved === 'too-large') {
				this.#parts = [...divided(part), ...rest];
				if (this.#commits > 1) continue;
				// One step was announced. It is several now, and that is for the person to decide.
				this.#commits = this.#parts.length;
				return 'divided';
			}
			if (saved.outcome === 'conflict') return 'conflict';
			this.#keep(saved.earlier ?? part, saved.keys);
			if (saved.earlier !== undefined) return 'earlier';
			this.tries?.splice(0);
			this.#done += written(part).length;
			this.#parts = rest;
		}
		return 'written';
	}

	#keep(part: readonly KeyEdit[], rows: readonly KeyRow[]): void {
		const edits = written(part);
		for (const [index, row] of rows.entries()) {
			const edit = edits[index];
			if (edit !== undefined) this.#written.push({ edit, row });
		}
	}

	async #save(part: readonly KeyEdit[], step: OnPart): Promise<SaveResult | 'too-large'> {
		try {
			const count = written(part).length;
			const onSealed = (sealed: number) => {
				if (sealed % STEP === 0 || sealed === count) step(this.#done, this.#total, sealed);
			};
			return await this.keyholder.save(part, onSealed, this.tries);
		} catch (error) {
			const large = error instanceof KeyholderError && error.code === 'too-large';
			if (large && part.length > 1) return 'too-large';
			throw error;
		}
	}

	/** @throws {FaultError} `full` if a vault has no room for all that is left. */
	checkRoom(): void {
		const { left } = this;
		for (const { id, keys } of this.keyholder.view().vaults) {
			const added = left.filter((edit) => edit.kind === 'add' && edit.vault === id).length;
			const dropped = left.filter((edit) => edit.kind === 'drop' && edit.base.vault === id).length;
			const size = keys.length + added - dropped;
			if (added === 0 || size <= ITEMS_PER_VAULT) continue;
			throw new FaultError({ code: 'full', detail: { size, limit: ITEMS_PER_VAULT } });
		}
	}
}

/** Those that leave a row. */
function written(edits: readonly KeyEdit[]): KeyEdit[] {
	return edits.filter(({ kind }) => kind !== 'drop');
}
