/** A part of the program that is loaded at its first use: whoever unlocks need not wait for it. */
export class Loaded<Part extends { stop(forget: boolean): void }> {
	#part: Promise<Part> | undefined;

	constructor(private readonly load: () => Promise<Part>) {}

	/** If it does not load, the next use tries again. */
	async get(): Promise<Part> {
		this.#part ??= this.load();
		try {
			return await this.#part;
		} catch (error) {
			this.#part = undefined;
			throw error;
		}
	}

	/** What was asked for before is stopped, also if it is still on its way. */
	stop(forget = true): void {
		void this.#part?.then(
			(part) => {
				part.stop(forget);
			},
			() => undefined
		);
	}
}
