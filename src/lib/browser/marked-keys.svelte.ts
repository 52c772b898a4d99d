/** The keys of a list that are marked, for what is done to several at once. */
import { NO_IDS, withIds, withoutIds } from '#lib/browser/marked-ids.ts';

export class MarkedKeys {
	#ids = $state.raw(NO_IDS);

	get size(): number {
		return this.#ids.size;
	}

	has(id: string): boolean {
		return this.#ids.has(id);
	}

	toggle(id: string): void {
		if (this.#ids.has(id)) this.remove([id]);
		else this.add([id]);
	}

	add(ids: Iterable<string>): void {
		this.#ids = withIds(this.#ids, ids);
	}

	remove(ids: Iterable<string>): void {
		this.#ids = withoutIds(this.#ids, ids);
	}

	clear(): void {
		this.#ids = NO_IDS;
	}
}
