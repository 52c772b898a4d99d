/** What was said last to screen readers; the Announcer in the root layout reads it. */
export class Speech {
	#said = $state.raw<{ readonly text: string }>();

	get said(): { readonly text: string } | undefined {
		return this.#said;
	}

	/** The same sentence twice is said twice. */
	say(text: string): void {
		this.#said = { text };
	}

	/** What was said may hold the name of a key. */
	forget(): void {
		this.#said = undefined;
	}
}
