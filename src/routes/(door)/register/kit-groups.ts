/** The recovery kit as groups that a person reads, and the two that are typed back. */

/** The groups of a written kit, `KH1-` left out. */
export function groupsOf(kit: string): string[] {
	return kit.split('-').slice(1);
}

/** The groups with their numbers, three in a line: a person is asked for one by its number. */
export function numberedGroups(kit: string): string {
	const numbered = groupsOf(kit).map((group, index) => `${String(index + 1)}  ${group}`);
	const lines = [0, 3, 6].map((from) => numbered.slice(from, from + 3).join('     '));
	return lines.join('\n');
}

/**
 * Two different groups to ask for, as indexes in ascending order.
 *
 * @param random two numbers from 0 up to 2^32
 */
export function twoGroups(count: number, random: readonly [number, number]): [number, number] {
	const first = random[0] % count;
	const other = (first + 1 + (random[1] % (count - 1))) % count;
	return first < other ? [first, other] : [other, first];
}

/** Whether `typed` is the group: capitals, spaces and look-alikes (O for 0, I and L for 1) aside. */
export function isGroup(typed: string, group: string): boolean {
	return plain(typed) === plain(group);
}

function plain(text: string): string {
	return text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}
