/** A restore that is being written: commit by commit, and on from where it was interrupted. */
import { ITEMS_PER_VAULT } from '#lib/api/limits.ts';
import { FaultError } from '#lib/browser/fault.ts';
import type { RestoreResult } from '#lib/browser/host.ts';
import { divided, type Addition } from '#lib/browser/restore-parts.ts';
import type { RestorePlan, RestorePreview } from '#lib/browser/restore.ts';
import type { Keyholder } from '#lib/keyholder/keyholder.ts';
import { KeyholderError } from '#lib/keyholder/errors.ts';

export class Restoring {
	#preview: RestorePreview;
	/** What is not written yet. */
	#parts: readonly (readonly Addition[])[];
	#done = 0;
	readonly #total: number;

	constructor(
		private readonly keyholder: Pick<Keyholder, 'view' | 'save'>,
		{ preview, parts }: RestorePlan
	) {
		this.#preview = preview;
		this.#parts = parts;
		this.#total = parts.reduce((sum, { length }) => sum + length, 0);
	}

	/**
	 * Writes the parts that are left. A part whose answer was lost is sent again as it was, and the
	 * keyholder does not write it twice.
	 *
	 * @param step called before each part; what it throws ends it there
	 * @throws {FaultError} `full` if a vault has no room for all of it: nothing is written then.
	 */
	async write(step: (done: number, total: number) => void): Promise<RestoreResult> {
		this.#checkRoom();
		for (let [part] = this.#parts; part !== undefined; [part] = this.#parts) {
			step(this.#done, this.#total);
			const rest = this.#parts.slice(1);
			const outcome = await this.#save(part);
			if (outcome === 'conflict') return { outcome };
			if (outcome === 'saved') {
				this.#done += part.length;
				this.#parts = rest;
				continue;
			}
			this.#parts = [...divided(part), ...rest];
			if (this.#preview.commits > 1) continue;
			// One step was announced. It is several now, and that is for the person to decide.
			this.#preview = { ...this.#preview, commits: this.#parts.length };
			return { outcome: 'divided', preview: this.#preview };
		}
		return { outcome: 'restored' };
	}

	async #save(part: readonly Addition[]): Promise<'saved' | 'conflict' | 'too-large'> {
		try {
			const { outcome } = await this.keyholder.save(part);
			return outcome;
		} catch (error) {
			const large = error instanceof KeyholderError && error.code === 'too-large';
			if (large && part.length > 1) return 'too-large';
			throw error;
		}
	}

	#checkRoom(): void {
		const left = this.#parts.flat();
		for (const { id, keys } of this.keyholder.view().vaults) {
			const size = keys.length + left.filter(({ vault }) => vault === id).length;
			if (size <= ITEMS_PER_VAULT) continue;
			throw new FaultError({ code: 'full', detail: { size, limit: ITEMS_PER_VAULT } });
		}
	}
}
