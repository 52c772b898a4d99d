/** Names of vaults, as people tell them apart. */

/** Whether two names are one: without what stands around them, whatever their letters' case. */
export function isSameName(one: string, other: string): boolean {
	return folded(one) === folded(other);
}

function folded(name: string): string {
	return name.normalize('NFKC').trim().toLowerCase();
}
