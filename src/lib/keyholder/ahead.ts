/** Work on a list whose pieces wait for other threads: several are under way while one is taken. */

/**
 * What `work` makes of each of `list`, in their order; up to `most` are begun at a time, and when half
 * of these are taken as many again: threads that find the next piece waiting need not be woken for it.
 * One that fails ends it when its turn comes, whatever else was begun: what a caller sees is as if they
 * had been worked on one after another.
 */
export async function* ahead<Piece, Result>(
	list: readonly Piece[],
	most: number,
	work: (piece: Piece) => Promise<Result>
): AsyncGenerator<Result, void> {
	const begun: Promise<Result>[] = [];
	for (const piece of list) {
		const result = work(piece);
		// Nobody waits for it before its turn, and after a failure nobody does at all.
		result.catch(() => undefined);
		begun.push(result);
		if (begun.length < most) continue;
		for (const due of begun.splice(0, Math.ceil(most / 2))) yield await due;
	}
	for (const result of begun) yield await result;
}
