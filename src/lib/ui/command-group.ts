/** Entries of a command box that are of one kind. */
export interface CommandGroup<Entry> {
	readonly id: string;
	readonly title: string;
	readonly entries: readonly Entry[];
}
