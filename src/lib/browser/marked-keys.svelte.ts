/** The keys of a list that are marked, for what is done to several at once. */
import { SvelteSet } from 'svelte/reactivity';

export class MarkedKeys {
	readonly #ids = new SvelteSet<string>();

	get size(): number {
		return this.#ids.size;
	}

	has(id: string): boolean {
		return this.#ids.has(id);
	}

	toggle(id: string): void {
		if (!this.#ids.delete(id)) this.#ids.add(id);
	}

	add(ids: Iterable<string>): void {
		for (const id of ids) this.#ids.add(id);
	}

	remove(ids: Iterable<string>): void {
		for (const id of ids) this.#ids.delete(id);
	}

	clear(): void {
		this.#ids.clear();
	}
}
