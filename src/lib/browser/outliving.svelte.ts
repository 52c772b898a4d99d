/**
 * Makes state that outlives the component in which it is made. What is derived in a component ends
 * with it, and says from then on what it said last: state that is kept for the next page must not.
 */
export function outliving<State>(make: () => State): State {
	let state: State | undefined;
	$effect.root(() => {
		state = make();
	});
	// Compiled for a server there are no effects, and nothing ends.
	return state ?? make();
}
