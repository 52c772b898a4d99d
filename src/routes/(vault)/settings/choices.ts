/** Numbers to choose among. Another program may have chosen one that is not offered: it is shown too. */
export function choicesWith(offered: readonly number[], chosen: number): number[] {
	if (offered.includes(chosen)) return [...offered];
	return [...offered, chosen].toSorted((a, b) => a - b);
}
