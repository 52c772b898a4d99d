/** Minutes without anybody until it locks. */
export const IDLE_CHOICES: readonly number[] = [1, 5, 15, 30, 60];
/** Seconds until a copied value is cleared. */
export const CLIPBOARD_CHOICES: readonly number[] = [10, 30, 60, 120];

/** Numbers to choose among. Another program may have chosen one that is not offered: it is shown too. */
export function choicesWith(offered: readonly number[], chosen: number): number[] {
	if (offered.includes(chosen)) return [...offered];
	return [...offered, chosen].toSorted((a, b) => a - b);
}
