/** Who wants to know when something happens. */
export class Listeners {
	#actions: readonly (() => void)[] = [];

	/** The function returned takes `action` off again. */
	add(action: () => void): () => void {
		this.#actions = [...this.#actions, action];
		return () => {
			this.#actions = this.#actions.filter((other) => other !== action);
		};
	}

	/** Runs every action, in the order in which they came. */
	tell(): void {
		for (const action of this.#actions) action();
	}
}
